"""Two absences told on one reference: the child is let go, and each return has its duties (case A6)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.moment import Moment, instant
from tests.support.entry_builder import FROM_NOTIFIED, HELD, LONG_AFTER, Telling, assessed, findings, verdicts


def at(day: int, hour: int = 10) -> str:
    """That day and hour of March."""
    return f"2026-03-{day:02}T{hour:02}:00:00Z"


def exact(text: str) -> Moment:
    """The moment of an exact time."""
    return Moment(instant(text), instant(text))


def twice(**back: Any) -> Telling:
    """Missing from the 1st to the 2nd, noticed absent on the 10th, and back on the 14th."""
    tell = Telling()
    tell("reported", at(1), left_at=at(1, 9))
    tell("returned", at(2))
    seen = {"last_seen_at": at(10, 17), "last_seen_by": "responsible_adult"}
    tell("absence-noticed", at(10, 20), **seen)
    tell("returned", at(14), **back)
    return tell


def duties(tell: Telling, rule: str = HELD) -> list[tuple[str, int | None]]:
    """The verdicts long after, each with what started its clock."""
    return [(v.verdict, v.started_by) for v in verdicts(tell, rule, instant(LONG_AFTER))]


@pytest.mark.parametrize("back", [{}, {"basis": "witnessed"}])
def test_the_later_return_lets_the_child_go(back: dict[str, Any]) -> None:
    """The episode started when it did, and the later absence stays a finding."""
    tell = twice(**back)
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.standing, state.open, state.since) == ("returned", False, exact(at(14)))
    assert state.started is not None
    assert (state.started.when, state.started.basis, state.last_seen) == (exact(at(1, 9)), "left_at", None)
    assert findings(tell) == {"after_end": [(3,)]}


def test_in_between_the_child_is_on_the_list() -> None:
    """From the moment of the later absence on."""
    open_ = [assessed(twice()).picture(instant(when)).open for when in (at(1), at(5), at(11), at(14))]
    assert open_ == [True, False, True, False]


def test_each_return_has_its_duties() -> None:
    """And an interview between the two answers the first only."""
    tell = twice()
    assert duties(tell) == [("overdue", 2), ("overdue", 4)]
    tell("interview-held", at(3))
    assert duties(tell) == [("met", 2), ("overdue", 4)]
    tell("interview-held", at(15))
    assert duties(tell) == [("met", 2), ("met", 4)]


def test_a_clock_of_its_own_starts_with_what_is_told_of_that_return() -> None:
    """Not with the notice of the return before."""
    tell = twice(by="ORG-OAKHOUSE", source="urn:x:home")
    tell("return-notified", at(3), notified_to="E08000025", by="ORG-OAKHOUSE")
    tell("return-notified", at(15), notified_to="E08000025", by="ORG-OAKHOUSE")
    started = [v.started_at for v in verdicts(tell, FROM_NOTIFIED, instant(LONG_AFTER))]
    assert [when and when.earliest for when in started][-1] == instant(at(15))


def test_each_absence_has_its_spells() -> None:
    """Where the child was reported missing again; none where the absence was only noticed."""
    assert [(s.begin, s.end) for s in assessed(twice()).spells(instant(LONG_AFTER))] == [
        (exact(at(1, 9)), exact(at(2)))
    ]
    tell = twice()
    tell("reported", at(11))
    assert [(s.type, s.begin, s.end) for s in assessed(tell).spells(instant(LONG_AFTER))] == [
        ("M", exact(at(1, 9)), exact(at(2))),
        ("M", exact(at(11)), exact(at(14))),
    ]


def test_a_reopening_sets_both_ends_aside() -> None:
    """What each started is withdrawn; the child is missing since the first report."""
    tell = twice()
    tell("episode-reopened", at(15))
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.standing, state.open) == ("missing", True)
    assert [verdict for verdict, _ in duties(tell)] == ["withdrawn", "withdrawn"]
    assert duties(tell)[0][1] == 2
    tell("returned", at(20))
    assert duties(tell)[-1] == ("overdue", 6)


def test_an_end_that_may_be_before_the_contradiction_settles_nothing() -> None:
    """The child stays on the list."""
    tell = twice()
    tell("reported", {"earliest": at(13), "latest": at(15)})
    assert assessed(tell).picture(instant(LONG_AFTER)).open


def test_three_absences_are_three_returns() -> None:
    """One after the other, for as many as there are."""
    tell = Telling()
    for day in (1, 5, 9):
        tell("reported", at(day))
        tell("returned", at(day + 1))
    assert [started for _, started in duties(tell)] == [2, 4, 6]
    assert len(assessed(tell).spells(instant(LONG_AFTER))) == 3
    assert findings(tell) == {"after_end": [(3, 5)]}

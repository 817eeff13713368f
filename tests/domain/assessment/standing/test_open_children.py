"""A missing child stays on the list: located and missing again, reopened, reported on the day of the return."""

from __future__ import annotations

from typing import Any

import pytest

from domain.moment import instant
from tests.support.entry_builder import HELD, LONG_AFTER, Telling, assessed, findings, standing, verdicts

DAY = "2026-03-02"
Told = tuple[str, str | dict[str, str], dict[str, Any]]


def told(*facts: Told | tuple[str, str | dict[str, str]]) -> Telling:
    """Several facts, one after the other."""
    tell = Telling()
    for name, when, *more in facts:
        tell(name, when, **(more[0] if more else {}))
    return tell


def duties(tell: Telling) -> list[str]:
    """The verdicts long after on holding an interview."""
    return [found.verdict for found in verdicts(tell, HELD, instant(LONG_AFTER))]


NOTICED: Told = ("absence-noticed", f"{DAY}T20:00:00Z", {})
LOCATED: Told = ("located", f"{DAY}T21:00:00Z", {})
BACK: Told = ("returned", "2026-03-04T10:00:00Z", {})


@pytest.mark.parametrize("category", ["missing", "not_known", None])
def test_located_and_reported_missing_after_that_is_missing_again(category: str | None) -> None:
    """And so the duties of the return are there."""
    said = {} if category is None else {"category": category}
    tell = told(NOTICED, LOCATED, ("reported", f"{DAY}T22:00:00Z", said))
    assert standing(tell, f"{DAY}T21:30:00Z") == "located"
    assert standing(tell) == "missing"
    tell(*BACK[:2])
    assert duties(tell) == ["overdue"]


@pytest.mark.parametrize(
    ("after", "stands"),
    [
        (("reported", f"{DAY}T22:00:00Z", {"category": "away_without_authorisation"}), "located"),
        (("reported", {"date": DAY}, {"category": "missing"}), "located"),
        (("police-notified", f"{DAY}T22:00:00Z", {}), "located"),
        (("category-assigned", f"{DAY}T22:00:00Z", {"scheme": "DfE-2014", "value": "missing"}), "located"),
        (("location-lost", f"{DAY}T22:00:00Z", {}), "missing"),
    ],
)
def test_what_does_not_surely_report_the_child_missing_again(after: Told, stands: str) -> None:
    """The child stays located, and is on the list all the same."""
    tell = told(NOTICED, LOCATED, after)
    assert (standing(tell), assessed(tell).picture(instant(LONG_AFTER)).open) == (stands, True)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [("returned", f"{DAY}T10:00:00Z")],
        [("ended-otherwise", f"{DAY}T10:00:00Z", {"reason": "remanded"})],
        [("returned", f"{DAY}T10:00:00Z"), ("police-closed", f"{DAY}T11:00:00Z")],
    ],
)  # fmt: skip
@pytest.mark.parametrize("when", [f"{DAY}T20:00:00Z", {"date": DAY}, {"latest": f"{DAY}T20:00:00Z"}])
def test_an_end_that_was_wrong_puts_the_child_on_the_list(
    before: list[Told], when: str | dict[str, str]
) -> None:
    """Also where nothing else says that the child was missing, and however roughly the time is known."""
    tell = told(*before, ("episode-reopened", when))
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.standing, state.open) == ("missing", True)
    assert state.started is not None
    assert state.started.basis == "reopened"
    tell(*BACK[:2])
    assert (standing(tell), duties(tell)[-1]) == ("returned", "overdue")


def test_where_the_report_was_retracted_it_is_as_if_it_were_late() -> None:
    """And once it is there, the child is missing from then on."""
    tell = told(("reported", "2026-03-01T10:00:00Z"), ("returned", f"{DAY}T10:00:00Z"))
    tell("episode-reopened", f"{DAY}T20:00:00Z")
    gone = tell("retracted", f"{DAY}T21:00:00Z", target=tell.about(tell[0]))
    assert standing(tell) == "missing"
    tell("retracted", f"{DAY}T21:00:00Z", target=tell.about(gone))
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert state.started is not None
    assert (state.standing, state.started.basis) == ("missing", "reported")


def test_a_report_that_may_be_after_the_return_lists_the_child_as_possibly_missing() -> None:
    """The return is known to the day; quality names the entry whose time would settle it."""
    tell = told(("reported", "2026-03-01T10:00:00Z"), ("returned", {"date": DAY}))
    assert not assessed(tell).picture(instant(LONG_AFTER)).open
    tell("reported", f"{DAY}T23:00:00Z")
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.standing, state.open, state.possibly) == ("returned", True, True)
    assert state.end_possibly_contradicted == (3,)
    assert findings(tell) == {"end_possibly_contradicted": [(3,)]}
    rough = [each for each in assessed(tell).issues if each.kind == "known_to_the_day"]
    assert {each.positions for each in rough} == {(2,)}
    assert rough[-1].rules == (), "also where no verdict depends on it"


@pytest.mark.parametrize(
    ("more", "possibly"),
    [
        (("absence-noticed", f"{DAY}T23:00:00Z", {}), True),
        (("location-lost", f"{DAY}T23:00:00Z", {}), True),
        (("reported", {"date": DAY}, {}), True),
        (("police-notified", f"{DAY}T23:00:00Z", {}), False),
        (("located", f"{DAY}T23:00:00Z", {}), False),
        (("reported", "2026-03-01T23:00:00Z", {}), False),
        (("reported", {"date": "2026-03-01"}, {}), False),
    ],
)
def test_which_reports_leave_it_open(more: Told, *, possibly: bool) -> None:
    """Second ones, whose time leaves open whether the return came first."""
    tell = told(("reported", "2026-03-01T10:00:00Z"), ("returned", {"date": DAY}), more)
    assert assessed(tell).picture(instant(LONG_AFTER)).possibly is possibly


SETTLING: list[Told] = [
    ("returned", f"{DAY}T23:30:00Z", {}),
    ("returned", "2026-03-04T10:00:00Z", {}),
    ("returned", f"{DAY}T09:00:00Z", {"basis": "witnessed"}),
]


@pytest.mark.parametrize(("settling", "is_open"), list(zip(SETTLING, [False, False, True], strict=True)))
def test_what_settles_it(settling: Told, *, is_open: bool) -> None:
    """A return surely after the report lets the child go; one surely before it makes the contradiction sure."""
    tell = told(
        ("reported", "2026-03-01T10:00:00Z"), ("returned", {"date": DAY}), ("reported", f"{DAY}T23:00:00Z")
    )
    name, when, more = settling
    tell(name, when, **more)
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.open, state.possibly) == (is_open, False)


def test_the_authority_settles_it_by_a_dispute_resolved() -> None:
    """With that report as its target; somebody else does not."""
    tell = told(
        ("reported", "2026-03-01T10:00:00Z"), ("returned", {"date": DAY}), ("reported", f"{DAY}T23:00:00Z")
    )
    about = tell.about(tell[2])
    tell("dispute-resolved", "2026-03-04T10:00:00Z", by="ORG-FOO", source="urn:x:foo", target=about)
    assert assessed(tell).picture(instant(LONG_AFTER)).possibly
    tell("dispute-resolved", "2026-03-04T10:00:00Z", target=about)
    assert not assessed(tell).picture(instant(LONG_AFTER)).open


@pytest.mark.parametrize(
    ("minutes", "basis", "since"),
    [
        (15, None, "06:40"),
        (60, None, "06:40"),
        (15, "witnessed", "06:55"),
        (61, None, None),
    ],
)
def test_police_and_home_write_different_minutes_of_one_return(
    minutes: int, basis: str | None, since: str | None
) -> None:
    """Within an hour they agree: the witnessed moment counts, else the earliest; beyond, they conflict."""
    tell = told(("reported", "2026-03-01T20:00:00Z"), ("reported", "2026-03-01T20:12:00Z"))
    tell("returned", f"{DAY}T06:40:00Z")
    hour, minute = divmod(40 + minutes, 60)
    said = {} if basis is None else {"basis": basis}
    tell("returned", f"{DAY}T{6 + hour:02}:{minute:02}:00Z", **said)
    assert (findings(tell) == {}) is (since is not None)
    counted = assessed(tell).picture(instant(LONG_AFTER)).since
    assert counted is not None
    assert counted.earliest == instant(f"{DAY}T{since or '06:40'}:00Z")
    assert len(duties(tell)) == 1


def test_what_agrees_lies_within_the_hour_of_the_first() -> None:
    """Not each within an hour of the one before it."""
    tell = told(("reported", "2026-03-01T20:00:00Z"))
    for minute in ("06:00", "06:50", "07:40"):
        tell("returned", f"{DAY}T{minute}:00Z")
    assert findings(tell) == {"ends_conflict": [(2, 3, 4)]}

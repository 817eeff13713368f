"""Whether the child was ever missing: what nobody said raises the duty, and no fact after the end takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from domain.measures.measured_episode import measured_episode
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import HELD, LONG_AFTER, Telling, assessed, verdict, verdicts

BACK = "2026-03-02T10:00:00Z"
Told = tuple[str, str, dict[str, Any]]
MISSING: Told = ("category-assigned", "2026-03-05T10:00:00Z", {"scheme": "DfE-2014", "value": "missing"})
AWAY: Told = (
    "category-assigned",
    "2026-03-05T10:00:00Z",
    {"scheme": "DfE-2014", "value": "away_without_authorisation"},
)


def returned(*more: Told) -> Telling:
    """A return that nobody reported, and then more."""
    tell = Telling()
    tell("returned", BACK)
    for name, when, data in more:
        tell(name, when, **data)
    return tell


@pytest.mark.parametrize(
    "after",
    [
        [MISSING],
        [AWAY],
        [("located", "2026-03-03T10:00:00Z", {}), ("police-notified", "2026-03-05T10:00:00Z", {})],
        [("absence-noticed", "2026-03-09T10:00:00Z", {})],
        [("episode-recorded-later", "2026-03-09T10:00:00Z", {})],
        [("risk-assessed", "2026-03-05T10:00:00Z", {"scheme": "APP-2017", "level": "low"})],
    ],
)  # fmt: skip
def test_what_is_tidied_up_after_the_end_hides_no_duty(after: list[Told]) -> None:
    """Overdue before it, and after it."""
    assert verdict(returned(), HELD).verdict == "overdue"
    found = verdict(returned(*after), HELD)
    assert (found.verdict, found.satisfied_by) == ("overdue", None)


def test_a_category_of_missing_after_the_end_leaves_it_open() -> None:
    """Somebody names it missing three days after the return: nobody knows of when that is meant."""
    found = verdict(returned(MISSING), HELD)
    assert found.condition_unknown == ("ever_missing",)


def test_away_by_every_start_and_category_is_decisive() -> None:
    """Reported away, and never anything else: no duty."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
    tell("police-notified", "2026-03-01T21:00:00Z")
    tell("returned", BACK)
    assert verdicts(tell, HELD, instant(LONG_AFTER)) == []


def test_an_absence_that_was_only_noticed_is_decisive() -> None:
    """Found before anybody was called."""
    tell = Telling()
    tell("absence-noticed", "2026-03-01T20:00:00Z")
    tell("returned", BACK)
    assert verdicts(tell, HELD, instant(LONG_AFTER)) == []


def test_away_and_called_missing_once_found_leaves_it_open() -> None:
    """Reported away, located, and only then called missing: the duty is raised, and figures cannot tell."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
    tell("absence-noticed", "2026-03-01T19:00:00Z")
    tell("located", "2026-03-01T19:30:00Z")
    tell("category-assigned", "2026-03-01T23:00:00Z", scheme="DfE-2014", value="missing")
    tell("returned", BACK)
    found = verdict(tell, HELD)
    assert (found.verdict, found.condition_unknown) == ("overdue", ("ever_missing",))
    state = measured_episode(assessed(tell), england())
    assert [span.value.states[0] for span in state if span.value.states[0] != "n"][-1] == "?"


def test_a_category_after_the_end_takes_nothing_from_a_report_after_it() -> None:
    """Away, back, and reported missing two hours later: the duty stands, with and without a category in between."""
    tell = Telling()
    tell("reported", BACK, category="away_without_authorisation")
    tell("returned", BACK)
    tell("reported", "2026-03-02T12:00:00Z", category="missing")
    assert verdict(tell, HELD).verdict == "overdue"
    tell("category-assigned", "2026-03-02T11:00:00Z", scheme="DfE-2014", value="missing")
    assert verdict(tell, HELD).verdict == "overdue"

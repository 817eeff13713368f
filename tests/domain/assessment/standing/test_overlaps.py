"""Overlaps: episodes of one person at the same time, and the finding taken anew without assessing again."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.chronology.finding import Finding
from domain.assessment.standing.overlaps import overlapped, with_overlaps
from tests.support.entry_builder import POLICE, SUBJECT, Telling, findings, missing_and_back

OTHER, THIRD = f"{POLICE}/M-9", f"{POLICE}/M-8"
LATE, OVERLAPS = Finding("recorded_late", (1,)), Finding("overlaps_episode", (), (THIRD, OTHER))


def beside_eight_to_ten(gone: str, back: str) -> Telling:
    """Missing from eight until ten in the evening by one reference; under another as given, on the same day."""
    tell = missing_and_back("2026-03-01T22:00:00Z")
    tell("reported", f"2026-03-01T{gone}:00Z", subject=OTHER, by=POLICE)
    tell("returned", f"2026-03-01T{back}:00Z", subject=OTHER, by=POLICE)
    return tell


@pytest.mark.parametrize(
    ("gone", "back", "then"),
    [
        ("18:00", "19:00", False),
        ("18:00", "20:00", False),
        ("18:00", "20:01", True),
        ("20:30", "21:00", True),
        ("21:59", "23:00", True),
        ("22:00", "23:00", False),
        ("22:30", "23:00", False),
    ],
)
def test_episodes_overlap_when_some_instant_is_in_both(gone: str, back: str, *, then: bool) -> None:
    """Back at the very instant at which the other began is not together; and each says the same of the other."""
    tell = beside_eight_to_ten(gone, back)
    assert ["overlaps_episode" in findings(tell, subject) for subject in (SUBJECT, OTHER)] == [then, then]


@pytest.mark.parametrize(
    ("left", "then"),
    [
        ({"left_at": "2026-03-01T21:59:00Z"}, True),
        ({"left_at": {"latest": "2026-03-01T21:59:00Z"}}, False),
        ({}, False),
    ],
)
def test_a_child_was_away_from_when_it_left_where_that_is_known(left: dict[str, Any], *, then: bool) -> None:
    """Else from the first fact on."""
    tell = missing_and_back("2026-03-01T22:00:00Z")
    tell("reported", "2026-03-01T23:00:00Z", subject=OTHER, by=POLICE, **left)
    assert ["overlaps_episode" in findings(tell, subject) for subject in (SUBJECT, OTHER)] == [then, then]


def test_an_end_without_a_return_ends_it_too() -> None:
    """Nobody is away any more under that reference."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    tell("ended-otherwise", "2026-03-01T22:00:00Z", reason="turned_18", whereabouts_known="yes")
    tell("reported", "2026-03-02T20:00:00Z", subject=OTHER, by=POLICE)
    assert findings(tell) == {}


def test_an_episode_in_error_overlaps_none() -> None:
    """Nor does one of which nothing tells that the child was away."""
    tell = beside_eight_to_ten("20:30", "21:00")
    tell("episode-recorded-in-error", "2026-03-02T09:00:00Z", subject=OTHER, by=POLICE)
    tell("interview-requested", "2026-03-01T20:30:00Z", subject=THIRD, by=POLICE)
    assert findings(tell) == {}


def test_the_finding_is_taken_anew_and_the_others_stay() -> None:
    """Named in order, once each; without any there is none."""
    assert with_overlaps([LATE], [OTHER, THIRD, OTHER]) == (OVERLAPS, LATE)
    assert with_overlaps([OVERLAPS, LATE], []) == (LATE,)
    assert overlapped([LATE, OVERLAPS, Finding("ends_conflict", (2,), (SUBJECT,))]) == {OTHER, THIRD}

"""Verdicts: in time, late, nobody can tell, and the three readings of the 72 hours."""

from __future__ import annotations

import pytest

from domain.moment import instant
from tests.support.entry_builder import (
    HELD,
    OFFERED,
    Telling,
    missing_and_back,
    verdict,
)

DAY = {"date": "2026-03-01"}


@pytest.mark.parametrize(
    ("held", "then"),
    [
        ("2026-03-04T22:29:59Z", "met"),
        ("2026-03-04T22:30:00Z", "met"),
        ("2026-03-04T22:30:00.000001Z", "met_late"),
        ("2026-03-04T22:30:01Z", "met_late"),
        ("2026-03-01T21:00:00Z", "met"),
    ],
)
def test_held_within_72_hours_of_the_return(held: str, then: str) -> None:
    """On the instant counts as in time; before the return too, when it belongs to the episode."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", held)
    assert verdict(tell, HELD).verdict == then


@pytest.mark.parametrize(
    ("as_at", "then"),
    [
        ("2026-03-01T22:30:00Z", "due"),
        ("2026-03-04T22:30:00Z", "due"),
        ("2026-03-04T22:30:00.000001Z", "overdue"),
        ("2026-05-01T00:00:00Z", "overdue"),
    ],
)
def test_nothing_yet(as_at: str, then: str) -> None:
    """Due to the limit and on it, overdue after."""
    assert verdict(missing_and_back("2026-03-01T22:30:00Z"), HELD, as_at).verdict == then


def test_seventy_two_hours_across_the_clock_change_are_seventy_two_hours() -> None:
    """Returned at noon on Friday, summer time begins on Sunday: due on Monday at one."""
    tell = missing_and_back("2026-03-27T12:00:00+00:00")
    due = verdict(tell, HELD, "2026-03-28T00:00:00Z").due
    assert due == (instant("2026-03-30T13:00:00+01:00"), instant("2026-03-30T13:00:00+01:00"))


class TestReturnKnownByItsDay:
    """The clock started somewhere between eight (the report) and midnight."""

    def tell(self, held: str | None = None) -> Telling:
        """Back that day, the interview at a time."""
        tell = missing_and_back(DAY)  # type: ignore[arg-type]
        if held:
            tell("interview-held", held)
        return tell

    @pytest.mark.parametrize(
        ("held", "then"),
        [
            ("2026-03-04T20:00:00Z", "met"),
            ("2026-03-04T20:00:01Z", "cannot_tell"),
            ("2026-03-05T00:00:00Z", "cannot_tell"),
            ("2026-03-05T00:00:01Z", "met_late"),
        ],
    )
    def test_only_what_straddles_cannot_be_told(self, held: str, then: str) -> None:
        """72 hours from the earliest and from the latest start."""
        assert verdict(self.tell(held), HELD).verdict == then

    @pytest.mark.parametrize(
        ("as_at", "then", "possibly"),
        [
            ("2026-03-04T20:00:00Z", "due", False),
            ("2026-03-04T21:00:00Z", "cannot_tell", True),
            ("2026-03-05T00:00:00Z", "cannot_tell", True),
            ("2026-03-05T00:00:01Z", "overdue", False),
        ],
    )
    def test_open_it_is_possibly_overdue_in_between(self, as_at: str, then: str, *, possibly: bool) -> None:
        """So that it is listed among the overdue."""
        found = verdict(self.tell(), HELD, as_at)
        assert (found.verdict, found.possibly) == (then, possibly)


@pytest.mark.parametrize(
    ("fact", "members", "offered", "held"),
    [
        ("interview-offered", {}, "met", "overdue"),
        ("interview-accepted", {}, "met", "overdue"),
        ("interview-held", {}, "met", "met"),
        ("interview-declined", {}, "met", "excused"),
        ("interview-not-possible", {"reason": "abroad"}, "excused", "excused"),
        ("interview-not-possible", {"reason": "missing_again"}, "excused", "excused"),
        ("interview-not-possible", {"reason": "not_contactable"}, "overdue", "excused"),
        ("interview-not-required", {}, "overdue", "overdue"),
        ("interview-attempted", {}, "overdue", "overdue"),
        ("interview-requested", {}, "overdue", "overdue"),
        ("carer-view-recorded", {}, "overdue", "overdue"),
        ("prevention-interview-held", {}, "overdue", "overdue"),
    ],
)
def test_what_meets_and_what_excuses(fact: str, members: dict[str, str], offered: str, held: str) -> None:
    """A declined interview was offered; a decision that none is needed excuses nothing."""
    tell = missing_and_back()
    tell(fact, "2026-03-02T09:00:00Z", **members)
    assert (verdict(tell, OFFERED).verdict, verdict(tell, HELD).verdict) == (offered, held)


def test_excused_late_and_met_late() -> None:
    """After the limit."""
    tell = missing_and_back()
    tell("interview-declined", "2026-03-20T09:00:00Z")
    assert (verdict(tell, HELD).verdict, verdict(tell, OFFERED).verdict) == ("excused_late", "met_late")


def test_met_goes_before_excused_and_both_before_the_rest() -> None:
    """Declined in time, held late: excused; held in time as well: met."""
    tell = missing_and_back()
    tell("interview-held", "2026-03-20T09:00:00Z")
    tell("interview-declined", "2026-03-02T09:00:00Z")
    assert verdict(tell, HELD).verdict == "excused"
    tell("interview-held", "2026-03-03T09:00:00Z")
    assert verdict(tell, HELD).verdict == "met"


def test_a_decision_against_it_is_shown_as_considered() -> None:
    """It excuses nothing nationally, and does not vanish."""
    tell = missing_and_back()
    decision = tell("interview-not-required", "2026-03-02T09:00:00Z")
    considered = [e.position for e in verdict(tell, HELD).evidence if e.role == "considered"]
    assert considered == [decision.position]
    before = verdict(tell, HELD, "2026-03-02T08:59:59Z").evidence
    assert not [e for e in before if e.role == "considered"]

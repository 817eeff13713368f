"""Where a child lives and how old, as far as is known: given entries, when read as at an instant, then that."""

from __future__ import annotations

import pytest

from domain.assessment.obligations.known_child import KnownChild, Placement
from domain.moment import instant
from domain.spans import at
from tests.support.entry_builder import Telling, assessed

GONE, LATER = "2026-03-01T20:00:00Z", "2026-03-02T09:00:00Z"


def known(tell: Telling, as_at: str) -> KnownChild:
    """What is known as at an instant."""
    span = at(assessed(tell).known_child, instant(as_at))
    assert span is not None
    return span.value


def band(tell: Telling, as_at: str = LATER) -> str | None:
    """The age band as at an instant."""
    started = assessed(tell).picture(instant(as_at)).started
    return known(tell, as_at).age_band(started.when if started else None)


def test_the_placement_is_the_latest_member_by_member() -> None:
    """A move changes what it names; not known takes a member away."""
    tell = Telling()
    home = {"placement_type": "childrens_home", "urn": "SC123456", "provider": "OAK", "distance": "in_area"}
    tell("reported", GONE, setting=home)
    moved = {"placement_type": "foster", "urn": "not_known", "distance": "at_a_distance"}
    tell("setting-changed", LATER, setting=moved)
    assert known(tell, GONE).placement == Placement("childrens_home", "SC123456", "OAK", "in_area")
    assert known(tell, LATER).placement == Placement("foster", None, "OAK", "at_a_distance")


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (["2014-04"], "under_12"),
        (["2012-01"], "12_to_15"),
        (["2009-12"], "16_to_17"),
        (["2008-02"], "18_and_over"),
        (["2010-03"], None),  # the birthday may be before the start or after it
        (["2012-01", "2013-01"], "12_to_15"),
        (["2012-01", "2009-01"], None),
    ],
)
def test_the_age_is_that_at_the_start_where_all_that_is_said_agrees(months, expected) -> None:
    """Months of birth that were told later count too."""
    tell = Telling()
    tell("reported", GONE)
    for month in months:
        tell("profile-recorded", LATER, birth_month=month)
    assert band(tell) == expected


def test_a_month_counts_from_when_it_was_told() -> None:
    """Before that the age is not known."""
    tell = Telling()
    tell("reported", GONE, setting={"placement_type": "foster"})
    tell("profile-recorded", LATER, birth_month="2012-01")
    assert (band(tell, GONE), band(tell)) == (None, "12_to_15")


def test_a_start_of_which_an_end_is_unknown_gives_no_age() -> None:
    """Nobody knows from when the child was away."""
    tell = Telling()
    tell("reported", GONE, left_at={"latest": "2026-03-01T19:00:00Z"}, birth_month="2012-01")
    assert band(tell) is None

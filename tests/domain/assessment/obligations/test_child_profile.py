"""What is known of a child and a placement at a moment: given entries, or what they said, then this."""

from __future__ import annotations

import pytest

from domain.assessment.obligations.child_profile import ages, area
from domain.moment import instant
from tests.support.entry_builder import AUTHORITY, HOST, Telling, assessed


class TestAges:
    """The least and the most whole years; a birthday is some day in its month."""

    @pytest.mark.parametrize(
        ("born", "then"),
        [
            ("2010-05", (16, 16)),
            ("2010-06", (15, 16)),
            ("2010-07", (15, 15)),
            ("2010-12", (15, 15)),
            ("2010", (15, 16)),
        ],
    )
    def test_in_a_month_that_has_just_begun_in_london(self, born: str, then: tuple[int, int]) -> None:
        """In UTC it is still May."""
        assert ages({"birth_month": born}, instant("2026-05-31T23:30:00Z")) == then

    def test_of_whom_nobody_said(self) -> None:
        """Nothing."""
        assert ages({"sex": "F"}, instant("2026-05-31T23:30:00Z")) is None


@pytest.mark.parametrize(
    ("known", "then"),
    [
        ({"responsible_authority": AUTHORITY, "host_authority": AUTHORITY}, "own"),
        ({"responsible_authority": AUTHORITY, "host_authority": HOST}, "hosted"),
        ({"responsible_authority": AUTHORITY, "host_authority": HOST, "distance": "in_area"}, "hosted"),
        ({"distance": "in_area"}, "own"),
        ({"distance": "adjoining"}, "hosted"),
        ({"distance": "at_a_distance"}, "hosted"),
        ({"responsible_authority": AUTHORITY, "distance": "in_area"}, "own"),
        ({"host_authority": HOST, "distance": "in_area"}, "own"),
        ({"responsible_authority": AUTHORITY}, None),
        ({}, None),
    ],
)
def test_own_or_hosted(known: dict[str, str], then: str | None) -> None:
    """By both authorities, else by the distance, else nobody can say."""
    assert area(known) == then


def test_the_latest_word_member_by_member_up_to_the_start() -> None:
    """What was said on the instant of the start still counts; "not known" unsays what was known."""
    tell = Telling()
    tell(
        "profile-recorded", "2026-02-01T09:00:00Z", sex="F", ethnicity="WBRI", setting={"legal_status": "C2"}
    )
    tell("profile-recorded", "2026-02-02T09:00:00Z", sex="M", ethnicity="not_known")
    tell("reported", "2026-03-01T20:00:00Z", birth_month="2010-06", setting={"placement_type": "foster"})
    tell("setting-changed", "2026-03-01T20:00:00Z", setting={"distance": "in_area"})
    tell("setting-changed", "2026-03-01T20:00:01Z", setting={"distance": "adjoining"})
    assert assessed(tell).profile == {
        "sex": "M",
        "birth_month": "2010-06",
        "legal_status": "C2",
        "placement_type": "foster",
        "distance": "in_area",
    }


def test_without_a_report_the_start_is_the_first_that_is_known() -> None:
    """Whatever else was said on that day."""
    tell = Telling()
    tell("profile-recorded", "2026-03-01T20:00:00Z", sex="F")
    tell("profile-recorded", "2026-03-01T20:00:01Z", sex="M")
    assert assessed(tell).profile == {"sex": "F"}


def test_an_episode_of_which_only_records_are_known_has_no_start() -> None:
    """It was linked, and nothing happened yet: nothing is known, and nothing is to be counted."""
    tell = Telling()
    tell("episodes-linked", "2026-03-02T08:00:00Z", with_=f"{AUTHORITY}/ME-2", relation="related")
    found = assessed(tell)
    assert (found.profile, found.marks, found.traces, found.obligations, found.issues) == ({}, (), (), (), ())

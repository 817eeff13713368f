"""By what figures are broken down: the place, the people and the length of an episode, as at its start."""

from __future__ import annotations

import pytest

from domain.measures.definitions import letter, named
from domain.measures.measured_episode import measured_episode
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    AUTHORITY,
    HOST,
    LONG_AFTER,
    POLICE,
    Telling,
    assessed,
    missing_and_back,
)
from tests.support.measured_stories import NO, UNSURE, YES, between, group, seen, state


def test_breakdowns_are_as_at_the_start():
    tell = Telling()
    tell(
        "profile-recorded",
        "2026-02-01T10:00:00Z",
        sex="F",
        birth_month="2010-06",
        ethnicity="WBRI",
        exploitation_flag="yes",
        setting={"placement_type": "foster", "legal_status": "C2", "responsible_authority": AUTHORITY},
    )
    tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="medium")
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("risk-assessed", "2026-03-01T23:00:00Z", scheme="APP-2017", level="high")
    tell("risk-assessed", "2026-03-02T09:00:00Z", scheme="APP-2017", level="low")
    tell("profile-recorded", "2026-03-02T10:00:00Z", sex="M", setting={"placement_type": "secure"})
    tell("returned", "2026-03-02T10:30:00Z")
    assert seen(tell).groups == (
        "2026-03",
        "foster",
        "not_known",
        "12_to_15",
        "F",
        "missing",
        "medium",
        "high",
        "not_known",
        "WBRI",
        "C2",
        "6_to_24_hours",
        "yes",
    )
    assert seen(tell).authority == AUTHORITY


def test_the_month_is_londons_and_open_when_the_start_may_lie_in_either():
    tell = Telling()
    tell(
        "reported",
        "2026-05-31T23:30:00Z",
        left_at={"earliest": "2026-05-31T23:30:00Z", "latest": "2026-05-31T23:40:00Z"},
    )
    assert group(tell, "month") == "2026-06"
    other = Telling()
    other(
        "reported",
        "2026-05-31T23:30:00Z",
        left_at={"earliest": "2026-05-31T20:30:00Z", "latest": "2026-05-31T23:20:00Z"},
    )
    assert group(other, "month") == "not_known"


def test_the_authority_is_the_one_responsible_at_the_start_wherever_the_case_goes():
    tell = missing_and_back()
    transferred = tell("responsibility-transferred", "2026-03-02T09:00:00Z", to=HOST)
    tell(
        "handover-acknowledged",
        "2026-03-02T10:00:00Z",
        by=HOST,
        source="urn:x:host",
        of=tell.about(transferred),
    )
    assert seen(tell).authority == AUTHORITY


def test_a_length_that_may_be_just_24_hours_is_open():
    tell = Telling()
    left = between("2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z")
    tell("reported", "2026-03-01T21:00:00Z", left_at=left)
    tell("returned", "2026-03-02T20:00:00Z")
    assert state(tell, "over-24-hours") == UNSURE
    assert group(tell, "duration_band") == "not_known"


def test_how_long_an_episode_lasts_by_now_is_open_while_its_start_is():
    tell = Telling()
    tell("reported", "2026-03-01T21:00:00Z", left_at=between("2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z"))
    assert state(tell, "over-24-hours", "2026-03-02T19:59:59Z") == NO
    assert state(tell, "over-24-hours", "2026-03-02T20:30:00Z") == UNSURE
    assert state(tell, "over-24-hours", "2026-03-02T21:00:00Z") == YES
    spans = measured_episode(assessed(tell), england())
    [over] = named("over-24-hours")
    assert [letter(over, span.value.states) for span in spans] == [NO, UNSURE, YES]


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("2026-03-01T01:59:59Z", "under_6_hours"), ("2026-03-01T02:00:00Z", "6_to_24_hours"),
     ("2026-03-03T20:00:00Z", "3_to_7_days"), ("2026-03-07T20:00:00Z", "over_7_days")],
)  # fmt: skip
def test_bands_of_duration(returned, expected):
    tell = Telling()
    tell("reported", "2026-02-28T20:00:00Z")
    tell("returned", returned)
    assert group(tell, "duration_band") == expected
    assert group(tell, "duration_band", "2026-02-28T21:00:00Z") == "open"


def test_an_authority_that_is_named_only_later_is_the_one_at_the_start():
    subject = f"{POLICE}/MIS-1"
    tell = Telling()
    tell("police-notified", "2026-03-01T20:10:00Z", subject=subject, by=POLICE)
    tell(
        "profile-recorded",
        "2026-03-02T10:00:00Z",
        subject=subject,
        setting={"responsible_authority": AUTHORITY, "host_authority": HOST},
    )
    assert seen(tell, "2026-03-01T21:00:00Z", subject)[:2] == ("not_known", "not_known")
    assert seen(tell, LONG_AFTER, subject)[:2] == (AUTHORITY, HOST)


def test_the_host_is_the_one_at_the_start():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting={"host_authority": HOST})
    tell("setting-changed", "2026-03-02T20:00:00Z", setting={"host_authority": "E06000001"})
    assert seen(tell).host == HOST


@pytest.mark.parametrize(
    ("left", "month", "age", "latest"),
    [
        ({"latest": "2026-03-01T19:30:00Z"}, "not_known", "not_known", "2026-03-01T19:30:00Z"),
        ({"earliest": "2026-03-01T19:00:00Z"}, "2026-03", "16_to_17", "2026-03-01T20:00:00Z"),
        (
            between("2026-01-31T19:00:00Z", "2026-03-01T19:00:00Z"),
            "not_known",
            "not_known",
            "2026-03-01T19:00:00Z",
        ),
    ],
)
def test_a_start_of_which_one_end_is_unknown_or_far_away(left, month, age, latest):
    tell = Telling()
    tell("profile-recorded", "2026-01-01T20:00:00Z", birth_month="2010-02")
    tell("reported", "2026-03-01T20:00:00Z", left_at=left)
    assert (group(tell, "month"), group(tell, "age_band")) == (month, age)
    assert seen(tell).started_latest == instant(latest)


def test_the_provider_is_who_held_it_not_who_was_to():
    tell = missing_and_back()
    tell("interview-held", "2026-03-02T12:00:00Z", provider="HELD")
    tell("interview-requested", "2026-03-03T12:00:00Z", provider="ASKED-LATER")
    assert group(tell, "provider") == "HELD"

"""Figures of where episodes stand and how they ended: still missing, unresolved, reconciled, linked, taken back."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.measures.measured_episode import measured_episode
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, HOST, POLICE, SUBJECT, Telling, missing_and_back
from tests.support.measured_stories import APART, NO, OTHER, UNSURE, YES, between, group, seen, state


def test_oversight():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    assert state(tell, "oversight-gap", "2026-03-02T10:00:00Z") == APART
    tell("oversight-recorded", "2026-03-04T10:00:00Z", reviewer_role="team_manager")
    assert state(tell, "oversight-gap", "2026-03-03T10:00:00Z") == YES
    assert state(tell, "oversight-gap", "2026-03-04T10:00:00Z") == NO


def test_who_is_missing_now_and_who_is_located():
    tell = Telling()
    tell("absence-noticed", "2026-03-01T19:00:00Z")
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("located", "2026-03-02T08:00:00Z")
    tell("returned", "2026-03-02T12:00:00Z")
    for as_at, missing, located in (
        ("2026-03-01T19:30:00Z", YES, APART),
        ("2026-03-01T20:30:00Z", YES, APART),
        ("2026-03-02T09:00:00Z", APART, YES),
        ("2026-03-02T13:00:00Z", APART, APART),
    ):
        assert state(tell, "currently-missing", as_at) == missing
        assert state(tell, "located-not-returned", as_at) == located
    assert not seen(tell).open
    assert seen(tell, "2026-03-02T09:00:00Z").open


def test_where_the_return_is_contradicted_nobody_can_tell_who_is_missing():
    tell = missing_and_back()
    tell("location-lost", "2026-03-02T12:00:00Z", source="urn:x:police", by=POLICE)
    assert state(tell, "currently-missing") == UNSURE
    assert seen(tell).open


def test_unresolved_is_no_outcome_by_ten_days_after_the_end():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    assert state(tell, "unresolved", "2026-03-11T22:30:00Z") == APART
    assert state(tell, "unresolved", "2026-03-11T22:30:01Z") == YES
    tell("interview-held", "2026-03-20T10:00:00Z")
    assert state(tell, "unresolved") == YES
    tell("interview-declined", "2026-03-11T22:30:00Z")
    assert state(tell, "unresolved") == NO


def test_unresolved_can_be_open():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-not-possible", {"earliest": "2026-03-11T00:00:00Z", "latest": "2026-03-12T00:00:00Z"})
    assert state(tell, "unresolved") == UNSURE


def test_reconciled_by_a_police_reference_or_a_linked_police_record():
    tell = missing_and_back()
    tell("police-notified", "2026-03-01T20:10:00Z", force=POLICE)
    assert state(tell, "reconciliation") == NO
    linked, given = Telling(tell), Telling(tell)
    linked("episodes-linked", "2026-03-02T10:00:00Z", with_=f"{POLICE}/MIS-1", relation="related")
    assert state(linked, "reconciliation") == YES
    given("police-notified", "2026-03-01T20:20:00Z", sealed={"reference": "00" * 32})
    assert state(given, "reconciliation") == YES


def test_what_only_the_police_have_is_not_the_authoritys_to_reconcile():
    tell = Telling()
    subject = f"{POLICE}/MIS-1"
    tell("police-notified", "2026-03-01T20:10:00Z", subject=subject, by=POLICE)
    assert state(tell, "reconciliation", subject=subject) == APART


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"responsible_authority": AUTHORITY, "host_authority": HOST}, YES),
        ({"responsible_authority": AUTHORITY, "host_authority": AUTHORITY}, NO),
        ({"distance": "at_a_distance"}, YES),
        ({}, UNSURE),
    ],
)
def test_placed_out_of_area(setting, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting=setting)
    assert state(tell, "placed-out-of-area") == expected


def test_linked_duplicates_are_one_episode():
    tell = missing_and_back()
    police = f"{POLICE}/MIS-1"
    tell("police-notified", "2026-03-01T20:10:00Z", subject=police, by=POLICE, force=POLICE)
    tell("episodes-linked", "2026-03-02T10:00:00Z", with_=police, relation="same_episode")
    tell(
        "episodes-linked",
        "2026-03-02T11:00:00Z",
        subject=police,
        by=POLICE,
        with_=SUBJECT,
        relation="same_episode",
    )
    found = [e for e in assess(tell, england()) if measured_episode(e, england())]
    assert len(found) == 1
    assert state(tell, "reconciliation") == YES


def test_one_interview_for_several_episodes_is_held_for_each_and_is_one():
    tell = missing_and_back()
    tell("reported", "2026-03-03T20:00:00Z", subject=OTHER)
    tell("returned", "2026-03-03T23:00:00Z", subject=OTHER)
    held = tell(
        "interview-held", "2026-03-05T10:00:00Z", subject=OTHER, covers=[SUBJECT], provider="LISTENING"
    )
    for subject in (SUBJECT, OTHER):
        assert state(tell, "interview-completed-of-ended", subject=subject) == YES
        assert seen(tell, subject=subject).interviews == (held.position,)
    assert state(tell, "interview-within-72h-of-held", subject=OTHER) == YES
    assert state(tell, "interview-within-72h-of-held") == NO
    assert group(tell, "provider") == "LISTENING"


def test_an_interview_of_an_episode_in_error_covers_nothing():
    tell = missing_and_back()
    tell("reported", "2026-03-03T20:00:00Z", subject=OTHER)
    tell("interview-held", "2026-03-05T10:00:00Z", subject=OTHER, covers=[SUBJECT])
    tell("episode-recorded-in-error", "2026-03-06T10:00:00Z", subject=OTHER)
    assert state(tell, "interview-completed-of-ended") == NO


def test_a_retracted_interview_was_not_held():
    tell = missing_and_back()
    held = tell("interview-held", "2026-03-02T10:00:00Z")
    tell("retracted", "2026-03-06T10:00:00Z", target=tell.about(held))
    assert state(tell, "interview-completed-of-ended") == NO
    assert seen(tell).interviews == ()


def test_reopened_it_is_no_longer_ended():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    tell("episode-reopened", "2026-03-03T10:00:00Z")
    assert state(tell, "interview-offered", "2026-03-02T12:00:00Z") == YES
    assert state(tell, "interview-offered") == APART


def test_ended_again_in_another_way_after_a_reopening():
    tell = missing_and_back()
    tell("episode-reopened", "2026-03-03T10:00:00Z")
    tell("ended-otherwise", "2026-03-04T10:00:00Z", reason="died")
    assert state(tell, "interview-offered") == APART


def test_a_summary_that_leaves_open_whether_it_was_held_resolves_nothing_and_is_no_interview():
    tell = missing_and_back()
    tell(
        "interview-summary-recorded",
        "2026-03-05T12:00:00Z",
        accepted="yes",
        learned_at=between("2026-03-05T12:00:00Z", "2026-03-05T12:00:00Z"),
    )
    assert state(tell, "unresolved") == UNSURE
    assert seen(tell).interviews == ()

"""Who may see and post to an episode, and who sees its sealed values, by the facts effective now (events.md 3)."""

from __future__ import annotations

import pytest

from domain.assessment.chronology.episode_access import SealedHandling, episode_access
from tests.support.entry_builder import AUTHORITY, HOME, HOST, POLICE, SUBJECT, Telling

PROVIDER, OTHER = "ORG-TALK", "E09000002"
THEN = "2026-03-01T10:00:00Z"


def named(tell, subject=SUBJECT):
    """The organisations that are named on a subject."""
    [access] = [each for each in episode_access(tell) if subject in each.subjects]
    return access.named[subject]


def handling(tell, entry):
    """The handling of the sealed values of an entry."""
    found = next(h for each in episode_access(tell) for p, h in each.handling.items() if p == entry.position)
    assert found.responsible == AUTHORITY
    return found._replace(responsible=None)


def test_each_part_that_names_an_organisation_gives_it_access():
    tell = Telling()
    tell("reported", THEN, setting={"responsible_authority": OTHER, "host_authority": HOST})
    tell("police-notified", THEN, force=POLICE)
    tell("interview-allocated", THEN, provider=PROVIDER)
    tell("responsibility-transferred", THEN, to="E09000003")
    assert named(tell) == {OTHER, HOST, POLICE, PROVIDER, "E09000003"}


@pytest.mark.parametrize("undo", ["retracted", "corrected"])
def test_naming_that_was_taken_back_gives_nothing_and_what_it_gave_on_goes_with_it(undo):
    tell = Telling()
    naming = tell("profile-recorded", THEN, setting={"host_authority": HOST})
    tell("police-notified", THEN, force=POLICE, by=HOST, source="urn:x:host")
    assert named(tell) == {HOST, POLICE}
    changes = {"changes": {"data": {"setting": {"host_authority": None}}}} if undo == "corrected" else {}
    tell(undo, THEN, target=tell.about(naming), **changes)
    assert named(tell) == set()


def test_a_retraction_by_somebody_not_entitled_takes_nothing_away():
    tell = Telling()
    naming = tell("police-notified", THEN, force=POLICE)
    tell("retracted", THEN, target=tell.about(naming), by=HOST, source="urn:x:host")
    assert named(tell) == {POLICE}


def test_a_retraction_that_is_retracted_takes_nothing_away():
    tell = Telling()
    naming = tell("police-notified", THEN, force=POLICE)
    gone = tell("retracted", THEN, target=tell.about(naming))
    tell("retracted", THEN, target=tell.about(gone))
    assert named(tell) == {POLICE}


def test_a_correction_names_instead():
    tell = Telling()
    naming = tell("police-notified", THEN, force=POLICE)
    tell("corrected", THEN, target=tell.about(naming), changes={"data": {"force": "E23000015"}})
    assert named(tell) == {"E23000015"}


@pytest.mark.parametrize("by", [POLICE, PROVIDER])
def test_a_force_or_a_provider_that_is_named_names_nobody_further(by):
    tell = Telling()
    tell("police-notified", THEN, force=POLICE)
    tell("interview-allocated", THEN, provider=PROVIDER)
    tell("profile-recorded", THEN, setting={"responsible_authority": OTHER}, by=by, source="urn:x:else")
    assert named(tell) == {POLICE, PROVIDER}


def test_the_organisation_of_the_subject_names_whom_it_will():
    tell = Telling()
    tell("reported", THEN, setting={"responsible_authority": AUTHORITY}, subject=f"{HOME}/1", by=HOME)
    assert named(tell, f"{HOME}/1") == {AUTHORITY}


def test_handling_is_read_as_corrected():
    tell = Telling()
    note = tell("returned", THEN)
    assert handling(tell, note) == SealedHandling()
    change = tell("corrected", THEN, target=tell.about(note), changes={"data": {"handling": "restricted"}})
    assert handling(tell, note) == SealedHandling("restricted", confined=True)
    assert handling(tell, change) == SealedHandling("restricted", confined=True)
    tell("retracted", THEN, target=tell.about(change))
    assert handling(tell, note) == SealedHandling()


def test_loosening_opens_and_confines_nothing():
    tell = Telling()
    note = tell("returned", THEN, handling="restricted")
    tell("corrected", THEN, target=tell.about(note), changes={"data": {"handling": "normal"}})
    assert handling(tell, note) == SealedHandling()


def test_loosening_by_somebody_not_entitled_has_no_effect():
    tell = Telling()
    note = tell("returned", THEN, handling="restricted")
    tell(
        "corrected",
        THEN,
        target=tell.about(note),
        changes={"data": {"handling": "normal"}},
        by=POLICE,
        source="urn:x:police",
    )
    assert handling(tell, note) == SealedHandling("restricted")


def test_what_was_retracted_is_confined_with_what_corrected_it():
    tell = Telling()
    note = tell("returned", THEN)
    change = tell("corrected", THEN, target=tell.about(note), changes={"data": {"mode": "police"}})
    tell("retracted", THEN, target=tell.about(note))
    assert handling(tell, note).confined
    assert handling(tell, change).confined


def test_a_value_that_a_correction_removes_is_named():
    tell = Telling()
    note = tell("returned", THEN, asserted_by={"role": "carer"})
    changes = {"data": {"note": None, "asserted_by": {"reference": None}}}
    tell("corrected", THEN, target=tell.about(note), changes=changes)
    assert handling(tell, note).removed == ("asserted_by/reference", "note")


def test_a_correction_of_what_is_restricted_is_restricted_too():
    tell = Telling()
    note = tell("returned", THEN, handling="restricted")
    change = tell("corrected", THEN, target=tell.about(note), changes={"data": {"mode": "police"}})
    assert handling(tell, change) == SealedHandling("restricted")


def test_an_unknown_word_counts_as_restricted():
    tell = Telling()
    assert handling(tell, tell("returned", THEN, handling="local:secret")) == SealedHandling("restricted")

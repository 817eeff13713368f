"""What is said of an episode as a whole: given entries, when assessed, then its members."""

from __future__ import annotations

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, HOME, HOST, SUBJECT, Telling, assessed, missing_and_back

GONE, LATER = "2026-03-01T20:00:00Z", "2026-03-06T09:00:00Z"
HOMES, OTHER, THIRD = f"{HOME}/INC-5", f"{AUTHORITY}/ME-2", f"{AUTHORITY}/ME-3"


def told_by_two() -> Telling:
    """One absence, as the home and as the authority tell of it; the home's word is not the last that came in."""
    tell = missing_and_back()
    named = {"setting": {"responsible_authority": AUTHORITY}}
    tell("reported", GONE, subject=HOMES, by=HOME, source="urn:x:home", **named)
    tell("interview-held", LATER)
    tell("episodes-linked", LATER, with_=HOMES, relation="same_episode")
    return tell


def test_the_version_of_each_reference_and_the_last_position() -> None:
    """In whatever order the entries are given."""
    tell = told_by_two()
    for entries in (tell, tell[::-1]):
        (episode,) = assess(entries, england())
        assert episode.subjects == (SUBJECT, HOMES)
        assert episode.versions == {SUBJECT: 4, HOMES: 1}
        assert episode.position == 5


def test_before_anything_is_told_there_is_nothing() -> None:
    """From the beginning of time to the first fact, and before that too."""
    episode = assessed(told_by_two())
    for as_at in (instant("2026-03-01T19:59:59Z"), -(2**63)):
        assert episode.picture(as_at).standing == "nothing"
    assert episode.picture(instant(GONE)).standing == "missing"


def test_what_links_name_with_others_is_not_related() -> None:
    """The second is related to the third, the first to neither."""
    tell = missing_and_back()
    for subject in (OTHER, THIRD):
        tell("reported", LATER, subject=subject)
    tell("episodes-linked", LATER, subject=OTHER, with_=THIRD, relation="related")
    assert [assessed(tell, subject).related for subject in (SUBJECT, OTHER, THIRD)] == [
        (),
        (THIRD,),
        (OTHER,),
    ]


def test_what_does_not_apply_is_told_only_on_request() -> None:
    """Away without authorisation, and so never missing."""
    tell = Telling()
    tell("reported", GONE, category="away_without_authorisation", setting={"host_authority": HOST})
    tell("returned", LATER)
    for asked in (False, True):
        (episode,) = assess(tell, england(), not_applicable=asked)
        found = {span.value.verdict for duty in episode.obligations for span in duty.verdicts}
        assert ("not_applicable" in found) is asked

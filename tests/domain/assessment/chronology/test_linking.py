"""Which references are one episode, by whose word, under which lead, and who is one person (assessment.md 1)."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    AUTHORITY,
    CHILD,
    HOME,
    HOST,
    POLICE,
    SUBJECT,
    TWIN,
    Telling,
    assessed,
    findings,
)

GONE, LATER = "2026-03-01T20:00:00Z", "2026-03-06T09:00:00Z"
ELSEWHERE, POLICES = f"{HOME}/INC-5", f"{POLICE}/M-77"
TRIPLET = "c3" * 16


def two(named: str | None = None) -> Telling:
    """One absence as the authority and as the home tell of it; the home may name who is responsible."""
    tell = Telling()
    tell("reported", GONE)
    setting = {"setting": {"responsible_authority": named}} if named else {}
    tell("reported", GONE, subject=ELSEWHERE, by=HOME, source="urn:x:home", **setting)
    return tell


def same(
    tell: Telling, with_: str = ELSEWHERE, *, subject: str = SUBJECT, by: str = AUTHORITY, **more: str
) -> int:
    """One more link that says two references are one episode; its position."""
    return tell(
        "episodes-linked", LATER, subject=subject, by=by, with_=with_, relation="same_episode", **more
    ).position


@pytest.mark.parametrize(("named", "united"), [(None, True), (AUTHORITY, True), (HOST, False)])
def test_the_far_side_agrees_by_its_responsible_authority(named: str | None, *, united: bool) -> None:
    """Where it names none, any authority may; where it names another, that one would have to."""
    tell = two(named)
    link = same(tell)
    assert (assessed(tell).subjects == (SUBJECT, ELSEWHERE)) is united
    assert findings(tell).get("not_entitled", []) == ([] if united else [(link,)])


def test_or_by_a_link_of_its_own() -> None:
    """Both sides say so."""
    tell = two(HOST)
    same(tell)
    same(tell, SUBJECT, subject=ELSEWHERE, by=HOST)
    assert assessed(tell).subjects == (SUBJECT, ELSEWHERE)
    assert findings(tell) == {}


def test_what_is_only_related_needs_no_agreement_and_unites_nothing() -> None:
    """Nor does a link to a reference of which nothing is known yet; one to itself says nothing."""
    tell = two(HOST)
    tell("episodes-linked", LATER, with_=ELSEWHERE, relation="related")
    tell("episodes-linked", LATER, with_=f"{HOST}/X-1", relation="same_episode")
    tell("episodes-linked", LATER, with_=SUBJECT, relation="same_episode")
    assert findings(tell) == {}
    assert (assessed(tell).subjects, assessed(tell).related) == ((SUBJECT,), (f"{HOST}/X-1", ELSEWHERE))


def test_links_join_one_to_the_next() -> None:
    """Three references; two links; the second made before what it names is joined to the first."""
    tell = two()
    tell("reported", GONE, subject=POLICES, by=POLICE)
    same(tell, POLICES)
    same(tell)
    assert [(e.lead, e.subjects) for e in assess(tell, england())] == [
        (SUBJECT, (SUBJECT, POLICES, ELSEWHERE))
    ]


def test_of_several_leads_asked_for_the_last_by_subject_then_moment() -> None:
    """One that is not of the episode is passed over, and so is what a reference is linked with itself."""
    tell = two()
    same(tell, lead=ELSEWHERE)
    assert assessed(tell).lead == ELSEWHERE
    tell("episodes-linked", "2026-03-05T09:00:00Z", with_=ELSEWHERE, relation="same_episode", lead=SUBJECT)
    assert assessed(tell).lead == ELSEWHERE
    tell("episodes-linked", "2026-03-07T09:00:00Z", with_=ELSEWHERE, relation="same_episode", lead=SUBJECT)
    tell("episodes-linked", "2026-03-09T09:00:00Z", with_=SUBJECT, relation="same_episode", lead=ELSEWHERE)
    assert assessed(tell).lead == SUBJECT
    tell(
        "episodes-linked",
        "2026-03-08T09:00:00Z",
        with_=ELSEWHERE,
        relation="same_episode",
        lead=f"{HOST}/X-1",
    )
    assert assessed(tell).lead == SUBJECT


def test_the_responsible_authoritys_reference_leads() -> None:
    """Whichever comes first by name."""
    tell, theirs = two(), f"{HOST}/M-1"
    tell("reported", GONE, subject=theirs, by=HOST, setting={"responsible_authority": HOST})
    tell("episodes-linked", LATER, subject=theirs, by=HOST, with_=SUBJECT, relation="same_episode")
    assert assessed(tell).subjects == (SUBJECT,)
    same(tell, theirs)
    assert (assessed(tell).lead, assessed(tell).subjects) == (theirs, (SUBJECT, theirs))


def test_without_an_authority_among_them_the_first_by_name_leads() -> None:
    """The police and the home, of a child whose authority nobody named."""
    tell = Telling()
    tell("reported", GONE, subject=POLICES, by=POLICE)
    tell("reported", GONE, subject=ELSEWHERE, by=HOME)
    same(tell, POLICES, subject=ELSEWHERE, by=HOME)
    same(tell, subject=POLICES, by=POLICE)
    assert assessed(tell, POLICES).lead == min(POLICES, ELSEWHERE)


def test_references_united_are_of_one_person() -> None:
    """Until then of two. Their children are tied, the smaller id first."""
    tell = Telling()
    tell("reported", GONE, child=TWIN)
    tell("reported", GONE, subject=ELSEWHERE, by=HOME, child=CHILD)
    assert [assessed(tell, subject).person for subject in (SUBJECT, ELSEWHERE)] == [TWIN, CHILD]
    same(tell)
    assert (assessed(tell).child, assessed(tell).person) == (TWIN, CHILD)
    assert assessed(tell).ties == ((CHILD, TWIN),)


def test_children_linked_are_tied_where_it_was_recorded() -> None:
    """One after the other they are all one person; a child linked with itself is tied to none."""
    tell = two()
    tell("child-linked", LATER, child=TWIN, same_as=CHILD)
    tell("child-linked", LATER, child=TWIN, same_as=TRIPLET)
    tell("child-linked", LATER, child=CHILD, same_as=CHILD)
    assert assessed(tell).ties == ((CHILD, TWIN), (TWIN, TRIPLET))
    assert assessed(tell, ELSEWHERE).ties == ()


def test_an_episode_moves_to_another_child_with_all_its_references() -> None:
    """Those recorded for the wrong child are not thereby the right one; the wrong child's own episode stays apart."""
    tell = two()
    same(tell)
    tell("reported", "2026-02-01T20:00:00Z", subject=POLICES, by=POLICE)
    tell("child-corrected", LATER, to=TWIN)
    assert [(e.lead, e.child, e.person) for e in assess(tell, england())] == [
        (SUBJECT, TWIN, TWIN),
        (POLICES, CHILD, CHILD),
    ]
    assert assessed(tell).ties == ()


def test_a_reference_recorded_for_a_third_child_is_of_the_person_the_episode_moves_to() -> None:
    """They are united; and each keeps a correction of its own."""
    tell = Telling()
    tell("reported", GONE, child=CHILD)
    tell("reported", GONE, subject=ELSEWHERE, by=HOME, child=TRIPLET)
    same(tell)
    tell("child-corrected", LATER, to=TWIN)
    assert (assessed(tell).child, assessed(tell).ties) == (TWIN, ((TWIN, TRIPLET),))
    tell("child-corrected", LATER, subject=ELSEWHERE, by=HOME, child=TRIPLET, to=TWIN)
    assert (assessed(tell).child, assessed(tell).ties) == (TWIN, ())


def test_ties_told_of_elsewhere_count() -> None:
    """An episode of fewer is assessed as among all."""
    tell = Telling()
    tell("reported", GONE, child=TWIN)
    (episode,) = assess(tell, england(), [(CHILD, TWIN)])
    assert (episode.child, episode.person, episode.ties) == (TWIN, CHILD, ())


def test_the_child_is_the_one_first_recorded_whatever_was_read_first() -> None:
    """By the version of the stream, until it is corrected."""
    tell = Telling()
    tell("reported", GONE, child=TWIN)
    tell("returned", LATER, child=CHILD)
    assert assessed(tell[::-1]).child == assessed(tell).child == TWIN
    tell("child-corrected", LATER, child=TWIN, to=TRIPLET)
    assert assessed(tell).child == TRIPLET

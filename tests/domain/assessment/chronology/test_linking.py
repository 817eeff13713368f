"""Which references are one episode, by whose word, under which lead, and who is one person (assessment.md 1)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.assess import assess
from domain.assessment.chronology.linking import Proposal
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


def two(named: str | None = AUTHORITY) -> Telling:
    """One absence as the authority and as the home tell of it; the home names who is responsible, or nobody."""
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


@pytest.mark.parametrize(("named", "united"), [(None, False), (AUTHORITY, True), (HOST, False)])
def test_the_far_side_agrees_by_its_responsible_authority(named: str | None, *, united: bool) -> None:
    """Where it names none, the home itself would have to; where it names another, that one."""
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
    tell("reported", GONE, subject=POLICES, by=POLICE, setting={"responsible_authority": AUTHORITY})
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
    named = {"setting": {"responsible_authority": AUTHORITY}}
    tell("reported", GONE, child=TWIN)
    tell("reported", GONE, subject=ELSEWHERE, by=HOME, child=CHILD, **named)
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


def agreed(tell: Telling) -> None:
    """Both sides say that their records are of one episode; on the home's nobody is named."""
    same(tell)
    same(tell, SUBJECT, subject=ELSEWHERE, by=HOME, source="urn:x:home")


def test_a_reference_recorded_for_a_third_child_is_of_the_person_the_episode_moves_to() -> None:
    """They are united; and whoever keeps it may correct it to the child of the others, and to no further one."""
    tell = Telling()
    homes: dict[str, Any] = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home", "child": TRIPLET}
    tell("reported", GONE, child=CHILD)
    tell("reported", GONE, **homes)
    agreed(tell)
    tell("child-corrected", LATER, to=TWIN)
    assert (assessed(tell).child, assessed(tell).ties) == (TWIN, ((TWIN, TRIPLET),))
    further = tell("child-corrected", LATER, **homes, to=CHILD)
    assert (assessed(tell).child, assessed(tell).ties) == (TWIN, ((TWIN, TRIPLET),))
    assert findings(tell) == {"not_entitled": [(further.position,)]}
    tell("child-corrected", LATER, **homes, to=TWIN)
    assert (assessed(tell).child, assessed(tell).ties) == (TWIN, ())


def test_one_of_two_keepers_moves_nothing_of_the_other() -> None:
    """A home and the police, where no authority is named: both have to say that it is another child."""
    tell = Telling()
    homes: dict[str, Any] = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home"}
    forces: dict[str, Any] = {"subject": POLICES, "by": POLICE, "source": "urn:x:police"}
    tell("reported", GONE, **homes)
    tell("reported", GONE, **forces)
    same(tell, POLICES, **homes)
    same(tell, ELSEWHERE, **forces)
    first = tell("child-corrected", LATER, **homes, to=TWIN)
    assert (assessed(tell, POLICES).subjects, assessed(tell, POLICES).child) == ((POLICES, ELSEWHERE), CHILD)
    assert findings(tell, POLICES)["not_entitled"] == [(first.position,)]
    tell("child-corrected", LATER, **forces, to=TWIN)
    assert assessed(tell, POLICES).child == TWIN
    assert "not_entitled" not in findings(tell, POLICES)


def test_what_one_side_says_is_a_proposal_to_both() -> None:
    """Shown on each of the two records, once for each that says it, until the other side says it too."""
    tell = two(None)
    link = same(tell)
    again = same(tell)
    expected = Proposal(link, AUTHORITY, SUBJECT, "same_episode", ELSEWHERE)
    for subject in (SUBJECT, ELSEWHERE):
        found = assessed(tell, subject)
        assert (found.subjects, found.related, found.proposals) == ((subject,), (), (expected,))
    assert findings(tell)["not_entitled"] == [(link,), (again,)]
    same(tell, SUBJECT, subject=ELSEWHERE, by=HOME, source="urn:x:home")
    assert (assessed(tell).subjects, assessed(tell).proposals) == ((SUBJECT, ELSEWHERE), ())
    assert "not_entitled" not in findings(tell)


@pytest.mark.parametrize("undo", ["retracted", "corrected"])
def test_consent_ends_with_the_naming_that_gave_it(undo: str) -> None:
    """The home named the authority by mistake, and takes it back: the records are apart again."""
    tell = two(AUTHORITY)
    same(tell)
    assert assessed(tell).subjects == (SUBJECT, ELSEWHERE)
    changes: dict[str, Any] = {"data": {"setting": {"responsible_authority": HOST}}}
    more = {"changes": changes} if undo == "corrected" else {}
    homes = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home"}
    tell(undo, LATER, **homes, target=tell.about(tell[1]), **more)
    assert assessed(tell).subjects == (SUBJECT,)


@pytest.mark.parametrize("earlier", ["2026-03-05T09:00:00Z", "2026-03-07T09:00:00Z"])
def test_nobody_unites_anothers_record_with_a_further_one_by_way_of_their_own(earlier: str) -> None:
    """Home and authority agree; that the home agrees with a stranger too opens nothing of the authority's."""
    tell, strange = two(None), "ORG-FOO/1"
    stranger: dict[str, Any] = {"subject": strange, "by": "ORG-FOO", "source": "urn:x:foo"}
    homes: dict[str, Any] = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home"}
    tell("reported", GONE, **stranger)
    agreed(tell)
    tell("episodes-linked", earlier, **homes, with_=strange, relation="same_episode")
    tell("episodes-linked", earlier, **stranger, with_=ELSEWHERE, relation="same_episode")
    assert assessed(tell).subjects == (SUBJECT, ELSEWHERE)
    assert assessed(tell, strange).subjects == (strange,)
    same(tell, strange)
    assert assessed(tell).subjects == (SUBJECT, ELSEWHERE), "nor by the authority alone"


def test_records_of_one_keeper_are_united_by_one_that_is_not_recorded_yet() -> None:
    """Of another keeper's the link waits: it stands for itself, and unites nothing."""
    tell = Telling()
    second, future, others = f"{AUTHORITY}/ME-2", f"{AUTHORITY}/ME-3", f"{HOST}/ME-3"
    for subject in (SUBJECT, second):
        tell("reported", GONE, subject=subject)
        same(tell, others, subject=subject)
    assert (assessed(tell).subjects, assessed(tell).related) == ((SUBJECT,), (others,))
    for subject in (SUBJECT, second):
        same(tell, future, subject=subject)
    assert assessed(tell).subjects == (SUBJECT, second)
    tell("reported", GONE, subject=others, by=HOST, source="urn:x:host")
    assert assessed(tell).related == (future,), "now its keeper can be asked"


def test_a_continuation_needs_both_sides_too() -> None:
    """It unites nothing; but until both agree neither is linked with the other."""
    tell = two(None)
    link: dict[str, Any] = {"with_": ELSEWHERE, "relation": "continuation"}
    tell("episodes-linked", LATER, **link)
    assert (assessed(tell).related, assessed(tell, ELSEWHERE).related) == ((), ())
    homes = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home"}
    tell("episodes-linked", LATER, **homes, with_=SUBJECT, relation="continuation")
    assert (assessed(tell).related, assessed(tell, ELSEWHERE).related) == ((ELSEWHERE,), (SUBJECT,))


EVIL, VICTIM = "ORG-EVIL", "E08000025"
SCHEMES = {"child_scheme": VICTIM, "same_as_scheme": VICTIM}


def two_children(keeper: str = AUTHORITY) -> Telling:
    """An episode of each of two children of one keeper."""
    tell = Telling()
    for n, child in enumerate((CHILD, TWIN)):
        tell("reported", GONE, subject=f"{keeper}/C-{n}", by=keeper, source="urn:x:own", child=child)
    return tell


def persons(tell: Telling) -> set[str]:
    """The persons of all episodes."""
    return {each.person for each in assess(tell, england())}


def test_a_stranger_links_nobodys_children() -> None:
    """On a record of its own that names one of them; the keeper sees the proposal, and may agree."""
    tell = two_children()
    link = tell("child-linked", LATER, subject=f"{EVIL}/1", by=EVIL, same_as=TWIN, **SCHEMES)
    assert persons(tell) == {CHILD, TWIN}
    expected = Proposal(link.position, EVIL, f"{EVIL}/1", "same_person")
    for subject in (f"{VICTIM}/C-0", f"{VICTIM}/C-1", f"{EVIL}/1"):
        assert assessed(tell, subject).proposals == (expected,)
    assert findings(tell, f"{EVIL}/1") == {"not_entitled": [(link.position,)]}
    own = {"subject": f"{VICTIM}/C-0", "source": "urn:x:own"}
    tell("child-linked", LATER, **own, same_as=TWIN, **SCHEMES)
    assert persons(tell) == {CHILD}


def test_an_authority_does_not_speak_for_the_child_of_another_by_a_record_of_its_own() -> None:
    """It makes up an episode of each, and links them: they are in another's scheme."""
    tell = two_children()
    for n, child in enumerate((CHILD, TWIN)):
        tell("reported", GONE, subject=f"{HOST}/E-{n}", by=HOST, child=child, source="urn:x:host")
    tell("child-linked", LATER, subject=f"{HOST}/E-0", by=HOST, same_as=TWIN, **SCHEMES)
    assert persons(tell) == {CHILD, TWIN}


def test_each_side_may_say_it_of_its_own_child() -> None:
    """Two organisations, each with a scheme of its own."""
    tell = two_children(HOME)
    schemes = {"child_scheme": HOME, "same_as_scheme": HOST}
    tell("child-linked", LATER, subject=f"{HOME}/C-0", by=HOME, same_as=TWIN, **schemes)
    assert persons(tell) == {CHILD, TWIN}
    back = {"child_scheme": HOST, "same_as_scheme": HOME}
    tell("child-linked", LATER, subject=f"{HOST}/1", by=HOST, child=TWIN, same_as=CHILD, **back)
    assert persons(tell) == {CHILD}


def test_the_responsible_authority_of_the_homes_episode_speaks_for_the_homes_child() -> None:
    """Until that episode is recorded in error: then nothing is left that makes it so."""
    tell = Telling()
    tell("reported", GONE, child=CHILD)
    homes: dict[str, Any] = {"subject": ELSEWHERE, "by": HOME, "source": "urn:x:home", "child": TWIN}
    tell("reported", GONE, **homes, setting={"responsible_authority": AUTHORITY})
    tell("child-linked", LATER, same_as=TWIN, child_scheme=AUTHORITY, same_as_scheme=HOME)
    assert persons(tell) == {CHILD}
    tell("episode-recorded-in-error", LATER, **homes | {"by": AUTHORITY})
    assert persons(tell) == {CHILD, TWIN}


def test_an_older_entry_that_says_no_scheme_counts_by_the_episodes_of_the_children() -> None:
    """Of whom nothing is recorded, nobody has to be asked for."""
    tell = two_children()
    tell("child-linked", LATER, subject=f"{VICTIM}/C-0", same_as=TWIN)
    assert persons(tell) == {CHILD}
    tell = two_children()
    tell("child-linked", LATER, subject=f"{EVIL}/1", by=EVIL, same_as=TWIN)
    assert persons(tell) == {CHILD, TWIN}


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

"""Corrections, retractions, links: entries about entries, and who may make them (assessment.md 1; events.md 3)."""

from __future__ import annotations

from typing import Any

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    AUTHORITY,
    CHILD,
    HELD,
    HOME,
    HOST,
    LONG_AFTER,
    POLICE,
    SUBJECT,
    TWIN,
    Telling,
    assessed,
    findings,
    missing_and_back,
    standing,
    verdict,
)

BACK = "2026-03-01T22:30:00Z"
LATER = "2026-03-06T09:00:00Z"
POLICE_SUBJECT, HOME_SUBJECT = f"{POLICE}/M-77", f"{HOME}/INC-5"


def returned_at(tell: Telling) -> int | None:
    """Since when the child is back, as finally known."""
    since = assessed(tell).picture(instant(LONG_AFTER)).since
    assert since is not None
    return since.earliest


class TestCorrected:
    """An earlier event said it wrongly."""

    def test_a_corrected_return_moves_a_breach_to_a_pass_and_back(self) -> None:
        """Ordering case 4."""
        tell = missing_and_back(BACK)
        tell("interview-held", "2026-03-05T10:00:00Z")
        assert verdict(tell, HELD).verdict == "met_late"
        first = tell("corrected", LATER, target=tell.about(tell[1]), changes={"time": "2026-03-02T11:00:00Z"})
        assert verdict(tell, HELD).verdict == "met"
        tell("retracted", "2026-03-07T09:00:00Z", target=tell.about(first))
        assert verdict(tell, HELD).verdict == "met_late"

    def test_it_may_arrive_before_its_target(self) -> None:
        """Until then a finding."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        changes = {"time": "2026-03-01T23:00:00Z"}
        tell("corrected", LATER, target=tell.about(("urn:x:lcs", "R1")), changes=changes)
        assert findings(tell)["target_unknown"] == [(2,)]
        tell("returned", BACK, id_="R1")
        assert returned_at(tell) == instant("2026-03-01T23:00:00Z")
        assert findings(tell) == {}

    def test_of_two_the_later_by_its_own_moment_holds_whatever_arrived_first(self) -> None:
        """Two corrections of one time."""
        tell = missing_and_back(BACK)
        tell(
            "corrected",
            "2026-03-07T09:00:00Z",
            target=tell.about(tell[1]),
            changes={"time": "2026-03-01T23:30:00Z"},
        )
        tell(
            "corrected",
            "2026-03-06T09:00:00Z",
            target=tell.about(tell[1]),
            changes={"time": "2026-03-01T21:30:00Z"},
        )
        assert returned_at(tell) == instant("2026-03-01T23:30:00Z")

    def test_members_merge_one_by_one(self) -> None:
        """Objects merge, null removes, the rest stays."""
        tell = Telling()
        setting = {"provider": "P1", "host_authority": HOST, "responsible_authority": AUTHORITY}
        wrong = tell("reported", "2026-03-01T20:00:00Z", category="missing", setting=setting)
        changes = {"data": {"setting": {"host_authority": None, "urn": "SC1"}, "category": None}}
        tell("corrected", LATER, target=tell.about(wrong), changes=changes)
        picture = assessed(tell).picture(instant(LONG_AFTER))
        assert (picture.host_authority, picture.responsible_authority) == (None, AUTHORITY)
        assert picture.category == {}

    def test_a_day_in_place_of_a_time_and_back(self) -> None:
        """Giving one drops the other."""
        tell = missing_and_back(BACK)
        changes = {"data": {"happened": {"date": "2026-03-02"}}}
        tell("corrected", LATER, target=tell.about(tell[1]), changes=changes)
        assert returned_at(tell) == instant("2026-03-02T00:00:00Z")
        tell("corrected", "2026-03-07T09:00:00Z", target=tell.about(tell[1]), changes={"time": BACK})
        assert returned_at(tell) == instant(BACK)

    def test_a_result_that_is_not_valid_leaves_the_target_as_it_was(self) -> None:
        """A required member removed; a value of another type's list; neither time nor happened."""
        for data in (
            {"reason": None},
            {"reason": "local:x", "mode": "police"},
            {"whereabouts_known": "local:x"},
        ):
            tell = Telling()
            tell("reported", "2026-03-01T20:00:00Z")
            end = tell("ended-otherwise", BACK, reason="died")
            wrong = tell("corrected", LATER, target=tell.about(end), changes={"data": data})
            assert verdict(tell, HELD).verdict == "excused"
            assert findings(tell)["correction_invalid"] == [(wrong.position,)]

    def test_a_correction_can_be_corrected(self) -> None:
        """Its changes, before they take effect."""
        tell = missing_and_back(BACK)
        first = tell("corrected", LATER, target=tell.about(tell[1]), changes={"time": "2026-03-01T23:30:00Z"})
        better = {"data": {"changes": {"time": "2026-03-01T23:45:00Z"}}}
        tell("corrected", "2026-03-07T09:00:00Z", target=tell.about(first), changes=better)
        assert returned_at(tell) == instant("2026-03-01T23:45:00Z")

    def test_a_circle_has_no_effect(self) -> None:
        """Two that target each other."""
        tell = missing_and_back(BACK)
        tell("retracted", LATER, id_="A", target=tell.about(("urn:x:lcs", "B")))
        tell("retracted", LATER, id_="B", target=tell.about(("urn:x:lcs", "A")))
        assert standing(tell) == "returned"
        assert findings(tell)["circular"] == [(3,), (4,)]


class TestEntitled:
    """From the target's source, or the responsible authority; from others a dispute."""

    def test_a_retraction_by_someone_who_is_not_entitled(self) -> None:
        """The home cannot take back what the authority said."""
        tell = missing_and_back(BACK)
        tell("retracted", LATER, target=tell.about(tell[1]), by=HOME, source="urn:x:home")
        assert standing(tell) == "returned"
        assert findings(tell)["not_entitled"] == [(3,)]
        assert assessed(tell).disputes == (3,)

    def test_a_dispute_is_listed_until_it_is_resolved(self) -> None:
        """By the responsible authority; the disputed fact stands all the while."""
        tell = missing_and_back(BACK)
        contested = tell("disputed", LATER, target=tell.about(tell[1]), by=HOME)
        assert (assessed(tell).disputes, standing(tell)) == ((contested.position,), "returned")
        tell("dispute-resolved", LATER, target=tell.about(tell[1]))
        assert assessed(tell).disputes == ()

    def test_its_own_source_may(self) -> None:
        """What one system said it may take back."""
        tell = missing_and_back(BACK, by=HOME, source="urn:x:home")
        tell("retracted", LATER, target=tell.about(tell[1]), by=HOME, source="urn:x:home")
        assert standing(tell) == "missing"

    def test_the_responsible_authority_may(self) -> None:
        """What anybody said."""
        tell = missing_and_back(BACK, by=HOME, source="urn:x:home")
        tell("retracted", LATER, target=tell.about(tell[1]))
        assert standing(tell) == "missing"

    def test_reopening_and_error_are_the_responsible_authoritys(self) -> None:
        """From others: a finding, no effect."""
        for name in ("episode-reopened", "episode-recorded-in-error"):
            tell = missing_and_back(BACK)
            tell(name, LATER, by=HOME)
            assert standing(tell) == "returned"
            assert findings(tell)["not_entitled"] == [(3,)]

    def test_nobody_hands_an_episode_to_themselves(self) -> None:
        """A transfer counts from whoever was responsible until then, or issued the reference; else it is a finding."""
        tell = missing_and_back(BACK)
        taken = tell(
            "responsibility-transferred", "2026-03-02T09:00:00Z", by=HOST, source="urn:x:host", to=HOST
        )
        tell(
            "handover-acknowledged",
            "2026-03-02T10:00:00Z",
            by=HOST,
            source="urn:x:host",
            of=tell.about(taken),
        )
        assert assessed(tell).picture(instant(LONG_AFTER)).responsible_authority == AUTHORITY
        assert findings(tell)["not_entitled"] == [(taken.position,)]
        assert assessed(tell).disputes == (taken.position,)

    def test_a_transfer_that_nobody_acknowledged_is_no_dispute_yet(self) -> None:
        """It has no effect, whoever made it."""
        tell = missing_and_back(BACK)
        tell("responsibility-transferred", "2026-03-02T09:00:00Z", by=HOST, source="urn:x:host", to=HOST)
        assert findings(tell) == {}

    def test_while_no_authority_is_named_the_subjects_namespace(self) -> None:
        """The police, of their own record."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=POLICE_SUBJECT, by=POLICE)
        tell("episode-recorded-in-error", LATER, subject=POLICE_SUBJECT, by=POLICE)
        assert standing(tell, subject=POLICE_SUBJECT) == "in_error"

    def test_it_is_judged_on_facts_as_first_recorded(self) -> None:
        """Nobody gains a say by correcting who is responsible."""
        tell = Telling()
        named = tell(
            "reported", "2026-03-01T20:00:00Z", subject=POLICE_SUBJECT, by=POLICE, source="urn:x:p",
            setting={"responsible_authority": HOST},
        )  # fmt: skip
        changes = {"data": {"setting": {"responsible_authority": AUTHORITY}}}
        tell("corrected", LATER, subject=POLICE_SUBJECT, by=POLICE, source="urn:x:p", target=tell.about(named),
             changes=changes)  # fmt: skip
        tell("episode-recorded-in-error", LATER, subject=POLICE_SUBJECT, by=AUTHORITY)
        assert standing(tell, subject=POLICE_SUBJECT) == "missing"


class TestRecordsAreCutByKnownAtOnly:
    """What a correction says of the past holds at every as_at."""

    def test_a_retraction_made_later_holds_before_it(self) -> None:
        """As at that evening, as known now, the child was not back."""
        tell = missing_and_back(BACK)
        tell("retracted", LATER, target=tell.about(tell[1]))
        assert standing(tell, "2026-03-01T23:00:00Z") == "missing"
        assert standing(tell[:2], "2026-03-01T23:00:00Z") == "returned"


def three_feeds() -> Telling:
    """Home, police and authority each tell of one disappearance; the first two name the third as responsible."""
    tell = Telling()
    named: dict[str, Any] = {"setting": {"responsible_authority": AUTHORITY}}
    tell("absence-noticed", "2026-03-01T19:00:00Z", subject=HOME_SUBJECT, by=HOME, source="urn:x:home")
    tell(
        "reported", "2026-03-01T20:00:00Z", subject=POLICE_SUBJECT, by=POLICE, source="urn:x:police", **named
    )
    tell("reported", "2026-03-02T08:00:00Z", category="missing")
    tell("returned", BACK, subject=HOME_SUBJECT, by=HOME, source="urn:x:home")
    tell("profile-recorded", BACK, subject=HOME_SUBJECT, by=HOME, source="urn:x:home", **named)
    return tell


class TestLinked:
    """Several subjects, one episode."""

    def test_apart_each_tells_its_part(self) -> None:
        """And they overlap."""
        tell = three_feeds()
        assert standing(tell, subject=HOME_SUBJECT) == "returned"
        assert standing(tell, subject=POLICE_SUBJECT) == "missing"

    def test_linked_they_are_one_under_the_responsible_authoritys_subject(self) -> None:
        """The same answer under each."""
        tell = three_feeds()
        for other in (HOME_SUBJECT, POLICE_SUBJECT):
            tell("episodes-linked", LATER, with_=other, relation="same_episode")
        episodes = assess(tell, england())
        assert [(e.lead, e.subjects) for e in episodes] == [
            (SUBJECT, (SUBJECT, POLICE_SUBJECT, HOME_SUBJECT))
        ]
        started = assessed(tell).picture(instant(BACK)).started
        assert started is not None
        assert started.when.earliest == instant("2026-03-01T19:00:00Z")
        assert standing(tell) == "returned"

    def test_retracting_a_link_parts_them_again(self) -> None:
        """By the one that linked them."""
        tell = three_feeds()
        link = tell("episodes-linked", LATER, with_=HOME_SUBJECT, relation="same_episode")
        tell("retracted", "2026-03-07T09:00:00Z", target=tell.about(link))
        assert {e.subjects for e in assess(tell, england())} == {
            (SUBJECT,),
            (POLICE_SUBJECT,),
            (HOME_SUBJECT,),
        }

    def test_of_a_reference_that_was_only_linked_nothing_is_known(self) -> None:
        """It is an episode all the same: somebody named it."""
        tell = Telling()
        tell("episodes-linked", LATER, with_=HOME_SUBJECT, relation="related")
        assert standing(tell) == "nothing"
        assert (assessed(tell).obligations, assessed(tell).order) == ((), (1,))

    def test_the_far_side_cannot_take_a_link_back(self) -> None:
        """It is settled where it was made, and the attempt is marked."""
        tell = three_feeds()
        link = tell(
            "episodes-linked", LATER, with_=HOME_SUBJECT, relation="same_episode", source="urn:x:home"
        )
        back = tell("retracted", LATER, subject=HOME_SUBJECT, source="urn:x:home", target=tell.about(link))
        assert assessed(tell).subjects == (SUBJECT, HOME_SUBJECT)
        assert findings(tell)["target_unknown"] == [(back.position,)]

    def test_a_link_asked_for_by_somebody_else_is_a_proposal(self) -> None:
        """No effect."""
        tell = three_feeds()
        tell("episodes-linked", LATER, with_=HOME_SUBJECT, relation="same_episode", by=POLICE)
        assert assessed(tell).subjects == (SUBJECT,)
        assert findings(tell)["not_entitled"] == [(6,)]

    def test_nobody_unites_anothers_episode_with_their_own(self) -> None:
        """Only a proposal: it would be theirs to read, and its child theirs to name."""
        tell, mine = missing_and_back(BACK), "ORG-FOO/1"
        foo = {"subject": mine, "by": "ORG-FOO", "source": "urn:x:foo", "child": TWIN}
        tell("reported", "2026-03-01T20:00:00Z", **foo)
        same = {"relation": "same_episode", "lead": mine}
        link = tell("episodes-linked", LATER, **foo, with_=SUBJECT, **same)
        assert (assessed(tell).subjects, assessed(tell).child) == ((SUBJECT,), CHILD)
        assert findings(tell, mine)["not_entitled"] == [(link.position,)]
        tell("episodes-linked", LATER, with_=mine, relation="same_episode")
        assert set(assessed(tell).subjects) == {SUBJECT, mine}

    def test_a_link_may_name_its_lead(self) -> None:
        """Else the responsible authority's subject, else the first by name."""
        tell = three_feeds()
        tell("episodes-linked", LATER, with_=POLICE_SUBJECT, relation="same_episode", lead=POLICE_SUBJECT)
        assert assessed(tell).lead == POLICE_SUBJECT

    def test_a_correction_reaches_its_target_only_once_they_are_linked(self) -> None:
        """Until then a finding."""
        tell = three_feeds()
        tell("retracted", LATER, target=tell.about(tell[3]))
        assert standing(tell, subject=HOME_SUBJECT) == "returned"
        assert findings(tell)["target_unknown"] == [(6,)]
        tell("episodes-linked", LATER, with_=HOME_SUBJECT, relation="same_episode")
        assert standing(tell) == "missing"


class TestChildren:
    """Whose episode it is."""

    def test_the_wrong_twin_corrected(self) -> None:
        """The episode moves to the other person."""
        tell = missing_and_back(BACK)
        tell("child-corrected", LATER, to=TWIN)
        assert (assessed(tell).child, assessed(tell).person) == (TWIN, TWIN)

    def test_not_by_someone_who_is_not_entitled(self) -> None:
        """A finding."""
        tell = missing_and_back(BACK)
        tell("child-corrected", LATER, to=TWIN, by=HOME)
        assert assessed(tell).child == CHILD
        assert findings(tell)["not_entitled"] == [(3,)]

    def test_two_references_of_one_person(self) -> None:
        """Then an interview of the one may cover an episode of the other."""
        tell = missing_and_back(BACK)
        theirs: dict[str, Any] = {"subject": POLICE_SUBJECT, "by": POLICE, "child": TWIN}
        tell("reported", "2026-03-02T20:00:00Z", **theirs, setting={"responsible_authority": AUTHORITY})
        tell(
            "interview-held",
            "2026-03-03T10:00:00Z",
            subject=POLICE_SUBJECT,
            by=POLICE,
            child=TWIN,
            covers=[SUBJECT],
        )
        assert verdict(tell, HELD).verdict == "overdue"
        tell("child-linked", LATER, same_as=TWIN)
        assert verdict(tell, HELD).verdict == "overdue", "the police could not have recorded it here"
        assert findings(tell, POLICE_SUBJECT)["covered_unknown"] == [(4,)], (
            "nor does it say that there is one"
        )
        tell("police-notified", "2026-03-01T20:30:00Z", force=POLICE)
        assert verdict(tell, HELD).verdict == "met"
        assert "not_entitled" not in findings(tell, POLICE_SUBJECT)
        assert {e.person for e in assess(tell, england())} == {min(CHILD, TWIN)}

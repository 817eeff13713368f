"""Verdicts: ends that conflict, clocks after a reopening, summaries, withdrawal and covered episodes."""

from __future__ import annotations

import pytest

from application.answers.as_json import obligation
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    AUTHORITY,
    FROM_NOTIFIED,
    HELD,
    HOST,
    OFFERED,
    POLICE,
    SUBJECT,
    Telling,
    assessed,
    missing_and_back,
    verdict,
    verdicts,
)


class TestEnds:
    """Found is a return, or an end with the whereabouts known or not said."""

    @pytest.mark.parametrize(
        ("members", "raised"),
        [
            ({"reason": "remanded"}, True),
            ({"reason": "remanded", "whereabouts_known": "yes"}, True),
            ({"reason": "turned_18", "whereabouts_known": "no"}, False),
        ],
    )
    def test_ended_otherwise(self, members: dict[str, str], *, raised: bool) -> None:
        """Found and remanded: the duty runs."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", "2026-03-01T22:30:00Z", **members)
        assert bool(verdicts(tell, HELD, instant("2026-03-02T00:00:00Z"))) is raised

    def test_a_death_excuses(self) -> None:
        """At once."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", "2026-03-01T22:30:00Z", reason="died")
        assert {verdict(tell, rule).verdict for rule in (OFFERED, HELD)} == {"excused"}

    def test_located_is_never_found(self) -> None:
        """The child is not back."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("located", "2026-03-01T22:30:00Z")
        assert assessed(tell).obligations == ()

    @pytest.mark.parametrize("category", ["missing", "away_without_authorisation"])
    def test_only_episodes_that_were_ever_missing(self, category: str) -> None:
        """Away without authorisation is not missing."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category=category)
        tell("returned", "2026-03-01T22:30:00Z")
        assert bool(assessed(tell).obligations) is (category == "missing")

    def test_a_category_not_known_decides_nothing(self) -> None:
        """The duty still stands, with its condition named."""
        tell = Telling()
        tell("category-assigned", "2026-03-01T21:00:00Z", scheme="DfE-2014", value="not_known")
        tell("returned", "2026-03-01T22:30:00Z")
        assert verdict(tell, HELD, "2026-03-02T00:00:00Z").condition_unknown == ("ever_missing",)

    def test_noticed_and_back_before_anybody_reported(self) -> None:
        """It is known how the episode began, and the child was never missing."""
        tell = Telling()
        tell("absence-noticed", "2026-03-01T20:00:00Z")
        tell("returned", "2026-03-01T22:30:00Z")
        assert assessed(tell).obligations == ()

    @pytest.mark.parametrize(
        ("assigned", "raised"), [("2026-03-01T22:30:00Z", True), ("2026-03-01T22:30:00.000001Z", False)]
    )
    def test_missing_after_the_return_is_not_ever_missing(self, assigned: str, *, raised: bool) -> None:
        """A category of the instant at which the child was back, and one dated after that."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
        tell("returned", "2026-03-01T22:30:00Z")
        tell("category-assigned", assigned, scheme="DfE-2014", value="missing")
        assert bool(assessed(tell).obligations) is raised

    def test_missing_after_the_return_and_reopened(self) -> None:
        """Then the child was missing in the episode, which went on."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
        tell("returned", "2026-03-01T22:30:00Z")
        tell("category-assigned", "2026-03-02T21:00:00Z", scheme="DfE-2014", value="missing")
        tell("episode-reopened", "2026-03-02T22:00:00Z")
        tell("returned", "2026-03-03T22:30:00Z")
        assert [v.verdict for v in verdicts(tell, HELD, instant("2026-03-04T00:00:00Z"))] == ["due"]

    @pytest.mark.parametrize(
        ("back", "raised"), [({"date": "2026-03-01"}, True), ("2026-03-01T21:29:59Z", False)]
    )
    def test_a_return_that_may_have_come_after_hides_no_duty(self, back: str, *, raised: bool) -> None:
        """Away at eight, the location lost at half past nine, back some time that day: ever missing."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
        tell("location-lost", "2026-03-01T21:30:00Z")
        tell("returned", back)
        assert bool(assessed(tell).obligations) is raised

    def test_ignorance_never_hides_a_duty(self) -> None:
        """A return with no report: ever missing cannot be decided, so it is raised and named."""
        tell = Telling()
        tell("returned", "2026-03-01T22:30:00Z")
        found = verdict(tell, HELD, "2026-03-02T00:00:00Z")
        assert (found.verdict, found.condition_unknown) == ("due", ("ever_missing",))


class TestReopenedClock:
    """The clock from notification starts with the end that counts, not with one that was set aside."""

    def test_what_was_told_before_the_reopening_starts_nothing(self) -> None:
        """Back on the first, wrongly; back on the tenth, and told of it then."""
        tell = missing_and_back(learned_at="2026-03-01T23:00:00Z")
        tell("return-notified", "2026-03-01T22:45:00Z", by=POLICE, notified_to=AUTHORITY)
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        tell("returned", "2026-03-10T08:00:00Z", learned_at="2026-03-10T09:00:00Z")
        found = verdicts(tell, FROM_NOTIFIED, instant("2026-03-10T10:00:00Z"))
        assert [v.verdict for v in found] == ["withdrawn", "due"]
        assert found[1].started_at == (instant("2026-03-10T09:00:00Z"), instant("2026-03-10T09:00:00Z"))


class TestFromNotified:
    """The third reading: from when the responsible authority learned of the return."""

    def test_nobody_says_when_it_learned_of_it(self) -> None:
        """Unknown start, whatever was held."""
        tell = missing_and_back(by=POLICE)
        tell("interview-held", "2026-03-02T09:00:00Z")
        found = verdict(tell, FROM_NOTIFIED)
        assert (found.verdict, found.started_at, found.due) == ("cannot_tell", None, None)

    def test_from_the_notification_to_it(self) -> None:
        """Two days after the return: late by the return, in time from the notification."""
        tell = missing_and_back(by=POLICE)
        told = tell("return-notified", "2026-03-03T22:30:00Z", by=POLICE, notified_to=AUTHORITY)
        tell("return-notified", "2026-03-02T10:00:00Z", by=POLICE, notified_to=HOST)
        tell("interview-held", "2026-03-06T10:00:00Z")
        found = verdict(tell, FROM_NOTIFIED)
        assert (found.verdict, found.started_by) == ("met", told.position)
        assert verdict(tell, HELD).verdict == "met_late"

    def test_from_its_own_record_of_the_return(self) -> None:
        """When it says itself when it learned; the earliest of the two counts."""
        tell = missing_and_back(learned_at="2026-03-02T09:00:00Z")
        tell("return-notified", "2026-03-03T22:30:00Z", by=POLICE, notified_to=AUTHORITY)
        started = verdict(tell, FROM_NOTIFIED).started_at
        assert started == (instant("2026-03-02T09:00:00Z"), instant("2026-03-02T09:00:00Z"))

    def test_a_hand_over_stops_no_clock_that_runs(self) -> None:
        """Who was responsible learned of it; what the next one learns later starts nothing anew."""
        tell = missing_and_back(learned_at="2026-03-01T23:00:00Z")
        tell("return-notified", "2026-03-02T08:00:00Z", by=POLICE, notified_to=AUTHORITY)
        tell("interview-held", "2026-03-02T10:00:00Z")
        transfer = tell("responsibility-transferred", "2026-03-10T09:00:00Z", to=HOST)
        tell("handover-acknowledged", "2026-03-10T10:00:00Z", by=HOST, of=tell.about(transfer))
        tell("return-notified", "2026-03-10T11:00:00Z", by=AUTHORITY, notified_to=HOST)
        for as_at in ("2026-03-09T00:00:00Z", "2026-03-11T00:00:00Z"):
            found = verdict(tell, FROM_NOTIFIED, as_at)
            assert (found.verdict, found.started_by) == ("met", 2)

    def test_the_authority_that_comes_to_be_responsible_learns_of_it(self) -> None:
        """The one before never did."""
        tell = missing_and_back(by=POLICE)
        transfer = tell("responsibility-transferred", "2026-03-10T09:00:00Z", to=HOST)
        tell("handover-acknowledged", "2026-03-10T10:00:00Z", by=HOST, of=tell.about(transfer))
        tell("returned", "2026-03-01T22:30:00Z", by=HOST, learned_at="2026-03-10T12:00:00Z")
        assert verdict(tell, FROM_NOTIFIED, "2026-03-10T09:30:00Z").verdict == "cannot_tell"
        assert verdict(tell, FROM_NOTIFIED, "2026-03-11T00:00:00Z").started_at == (
            instant("2026-03-10T12:00:00Z"),
            instant("2026-03-10T12:00:00Z"),
        )

    def test_what_another_learned_does_not_start_it(self) -> None:
        """The police knew at once."""
        tell = missing_and_back(by=POLICE, learned_at="2026-03-01T22:31:00Z")
        assert verdict(tell, FROM_NOTIFIED).verdict == "cannot_tell"


class TestSummary:
    """An undated claim from an extract."""

    def tell(self, learned: str, **claims: str) -> Telling:
        """Back, and an extract learned of then."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-summary-recorded", learned, learned_at=learned, **claims)
        return tell

    def test_learned_within_the_limit_it_is_in_time(self) -> None:
        """Some time between the start and then."""
        tell = self.tell("2026-03-03T00:00:00Z", offered="yes", held="no")
        assert (verdict(tell, OFFERED).verdict, verdict(tell, HELD, "2026-03-04T00:00:00Z").verdict) == (
            "met",
            "due",
        )

    def test_learned_later_nobody_can_tell(self) -> None:
        """Offered, but nobody says when."""
        tell = self.tell("2026-04-01T00:00:00Z", offered="yes", accepted="no")
        assert verdict(tell, OFFERED).verdict == "cannot_tell"
        assert verdict(tell, HELD).verdict == "overdue"

    @pytest.mark.parametrize("claim", ["offered", "accepted", "held"])
    def test_each_claim_means_that_it_was_offered(self, claim: str) -> None:
        """Nobody accepts what was not offered."""
        assert verdict(self.tell("2026-03-03T00:00:00Z", **{claim: "yes"}), OFFERED).verdict == "met"

    @pytest.mark.parametrize("claim", ["no", "not_applicable", "not_known"])
    def test_other_claims_satisfy_nothing(self, claim: str) -> None:
        """Only yes."""
        assert verdict(self.tell("2026-03-03T00:00:00Z", offered=claim), OFFERED).verdict == "overdue"


class TestWithdrawn:
    """The trigger, or the episode, is in error, retracted or reopened."""

    def test_reopened(self) -> None:
        """From the moment of the reopening on."""
        tell = missing_and_back()
        tell("episode-reopened", "2026-03-03T09:00:00Z")
        assert verdict(tell, HELD, "2026-03-03T08:59:59Z").verdict == "due"
        assert verdict(tell, HELD, "2026-03-03T09:00:00Z").verdict == "withdrawn"

    def test_a_second_return_starts_its_own(self) -> None:
        """The first stays withdrawn."""
        tell = missing_and_back()
        tell("episode-reopened", "2026-03-03T09:00:00Z")
        tell("returned", "2026-03-10T09:00:00Z")
        found = verdicts(tell, HELD, instant("2026-03-11T00:00:00Z"))
        assert [v.verdict for v in found] == ["withdrawn", "due"]

    def test_retracted(self) -> None:
        """At every as_at, with the retraction as the reason."""
        tell = missing_and_back()
        retraction = tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[1]))
        found = verdict(tell, HELD, "2026-03-02T00:00:00Z")
        assert (found.verdict, found.evidence[-1].position) == ("withdrawn", retraction.position)

    def test_an_episode_in_error(self) -> None:
        """All its obligations, whatever was met."""
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z")
        tell("episode-recorded-in-error", "2026-03-03T09:00:00Z")
        assert {span.value.verdict for o in assessed(tell).obligations for span in o.verdicts} == {
            "withdrawn"
        }


class TestCovers:
    """One interview, several episodes."""

    OTHER = f"{AUTHORITY}/ME-2"

    def tell(self) -> Telling:
        """Two episodes, one interview on the second that covers the first."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("reported", "2026-03-02T20:00:00Z", subject=self.OTHER)
        tell("returned", "2026-03-02T23:00:00Z", subject=self.OTHER)
        tell("interview-held", "2026-03-04T10:00:00Z", subject=self.OTHER, covers=[SUBJECT])
        return tell

    def test_it_meets_the_duty_of_each(self) -> None:
        """Its own is always covered."""
        tell = self.tell()
        assert verdict(tell, HELD).verdict == verdict(tell, HELD, subject=self.OTHER).verdict == "met"
        assert verdict(tell, HELD).satisfied_by == 5

    def test_not_when_its_episode_was_in_error(self) -> None:
        """Then there was no such interview."""
        tell = self.tell()
        tell("episode-recorded-in-error", "2026-03-05T00:00:00Z", subject=self.OTHER)
        assert verdict(tell, HELD).verdict == "overdue"

    def test_another_persons_episode_is_not_covered(self) -> None:
        """A finding, and no effect."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("reported", "2026-03-02T20:00:00Z", subject=self.OTHER, child="dd" * 16)
        tell("interview-held", "2026-03-04T10:00:00Z", subject=self.OTHER, child="dd" * 16, covers=[SUBJECT])
        assert verdict(tell, HELD).verdict == "overdue"
        assert ("covered_unknown", (4,)) in [f[:2] for f in assessed(tell, self.OTHER).findings]


def test_the_holder_is_who_was_responsible_at_the_due_moment() -> None:
    """A later hand-over does not move a duty that fell due before it."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    transfer = tell("responsibility-transferred", "2026-03-10T09:00:00Z", to=HOST)
    tell("handover-acknowledged", "2026-03-10T10:00:00Z", of=tell.about(transfer))
    assert verdict(tell, HELD).holder == AUTHORITY
    early = missing_and_back("2026-03-01T22:30:00Z")
    transfer = early("responsibility-transferred", "2026-03-02T09:00:00Z", to=HOST)
    early("handover-acknowledged", "2026-03-02T10:00:00Z", of=early.about(transfer))
    assert verdict(early, HELD).holder == HOST


class TestExplanation:
    """One sentence with the arithmetic, in local time."""

    def said(self, tell: Telling, rule: str = HELD, as_at: str = "2026-03-20T00:00:00Z") -> str:
        """The sentence of the one obligation under a rule."""
        duty = next(o for o in assessed(tell).obligations if o.rule == rule)
        return str(obligation(duty, verdict(tell, rule, as_at), england()).json["explanation"])

    def test_late(self) -> None:
        """By how much."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-held", "2026-03-05T10:00:00Z")
        assert self.said(tell) == (
            "The child returned on 1 March 2026 22:30. A return interview was held on 5 March 2026 10:00,"
            " 3 days 11 h after the return: 11 h 30 min late (limit 72 hours)."
        )

    def test_in_local_time(self) -> None:
        """Summer time, also across the change."""
        tell = missing_and_back("2026-03-28T12:00:00Z")
        tell("interview-held", "2026-03-29T12:00:00Z")
        assert self.said(tell, as_at="2026-04-01T00:00:00Z") == (
            "The child returned on 28 March 2026 12:00. A return interview was held on 29 March 2026 13:00,"
            " 24 h after the return: in time (limit 72 hours)."
        )

    def test_the_hour_that_comes_twice_is_told_apart(self) -> None:
        """Half past one in summer time, and again in winter time."""
        tell = Telling()
        tell("reported", "2025-10-25T20:00:00Z")
        tell("returned", "2025-10-26T00:30:00Z")
        tell("interview-held", "2025-10-26T01:30:00Z")
        assert self.said(tell, as_at="2025-10-27T00:00:00Z") == (
            "The child returned on 26 October 2025 01:30 BST. A return interview was held on 26 October 2025 01:30 GMT,"
            " 1 h after the return: in time (limit 72 hours)."
        )

    def test_open(self) -> None:
        """Due by, overdue since, and what would settle it."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        answers = "The responsible authority answers for it."
        due = "Due by 4 March 2026 22:30 (limit 72 hours)."
        assert self.said(tell, as_at="2026-03-02T00:00:00Z").endswith(f"{due} {answers}")
        assert self.said(tell).endswith(f"Overdue since 4 March 2026 22:30 (limit 72 hours). {answers}")
        by_day = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]
        assert self.said(by_day, as_at="2026-03-05T12:00:00Z") == (
            "The child returned on 2 March 2026, time not known. No return interview has been held."
            " Possibly overdue (limit 72 hours): the limit lies between 5 March 2026 00:00 and 6 March 2026 00:00."
            " The time of the return is known only by its day. The exact time would settle it."
            " The responsible authority answers for it."
        )

    def test_unknown_start_and_unknown_condition(self) -> None:
        """Said in words."""
        tell = Telling()
        tell("returned", "2026-03-01T22:30:00Z", by=POLICE)
        assert self.said(tell, FROM_NOTIFIED) == (
            "No record says when the responsible authority was notified of it. No return interview has been held."
            " Cannot tell when it is due. A record of that time would settle it."
            " Whether the child was ever missing is not recorded, so the duty stands."
            " The responsible authority answers for it."
        )

    def test_earlier(self) -> None:
        """Held before the return."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-held", "2026-03-01T21:00:00Z")
        assert "1 h 30 min before the return" in self.said(tell)

"""Duties: their limits, and what starts them."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.moment import FOREVER, instant
from domain.rules.rulebook import parse
from tests.support.entry_builder import AUTHORITY, POLICE, Telling, missing_and_back, weighed
from tests.support.judged_rules import HEAD, RETURNED, RULE, judged, one

STRATEGY = 'met_by = [{ fact = "strategy-discussion-held" }]\n'


class TestLimits:
    """Elapsed hours, calendar days, working days, none."""

    @pytest.mark.parametrize(
        ("as_at", "then"), [("2026-04-01T23:00:00Z", "due"), ("2026-04-01T23:00:00.000001Z", "overdue")]
    )
    def test_days_end_with_the_nth_london_day_after(self, as_at: str, then: str) -> None:
        """Three days after a return on 29 March, the day the clocks change: to the end of 1 April, 23:00 UTC."""
        tell = missing_and_back("2026-03-29T09:00:00Z")
        assert one(tell, RETURNED + "limit = { days = 3 }", as_at) == then

    @pytest.mark.parametrize(
        ("as_at", "then"), [("2026-04-08T23:00:00Z", "due"), ("2026-04-08T23:00:01Z", "overdue")]
    )
    def test_working_days_pass_over_weekends_and_bank_holidays(self, as_at: str, then: str) -> None:
        """From Wednesday before Easter 2026: Thursday, then Tuesday and Wednesday after Easter Monday."""
        tell = missing_and_back("2026-04-01T09:00:00Z")
        limit = 'limit = { working_days = 3, calendar = "england-and-wales" }'
        assert one(tell, RETURNED + limit, as_at) == then

    def test_beyond_the_calendar_nobody_can_tell(self) -> None:
        """A calendar knows no further than its last day."""
        tell = Telling()
        tell("reported", "2028-12-20T09:00:00Z", recorded="2029-06-01T00:00:00Z")
        tell("returned", "2028-12-29T09:00:00Z", recorded="2029-06-01T00:00:00Z")
        limit = 'limit = { working_days = 5, calendar = "england-and-wales" }'
        assert one(tell, RETURNED + limit, "2029-06-01T00:00:00Z") == "cannot_tell"

    def test_without_a_limit_it_is_due_until_it_is_done(self) -> None:
        """Never overdue, and never late."""
        tell = missing_and_back()
        assert one(tell, RETURNED, "2026-05-01T00:00:00Z") == "due"
        tell("interview-held", "2026-05-02T00:00:00Z")
        assert one(tell, RETURNED, "2026-05-03T00:00:00Z") == "met"

    def test_a_day_known_return_gives_two_ends_of_days(self) -> None:
        """On the evening of the report, or by midnight: the third day after, or the fourth."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]
        (found,) = judged(tell, RETURNED + "limit = { days = 3 }", "2026-03-06T12:00:00Z")
        assert (found.verdict, found.possibly) == ("cannot_tell", True)
        assert found.due == (instant("2026-03-06T00:00:00Z"), instant("2026-03-07T00:00:00Z"))


class TestStarts:
    """On facts and their times, on being missing for hours, on the Nth episode within days."""

    def test_on_a_fact_with_a_value(self) -> None:
        """A high risk starts it, each time; a strategy discussion before it satisfies it too."""
        rule = (
            'starts = [{ fact = "risk-assessed", where = { level = ["high"] } }]\nlimit = { hours = 24 }\n'
            + STRATEGY
        )
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="medium")
        high = tell("risk-assessed", "2026-03-02T09:00:00Z", scheme="APP-2017", level="high")
        (found,) = judged(tell, rule, "2026-03-03T09:00:01Z")
        assert found.verdict == "overdue"
        assert weighed(found) == ((high.position, "started", "risk-assessed", "what started it"),)
        tell("strategy-discussion-held", "2026-03-03T09:00:00Z")
        assert one(tell, rule, "2026-03-03T09:00:01Z") == "met"

    @pytest.mark.parametrize(("by", "count"), [(AUTHORITY, 1), (POLICE, 0)])
    def test_on_a_fact_of_the_responsible_authority(self, by: str, count: int) -> None:
        """Another's word starts nothing."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="high", by=by)
        rule = 'starts = [{ fact = "risk-assessed", by = "@responsible_authority" }]\n' + STRATEGY
        assert len(judged(tell, rule, "2026-03-02T00:00:00Z")) == count

    def test_on_its_own_word_of_a_return_that_another_saw(self) -> None:
        """The police's counts, being witnessed; the authority's, which agrees, starts the duty."""
        tell = missing_and_back(by=POLICE, basis="witnessed")
        rule = RETURNED.replace('"returned"', '"returned", by = "@responsible_authority"')
        assert judged(tell, rule, "2026-03-02T00:00:00Z") == []
        tell("returned", "2026-03-01T22:30:00Z")
        (found,) = judged(tell, rule, "2026-03-02T00:00:00Z")
        assert sorted(weighed(found)) == [
            (2, "started", "returned", "says the same end"),
            (3, "started", "returned", "the end that started it"),
        ]

    def test_on_the_narrowest_of_the_ends_that_agree(self) -> None:
        """Which need not be the one that may have come first."""
        tell = missing_and_back({"date": "2026-03-01"})  # type: ignore[arg-type]
        tell("returned", "2026-03-01T22:30:00Z", source="urn:x:home")
        (found,) = judged(tell, RETURNED, "2026-03-02T00:00:00Z")
        assert weighed(found) == (
            (2, "started", "returned", "says the same end"),
            (3, "started", "returned", "the end that started it"),
        )

    def test_on_a_named_time_of_a_fact(self) -> None:
        """From when an interview was scheduled for, not from when that was agreed."""
        rule = 'starts = [{ fact = "interview-scheduled", time = "for_at" }]\nlimit = { hours = 24 }\n'
        tell = missing_and_back()
        tell("interview-scheduled", "2026-03-02T09:00:00Z", for_at="2026-03-04T09:00:00Z")
        met = 'met_by = [{ fact = "interview-held" }]\n'
        assert one(tell, rule + met, "2026-03-05T09:00:00Z") == "due"
        assert one(tell, rule + met, "2026-03-05T09:00:01Z") == "overdue"

    def test_on_a_named_time_of_which_only_the_end_is_known(self) -> None:
        """Then from when the fact itself happened, at the earliest."""
        rule = 'starts = [{ fact = "interview-scheduled", time = "for_at" }]\nlimit = { hours = 24 }\n'
        tell = missing_and_back()
        tell("interview-scheduled", "2026-03-02T09:00:00Z", for_at={"latest": "2026-03-04T09:00:00Z"})
        (found,) = judged(tell, rule + STRATEGY, "2026-03-03T09:00:00Z")
        assert found.started_at == (instant("2026-03-02T09:00:00Z"), instant("2026-03-04T09:00:00Z"))

    def test_on_a_named_time_before_all_that_is_known(self) -> None:
        """Whoever answers first answers for what fell due before that."""
        rule = 'starts = [{ fact = "interview-scheduled", time = "for_at" }]\nlimit = { hours = 24 }\n'
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("interview-scheduled", "2026-03-02T09:00:00Z", for_at="2026-02-01T09:00:00Z")
        (found,) = judged(tell, rule + STRATEGY, "2026-03-03T09:00:00Z")
        assert (found.verdict, found.holder) == ("overdue", AUTHORITY)

    MISSING_24 = "starts = { missing_for_hours = 24 }\nlimit = { hours = 48 }\n" + STRATEGY

    def test_on_being_missing_for_hours(self) -> None:
        """Not before, and it stays a duty when the child is found afterwards."""
        tell = missing_and_back("2026-03-03T10:00:00Z")
        assert judged(tell, self.MISSING_24, "2026-03-02T19:59:59Z") == []
        (found,) = judged(tell, self.MISSING_24, "2026-03-02T20:00:00Z")
        assert found.verdict == "due"
        assert weighed(found) == ((1, "started", "reported", "missing from then on"),)
        assert one(tell, self.MISSING_24, "2026-03-04T20:00:01Z") == "overdue"

    def test_found_on_the_very_hour(self) -> None:
        """Missing until then, and no longer; and where the report may be later, perhaps not so long."""
        found = judged(missing_and_back("2026-03-02T20:00:00Z"), self.MISSING_24, "2026-03-05T00:00:00Z")
        assert found == []
        for back, unknown in (
            ("2026-03-03T00:00:00Z", ("missing_for_24_hours",)),
            ("2026-03-03T00:00:01Z", ()),
        ):
            tell = Telling()
            tell("reported", {"date": "2026-03-01"})
            tell("returned", back)
            (duty,) = judged(tell, self.MISSING_24, "2026-03-05T00:00:00Z")
            assert duty.condition_unknown == unknown

    @pytest.mark.parametrize("found_by", ["returned", "located"])
    def test_found_some_time_on_a_day(self, found_by: str) -> None:
        """Perhaps before the hour and perhaps after it: the duty is raised, and what is not known is named."""
        for day, unknown in (("01", None), ("02", ("missing_for_24_hours",)), ("03", ())):
            tell = Telling()
            tell("reported", "2026-03-01T20:00:00Z")
            tell(found_by, {"date": f"2026-03-{day}"})
            found = judged(tell, self.MISSING_24, "2026-03-05T00:00:00Z")
            assert [duty.condition_unknown for duty in found] == ([] if unknown is None else [unknown])

    @pytest.mark.parametrize(
        ("back", "known"),
        [("2026-03-02T08:00:00Z", "2026-03-03T12:00:00Z"), ("2026-03-02T22:00:00Z", "2026-03-02T20:00:00Z")],
    )
    def test_an_end_that_was_set_aside_interrupts_nothing(self, back: str, known: str) -> None:
        """Missing all along, from the report on: known from the reopening on, if not before; and one duty."""
        tell = missing_and_back(back)
        tell("episode-reopened", "2026-03-03T12:00:00Z")
        (duty,) = assess(tell, parse(HEAD + RULE + self.MISSING_24))[0].obligations
        due = instant("2026-03-04T20:00:00Z")
        assert [(s.start, s.end, s.value.verdict) for s in duty.verdicts] == [
            (instant(known), due + 1, "due"),
            (due + 1, FOREVER, "overdue"),
        ]
        assert duty.verdicts[0].value.started_at == (instant("2026-03-02T20:00:00Z"),) * 2

    def test_what_is_learned_of_a_missing_child_does_not_interrupt(self) -> None:
        """Assessed, and assessed again, before the hour and after it."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        for hour, level in (("06", "low"), ("14", "high"), ("21", "medium")):
            tell("risk-assessed", f"2026-03-02T{hour}:00:00Z", scheme="APP-2017", level=level)
        assert judged(tell, self.MISSING_24, "2026-03-02T19:59:59Z") == []
        (found,) = judged(tell, self.MISSING_24, "2026-03-02T20:00:00Z")
        assert found.started_at == (instant("2026-03-02T20:00:00Z"),) * 2

    @pytest.mark.parametrize("located", ["2026-03-02T08:00:00Z", "2026-03-02T10:00:00Z"])
    def test_not_when_found_in_time_nor_when_located_in_between(self, located: str) -> None:
        """Missing without interruption: located ends it, lost again begins anew, be it at the same instant."""
        assert judged(missing_and_back("2026-03-02T19:00:00Z"), self.MISSING_24, "2026-03-05T00:00:00Z") == []
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("located", located)
        tell("location-lost", "2026-03-02T10:00:00Z")
        assert judged(tell, self.MISSING_24, "2026-03-03T09:59:59Z") == []
        assert one(tell, self.MISSING_24, "2026-03-03T10:00:00Z") == "due"

    def episodes(self, *starts: str) -> Telling:
        """One episode from each start, an hour long."""
        tell = Telling()
        for n, start in enumerate(starts):
            tell("reported", start, subject=f"{AUTHORITY}/ME-{n}")
            tell("returned", start.replace("T20", "T21"), subject=f"{AUTHORITY}/ME-{n}")
        return tell

    THIRD = "starts = { episodes = 3, within_days = 30 }\nlimit = { days = 3 }\n" + STRATEGY

    def test_on_the_third_episode_within_thirty_days(self) -> None:
        """Counted by start, whichever was recorded first; the first two start nothing."""
        rule = self.THIRD
        tell = self.episodes("2026-03-25T20:00:00Z", "2026-03-01T20:00:00Z", "2026-03-30T20:00:00Z")
        late = "2026-05-01T00:00:00Z"
        counts = [len(judged(tell, rule, late, subject=f"{AUTHORITY}/ME-{n}")) for n in range(3)]
        assert counts == [0, 0, 1]
        apart = self.episodes("2026-03-25T20:00:00Z", "2026-02-27T20:00:00Z", "2026-03-30T20:00:00Z")
        assert judged(apart, rule, late) == []

    def test_the_third_is_one_as_soon_as_it_begins(self) -> None:
        """Not yet back, and the report is what shows it."""
        tell = self.episodes("2026-03-01T20:00:00Z", "2026-03-25T20:00:00Z")
        third = tell("reported", "2026-03-30T20:00:00Z", subject=f"{AUTHORITY}/ME-2")
        assert judged(tell, self.THIRD, "2026-03-30T19:59:59Z") == []
        (found,) = judged(tell, self.THIRD, "2026-03-30T20:00:00Z")
        assert weighed(found) == (
            (third.position, "started", "reported", "episode 3 of this person within the rule's days"),
        )

    @pytest.mark.parametrize(
        ("first", "third", "counts"),
        [
            ("2026-03-01T20:00:00Z", "2026-03-31T20:00:00Z", [0, 0, 0]),
            ("2026-03-01T20:00:00.000001Z", "2026-03-31T20:00:00Z", [0, 0, 1]),
            ("2026-03-10T20:00:00Z", "2026-03-25T20:00:00Z", [0, 1, 1]),
        ],
    )
    def test_the_thirty_days_end_with_the_start_and_include_it(
        self, first: str, third: str, counts: list[int]
    ) -> None:
        """Just thirty days before is not within them; two that begin at once are each the third."""
        tell = self.episodes(first, "2026-03-25T20:00:00Z", third)
        late = "2026-05-01T00:00:00Z"
        assert [
            len(judged(tell, self.THIRD, late, subject=f"{AUTHORITY}/ME-{n}")) for n in range(3)
        ] == counts

    def test_counted_by_when_each_episode_started(self) -> None:
        """Which is when the child left, if that was told: of two told of in the other order only one is the second."""
        rule = self.THIRD.replace("episodes = 3", "episodes = 2")
        tell = Telling()
        first, second = (f"{AUTHORITY}/ME-{n}" for n in (1, 2))
        tell("reported", "2026-03-01T20:00:00Z", subject=first, left_at="2026-03-01T18:00:00Z")
        tell("reported", "2026-03-01T19:00:00Z", subject=second)
        late = "2026-05-01T00:00:00Z"
        assert [len(judged(tell, rule, late, subject=one)) for one in (first, second)] == [0, 1]

    @pytest.mark.parametrize(
        ("day", "raised"), [("2026-02-27", []), ("2026-02-28", ["perhaps"]), ("2026-03-01", ["surely"])]
    )
    def test_perhaps_within_the_days(self, day: str, raised: list[str]) -> None:
        """Its start known to the day, thirty days before: the duty is raised, and named what nobody can tell."""
        rule = self.THIRD.replace("episodes = 3", "episodes = 2")
        tell = Telling()
        tell("reported", {"date": day}, subject=f"{AUTHORITY}/ME-1")
        tell("reported", "2026-03-30T12:00:00+01:00", subject=f"{AUTHORITY}/ME-2")
        found = judged(tell, rule, "2026-05-01T00:00:00Z", subject=f"{AUTHORITY}/ME-2")
        assert [duty.condition_unknown for duty in found] == [
            ("episode_2_within_30_days",) if word == "perhaps" else () for word in raised
        ]

    def test_just_thirty_days_before_the_end_of_the_day_on_which_it_began(self) -> None:
        """Within them only if it began before midnight."""
        rule = self.THIRD.replace("episodes = 3", "episodes = 2")
        tell = Telling()
        tell("reported", "2026-03-02T00:00:00Z", subject=f"{AUTHORITY}/ME-1")
        on_31st = {"earliest": "2026-03-31T00:00:00Z", "latest": "2026-04-01T00:00:00Z"}
        tell("reported", on_31st, subject=f"{AUTHORITY}/ME-2")
        (found,) = judged(tell, rule, "2026-05-01T00:00:00Z")
        assert found.condition_unknown == ("episode_2_within_30_days",)

    def test_of_two_that_began_at_once_each_is_surely_the_second(self) -> None:
        """To the instant."""
        rule = self.THIRD.replace("episodes = 3", "episodes = 2")
        found = judged(self.episodes(*["2026-03-01T20:00:00Z"] * 2), rule, "2026-05-01T00:00:00Z")
        assert [duty.condition_unknown for duty in found] == [(), ()]

    def test_which_of_two_came_first_nobody_can_tell(self) -> None:
        """Either may be the second."""
        rule = self.THIRD.replace("episodes = 3", "episodes = 2")
        tell = Telling()
        for n in (1, 2):
            tell("reported", {"date": "2026-03-01"}, subject=f"{AUTHORITY}/ME-{n}")
        found = judged(tell, rule, "2026-05-01T00:00:00Z")
        assert [duty.condition_unknown for duty in found] == [("episode_2_within_30_days",)] * 2
        assert found[0].evidence[0].why == "episode 1 to 2 of this person within the rule's days"

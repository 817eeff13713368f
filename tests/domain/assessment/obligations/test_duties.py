"""Duties of every shape that a rulebook can give them (assessment.md 3)."""

from __future__ import annotations

from datetime import date

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import FOREVER, instant
from domain.rules.rulebook import composed, parse
from domain.rules.working_days import calendars
from domain.spans import at
from tests.support.entry_builder import AUTHORITY, HOST, POLICE, Telling, missing_and_back, weighed

HEAD = 'id = "local"\nversion = "1"\ntitle = "t"\nlateness_hours = 24\n'
RULE = """
[[rules]]
id = "duty"
version = 1
title = "t"
source = "set by a test"
accountable = "responsible_authority"
"""
RETURNED = 'starts = [{ fact = "returned" }]\nmet_by = [{ fact = "interview-held" }]\n'
STRATEGY = 'met_by = [{ fact = "strategy-discussion-held" }]\n'


def judged(
    tell: Telling, rule: str, as_at: str, *, subject: str | None = None, not_applicable: bool = False
) -> list[Verdict]:
    """The verdicts under one rule, as at a time, of one episode or of all."""
    book = parse(HEAD + RULE + rule)
    found = assess(tell, book, not_applicable=not_applicable)
    duties = [o for e in found if subject in {None, *e.subjects} for o in e.obligations]
    return [span.value for o in duties if (span := at(o.verdicts, instant(as_at))) is not None]


def one(tell: Telling, rule: str, as_at: str) -> str:
    """The one verdict."""
    (found,) = judged(tell, rule, as_at)
    return found.verdict


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


class TestConditions:
    """Each names its moment; what nobody can decide raises the duty and is named."""

    def tell(self, **setting: str) -> Telling:
        """Back, with a setting told in the report."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="missing", setting=setting)
        tell("returned", "2026-03-01T22:30:00Z")
        return tell

    @pytest.mark.parametrize(
        ("setting", "then"),
        [
            ({"looked_after": "yes"}, ["due"]),
            ({"looked_after": "no"}, []),
            ({}, ["due"]),
            ({"looked_after": "not_known"}, ["due"]),
        ],
    )
    def test_of_the_setting_at_the_start(self, setting: dict[str, str], then: list[str]) -> None:
        """Yes, no, and nobody said."""
        rule = RETURNED + 'applies_to = [{ at = "start", looked_after = ["yes"] }]\nlimit = { hours = 72 }'
        found = judged(self.tell(**setting), rule, "2026-03-02T00:00:00Z")
        assert [v.verdict for v in found] == then
        if then:
            known = setting.get("looked_after") == "yes"
            assert found[0].condition_unknown == (() if known else ("looked_after_yes_start",))

    def test_what_was_told_after_the_start_does_not_count_at_the_start(self) -> None:
        """But it does at the trigger."""
        tell = self.tell(placement_type="foster")
        changed = {"placement_type": "secure"}
        tell("setting-changed", "2026-03-01T21:00:00Z", setting=changed)
        for moment, then in (("start", 0), ("trigger", 1)):
            rule = (
                RETURNED
                + f'applies_to = [{{ at = "{moment}", placement_type = ["secure"] }}]\nlimit = {{ hours = 72 }}'
            )
            assert len(judged(tell, rule, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(
        ("born", "then", "unknown"),
        [
            ("2014-02", 0, False),
            ("2014-04", 1, False),
            ("2014-03", 1, True),
            ("2014", 1, True),
            ("2010", 0, False),
            (None, 1, True),
        ],
    )
    def test_of_the_age(self, born: str | None, then: int, *, unknown: bool) -> None:
        """Under twelve in March 2026; in the month of the birthday, or with only the year, nobody can tell."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", **({} if born is None else {"birth_month": born}))
        tell("returned", "2026-03-01T22:30:00Z")
        rule = (
            RETURNED + 'applies_to = [{ at = "start", age = { from = 0, to = 11 } }]\nlimit = { hours = 72 }'
        )
        found = judged(tell, rule, "2026-03-02T00:00:00Z")
        assert len(found) == then
        if found:
            assert bool(found[0].condition_unknown) is unknown

    @pytest.mark.parametrize(
        ("setting", "then"),
        [
            ({"responsible_authority": AUTHORITY, "host_authority": HOST}, 1),
            ({"responsible_authority": AUTHORITY, "host_authority": AUTHORITY}, 0),
            ({"distance": "in_area"}, 0),
            ({"distance": "at_a_distance"}, 1),
        ],
    )
    def test_own_or_hosted(self, setting: dict[str, str], then: int) -> None:
        """By the authorities, else by the distance."""
        rule = RETURNED + 'applies_to = [{ at = "start", area = ["hosted"] }]\nlimit = { hours = 72 }'
        assert len(judged(self.tell(**setting), rule, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(
        ("ages", "then"),
        [((16, 17), 1), ((0, 16), 1), ((17, 17), 0), ((0, 15), 0), ((16, 16), 1)],
    )
    def test_both_ends_of_an_age_are_included(self, ages: tuple[int, int], then: int) -> None:
        """Sixteen, and surely so."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", birth_month="2010-02")
        tell("returned", "2026-03-01T22:30:00Z")
        age = f"age = {{ from = {ages[0]}, to = {ages[1]} }}"
        found = judged(tell, RETURNED + f'applies_to = [{{ at = "start", {age} }}]', "2026-03-02T00:00:00Z")
        assert [v.condition_unknown for v in found] == [()] * then

    @pytest.mark.parametrize(("level", "then"), [("low", 0), ("medium", 1), ("high", 0)])
    def test_of_the_last_level_of_risk_that_was_named_by_then(self, level: str, then: int) -> None:
        """On the instant of the return, not the one before nor the one after."""
        tell = self.tell()
        for when, named in (("21:00:00", "low"), ("22:30:00", "medium"), ("22:30:01", "high")):
            tell("risk-assessed", f"2026-03-01T{when}Z", scheme="APP-2017", level=named)
        condition = f'applies_to = [{{ at = "trigger", risk_level = ["{level}"] }}]'
        assert len(judged(tell, RETURNED + condition, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(("category", "then"), [("missing", 1), ("away_without_authorisation", 0)])
    def test_of_the_category_at_the_start(self, category: str, then: int) -> None:
        """As it was reported, whatever it was named afterwards; and not in a scheme of one's own."""
        tell = self.tell()
        tell("category-assigned", "2026-03-01T20:00:00Z", scheme="local", value="away_without_authorisation")
        tell(
            "category-assigned", "2026-03-01T21:00:00Z", scheme="DfE-2014", value="away_without_authorisation"
        )
        condition = f'applies_to = [{{ at = "start", category = ["{category}"] }}]'
        assert len(judged(tell, RETURNED + condition, "2026-03-02T00:00:00Z")) == then

    def test_a_level_that_nobody_knows_is_none(self) -> None:
        """Then nobody can tell."""
        tell = self.tell()
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="local", level="not_known")
        for moment in ("trigger", "ever"):
            rule = RETURNED + f'applies_to = [{{ at = "{moment}", risk_level = ["high"] }}]'
            (found,) = judged(tell, rule, "2026-03-02T00:00:00Z")
            assert len(found.condition_unknown) == 1

    def test_ever_at_a_level_of_risk(self) -> None:
        """From when it was."""
        rule = RETURNED + 'applies_to = [{ at = "ever", risk_level = ["high"] }]\nlimit = { hours = 72 }'
        tell = self.tell()
        tell("risk-assessed", "2026-03-01T20:30:00Z", scheme="APP-2017", level="low")
        tell("risk-assessed", "2026-03-02T08:00:00Z", scheme="APP-2017", level="high")
        assert judged(tell, rule, "2026-03-02T07:00:00Z") == []
        assert len(judged(tell, rule, "2026-03-02T08:00:00Z")) == 1

    def test_what_does_not_apply_is_shown_only_when_asked_for(self) -> None:
        """With the condition that failed."""
        rule = RETURNED + 'applies_to = [{ at = "start", looked_after = ["yes"] }]\nlimit = { hours = 72 }'
        tell, then = self.tell(looked_after="no"), "2026-03-02T00:00:00Z"
        assert judged(tell, rule, then) == []
        (found,) = judged(tell, rule, then, not_applicable=True)
        assert (found.verdict, found.condition_failed) == ("not_applicable", ("looked_after_yes_start",))


class TestPaused:
    """A clock that stands still."""

    RULE = RETURNED + (
        'paused_by = [{ fact = "status-interrupted", where = { kind = ["custody"] }, until = "interruption-ended" }]\n'
        "limit = { hours = 72 }"
    )

    def test_paused_and_running_again(self) -> None:
        """Two days in custody move the due moment by two days."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        assert one(tell, self.RULE, "2026-03-02T22:29:59Z") == "due"
        (found,) = judged(tell, self.RULE, "2026-03-10T00:00:00Z")
        assert (found.verdict, found.due) == ("paused", None)
        tell("interruption-ended", "2026-03-04T22:30:00Z", kind="custody")
        (found,) = judged(tell, self.RULE, "2026-03-05T00:00:00Z")
        assert (found.verdict, found.due) == (
            "due",
            (instant("2026-03-06T22:30:00Z"), instant("2026-03-06T22:30:00Z")),
        )
        assert one(tell, self.RULE, "2026-03-06T22:30:01Z") == "overdue"

    @pytest.mark.parametrize("arrested", ["2026-03-02T22:30:00Z", {"date": "2026-03-02"}])
    def test_released_some_time_on_the_day_of_the_arrest(self, arrested: str | dict[str, str]) -> None:
        """Whichever has the earlier moment or the smaller id: the release is not surely before, and it runs again."""
        for released_first in (True, False):
            tell = missing_and_back("2026-03-01T22:30:00Z")
            for name in sorted(("status-interrupted", "interruption-ended"), reverse=not released_first):
                when = arrested if name == "status-interrupted" else {"date": "2026-03-02"}
                tell(name, when, kind="custody", id_=f"{len(tell)}")
            assert one(tell, self.RULE, "2026-03-06T00:00:00Z") == "overdue"

    def test_what_began_after_the_limit_stops_nothing(self) -> None:
        """It was overdue already."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-05T00:00:00Z", kind="custody")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "overdue"

    def test_another_kind_does_not_stop_it_nor_start_it_again(self) -> None:
        """Hospital is not in this rule."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T00:00:00Z", kind="hospital")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "overdue"
        tell("status-interrupted", "2026-03-02T00:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-03T00:00:00Z", kind="hospital")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "paused"

    def test_paused_until_a_time_that_was_said(self) -> None:
        """In custody until the fourth: nobody need say again that it is over."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody", until="2026-03-04T22:30:00Z")
        assert one(tell, self.RULE, "2026-03-04T22:29:59Z") == "paused"
        assert one(tell, self.RULE, "2026-03-06T22:30:00Z") == "due"
        assert one(tell, self.RULE, "2026-03-06T22:30:01Z") == "overdue"

    @pytest.mark.parametrize(
        "more", ['missing_again = "pauses"', 'missing_again = "moves_to_next_return"', ""]
    )
    @pytest.mark.parametrize("role", ["provider", "responsible_authority"])
    def test_whatever_else_the_rule_minds(self, role: str, more: str) -> None:
        """Who answers for it and other episodes change at instants of their own."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-allocated", "2026-03-02T09:00:00Z", provider="ORG-NYAS")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        tell("reported", "2026-05-02T20:00:00Z", subject=f"{AUTHORITY}/ME-2")
        book = parse(HEAD + RULE.replace("responsible_authority", role) + self.RULE + "\n" + more)
        (duty,) = assess(tell, book)[0].obligations
        assert [(s.value.verdict, s.start) for s in duty.verdicts if s.value.verdict == "paused"][:1] == [
            ("paused", instant("2026-03-02T22:30:00Z"))
        ]
        assert duty.verdicts[-1].value.holder == ("ORG-NYAS" if role == "provider" else AUTHORITY)

    def test_paused_until_no_later_than_a_time(self) -> None:
        """For two days, or not at all."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        latest = {"latest": "2026-03-04T22:30:00Z"}
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody", until=latest)
        (found,) = judged(tell, self.RULE, "2026-03-05T00:00:00Z")
        assert found.due == (instant("2026-03-04T22:30:00Z"), instant("2026-03-06T22:30:00Z"))

    def test_any_two_facts_can_stop_it_and_let_it_run_again(self) -> None:
        """Not only those that have a kind."""
        rule = RETURNED + (
            'paused_by = [{ fact = "strategy-discussion-held", until = "plan-reviewed" }]\nlimit = { hours = 72 }'
        )
        tell = missing_and_back("2026-03-01T22:30:00Z")
        stopped = tell("strategy-discussion-held", "2026-03-02T22:30:00Z")
        tell("plan-reviewed", "2026-03-03T22:30:00Z")
        (found,) = judged(tell, rule, "2026-03-04T00:00:00Z")
        assert found.due == (instant("2026-03-05T22:30:00Z"),) * 2
        assert [e.position for e in found.evidence if e.role == "paused"] == [stopped.position]

    def test_done_while_it_stands_still_is_in_time(self) -> None:
        """Seen in custody."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        tell("interview-held", "2026-03-09T00:00:00Z")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "met"


class TestMissingAgain:
    """Ordering case 8: missing again during the 72 hours."""

    FIRST, SECOND = f"{AUTHORITY}/ME-1", f"{AUTHORITY}/ME-2"

    def tell(self) -> Telling:
        """Back on the first, gone again on the second from noon to midnight of the fourth."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("reported", "2026-03-02T12:00:00Z", subject=self.SECOND)
        tell("returned", "2026-03-04T12:00:00Z", subject=self.SECOND)
        return tell

    @pytest.mark.parametrize(
        ("how", "as_at", "then"),
        [
            ("stands", "2026-03-04T12:00:01Z", "overdue"),
            ("pauses", "2026-03-02T11:59:59Z", "due"),
            ("pauses", "2026-03-02T12:00:00Z", "paused"),
            ("pauses", "2026-03-06T12:00:00Z", "due"),
            ("pauses", "2026-03-06T12:00:01Z", "overdue"),
            ("moves_to_next_return", "2026-03-02T11:59:59Z", "due"),
            ("moves_to_next_return", "2026-03-02T12:00:00Z", "paused"),
            ("moves_to_next_return", "2026-03-07T12:00:00Z", "due"),
            ("moves_to_next_return", "2026-03-07T12:00:01Z", "overdue"),
        ],
    )
    def test_the_first_obligation(self, how: str, as_at: str, then: str) -> None:
        """Stands, pauses, or moves to the next return, as the rulebook says."""
        rule = RETURNED + f'limit = {{ hours = 72 }}\nmissing_again = "{how}"'
        (found,) = judged(self.tell(), rule, as_at, subject=self.FIRST)
        assert found.verdict == then

    @pytest.mark.parametrize(
        ("how", "due"),
        [
            ("pauses", ("2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z")),
            ("moves_to_next_return", ("2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z")),
        ],
    )
    def test_back_again_some_time_on_a_day(self, how: str, due: tuple[str, str]) -> None:
        """How long the clock stood still, or where it began anew, is no better known than that."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("reported", "2026-03-02T12:00:00Z", subject=self.SECOND)
        tell("returned", {"date": "2026-03-04"}, subject=self.SECOND)
        rule = RETURNED + f'limit = {{ hours = 72 }}\nmissing_again = "{how}"'
        (found,) = judged(tell, rule, "2026-03-20T00:00:00Z", subject=self.FIRST)
        assert found.due == tuple(instant(each) for each in due)

    def test_gone_again_under_a_limit_beyond_the_calendar(self) -> None:
        """Nobody can tell, whether the child went again or not."""
        limit = 'limit = { working_days = 900, calendar = "england-and-wales" }\n'
        rule = f'{RETURNED}{limit}missing_again = "moves_to_next_return"'
        (found,) = judged(self.tell(), rule, "2026-03-20T00:00:00Z", subject=self.FIRST)
        assert (found.verdict, found.due) == ("cannot_tell", None)

    def test_gone_again_while_the_clock_had_stood_still(self) -> None:
        """Ten days in custody put off the limit, so the duty was open when the child went again."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("status-interrupted", "2026-03-02T12:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-12T12:00:00Z", kind="custody")
        tell("reported", "2026-03-13T12:00:00Z", subject=self.SECOND)
        tell("returned", "2026-03-20T12:00:00Z", subject=self.SECOND)
        rule = TestPaused.RULE + '\nmissing_again = "moves_to_next_return"'
        (found,) = judged(tell, rule, "2026-03-21T00:00:00Z", subject=self.FIRST)
        assert (found.verdict, found.due) == ("due", (instant("2026-03-23T12:00:00Z"),) * 2)


class TestForce:
    """Which version of a rule judges, and for whom."""

    def test_by_the_rule_in_force_when_the_clock_started(self) -> None:
        """72 hours until the end of March, 48 from April on."""
        rule = RETURNED + 'limit = { hours = 72 }\nin_force_to = "2026-04-01T00:00:00Z"\n'
        later = RULE.replace("version = 1", "version = 2") + RETURNED
        later += 'limit = { hours = 48 }\nin_force_from = "2026-04-01T00:00:00Z"\n'
        book = parse(HEAD + RULE + rule + later)
        for returned, version in (("2026-03-31T23:59:59Z", 1), ("2026-04-01T00:00:00Z", 2)):
            (episode,) = assess(missing_and_back(returned), book)
            assert [o.rule_version for o in episode.obligations] == [version]

    CLOCK = 'clock = [{ fact = "return-notified" }]\n'

    @pytest.mark.parametrize(("told", "version"), [("2026-03-31T23:00:00Z", 1), ("2026-04-01T01:00:00Z", 2)])
    def test_by_when_the_clock_started_and_not_the_trigger(self, told: str, version: int) -> None:
        """Back in March, told of it in April."""
        rule = RETURNED + self.CLOCK + 'limit = { hours = 72 }\nin_force_to = "2026-04-01T00:00:00Z"\n'
        later = RULE.replace("version = 1", "version = 2") + RETURNED + self.CLOCK
        later += 'limit = { hours = 48 }\nin_force_from = "2026-04-01T00:00:00Z"\n'
        tell = missing_and_back("2026-03-31T22:00:00Z")
        notified = tell("return-notified", told)
        (episode,) = assess(tell, parse(HEAD + RULE + rule + later))
        duty = next(o for o in episode.obligations if o.verdicts[-1].end > instant("2027-01-01T00:00:00Z"))
        assert duty.rule_version == version
        assert [*weighed(duty.verdicts[-1].value)] == [
            (2, "started", "returned", "the end that started it"),
            (notified.position, "started", "return-notified", "starts the clock"),
        ]

    def test_for_the_authorities_that_it_names(self) -> None:
        """Nobody else's episodes."""
        for name, count in ((AUTHORITY, 1), (HOST, 0)):
            rule = RETURNED + f'limit = {{ hours = 72 }}\nauthorities = ["{name}"]\n'
            assert len(judged(missing_and_back(), rule, "2026-03-02T00:00:00Z")) == count

    def test_for_an_authority_that_is_named_only_after_the_trigger(self) -> None:
        """From then on it is that authority's rule, and stays so when responsibility is handed over."""
        rule = RETURNED + f'limit = {{ hours = 72 }}\nauthorities = ["{AUTHORITY}"]\n'
        tell, subject = Telling(), f"{POLICE}/M-1"
        tell("reported", "2026-03-01T20:00:00Z", subject=subject, by=POLICE)
        tell("returned", "2026-03-01T22:30:00Z", subject=subject, by=POLICE)
        named = {"setting": {"responsible_authority": AUTHORITY}}
        tell("profile-recorded", "2026-03-02T09:00:00Z", subject=subject, **named)
        transfer = tell("responsibility-transferred", "2026-03-03T09:00:00Z", subject=subject, to=HOST)
        tell("handover-acknowledged", "2026-03-03T10:00:00Z", subject=subject, of=tell.about(transfer))
        assert judged(tell, rule, "2026-03-02T08:59:59Z") == []
        for as_at, holder in (("2026-03-02T09:00:00Z", AUTHORITY), ("2026-03-04T00:00:00Z", HOST)):
            (found,) = judged(tell, rule, as_at)
            assert (found.verdict, found.holder) == ("due", holder)

    def test_an_authoritys_rule_overrides_the_national_one_of_the_same_id(self) -> None:
        """For its own episodes only; the rest of the national rules still hold."""
        national = parse(HEAD + RULE + RETURNED + "limit = { hours = 72 }\n")
        local = parse(
            HEAD.replace('"local"', '"authority"')
            + RULE
            + RETURNED
            + f'limit = {{ hours = 48 }}\nauthorities = ["{HOST}"]\n'
        )
        book = composed(local, national)
        (ours,) = assess(missing_and_back(), book)
        assert [book.rules[n].limit.hours for n in range(2)] == [72, 48]
        assert len(ours.obligations) == 1
        due = ours.obligations[0].verdicts[0].value.due
        assert due == (instant("2026-03-04T22:30:00Z"), instant("2026-03-04T22:30:00Z"))

    def test_a_disabled_rule_judges_nothing(self) -> None:
        """An example, until somebody sets it."""
        assert judged(missing_and_back(), RETURNED + "enabled = false", "2026-03-02T00:00:00Z") == []


@pytest.mark.parametrize(
    ("who", "then"),
    [
        ({"employer": "commissioned", "cares_for_child": "no", "allocated_worker_for_child": "no"}, "yes"),
        ({"employer": "responsible_authority", "cares_for_child": "no"}, "partly"),
        ({"employer": "commissioned", "allocated_worker_for_child": "yes"}, "partly"),
        ({"employer": "placement_provider"}, "no"),
        ({"employer": "commissioned", "cares_for_child": "yes"}, "no"),
        ({"employer": "commissioned"}, "unknown"),
        (None, "unknown"),
    ],
)
def test_an_interview_independent_by_its_facts(who: dict[str, str] | None, then: str) -> None:
    """Derived, and usable in a rule."""
    rule = 'starts = [{ fact = "returned" }]\nlimit = { hours = 72 }\n'
    rule += f'met_by = [{{ fact = "interview-held", where = {{ independence = ["{then}"] }} }}]\n'
    tell = missing_and_back()
    tell("interview-held", "2026-03-02T09:00:00Z", **({} if who is None else {"interviewer": who}))
    assert one(tell, rule, "2026-03-02T12:00:00Z") == "met"


@pytest.mark.parametrize("by", [AUTHORITY, POLICE])
def test_what_satisfies_or_stops_it_may_have_to_be_the_responsible_authoritys(by: str) -> None:
    """Its own word, or what was said to it; another's does not do."""
    own = ', by = "@responsible_authority"'
    to_it = ', where = { notified_to = ["@responsible_authority"] }'
    starts = 'starts = [{ fact = "returned" }]\nlimit = { hours = 72 }\n'
    for met in (
        f'met_by = [{{ fact = "interview-held"{own} }}]',
        f'met_by = [{{ fact = "return-notified"{to_it} }}]',
    ):
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z", by=by)
        tell("return-notified", "2026-03-02T09:00:00Z", notified_to=by)
        assert one(tell, starts + met, "2026-03-02T12:00:00Z") == ("met" if by == AUTHORITY else "due")
    tell = missing_and_back()
    tell("status-interrupted", "2026-03-02T09:00:00Z", by=by)
    rule = RETURNED + f'paused_by = [{{ fact = "status-interrupted"{own} }}]\nlimit = {{ hours = 72 }}'
    assert one(tell, rule, "2026-03-02T12:00:00Z") == ("paused" if by == AUTHORITY else "due")


@pytest.mark.parametrize(
    ("setting", "then"),
    [
        ({"provider": "ORG-OAK", "urn": "SC123456"}, "SC123456"),
        ({"provider": "ORG-OAK"}, "ORG-OAK"),
        ({}, None),
    ],
)
def test_a_home_answers_for_what_began_while_the_child_lived_there(
    setting: dict[str, str], then: str | None
) -> None:
    """Not the home where the child lives afterwards."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting=setting)
    tell("returned", "2026-03-01T22:30:00Z")
    tell("setting-changed", "2026-03-09T09:00:00Z", setting={"urn": "SC654321"})
    book = parse(HEAD + RULE.replace("responsible_authority", "placement_provider") + RETURNED)
    (duty,) = assess(tell, book)[0].obligations
    assert [span.value.holder for span in duty.verdicts] == [then]


def test_a_provider_answers_from_when_it_was_named_on() -> None:
    """Nobody before that; and what names none changes nothing."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-allocated", "2026-03-02T09:00:00Z", provider="ORG-NYAS")
    tell("interview-declined", "2026-03-02T10:00:00Z")
    rule = RULE.replace("responsible_authority", "provider") + RETURNED + "limit = { hours = 72 }"
    (duty,) = assess(tell, parse(HEAD + rule))[0].obligations
    assert [span.value.holder for span in duty.verdicts][:2] == [None, "ORG-NYAS"]
    assert duty.verdicts[1].start == instant("2026-03-02T09:00:00Z")


@pytest.mark.parametrize(
    ("role", "then"), [("police", POLICE), ("host_authority", HOST), ("provider", "ORG-NYAS")]
)
def test_who_held_the_accountable_role(role: str, then: str) -> None:
    """Resolved from the facts."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting={"host_authority": HOST})
    tell("police-notified", "2026-03-01T20:30:00Z", force=POLICE, by=POLICE)
    tell("returned", "2026-03-01T22:30:00Z")
    tell("interview-allocated", "2026-03-01T23:00:00Z", provider="ORG-NYAS")
    book = parse(HEAD + RULE.replace("responsible_authority", role) + RETURNED + "limit = { hours = 72 }")
    (episode,) = assess(tell, book)
    assert episode.obligations[0].verdicts[-1].value.holder == then


def test_the_calendar_that_ships_is_the_governments() -> None:
    """Boxing Day 2026 is a Saturday: the Monday after is the holiday."""
    calendar = calendars()["england-and-wales"]
    assert not calendar.counts(date(2026, 12, 28))
    assert calendar.counts(date(2026, 12, 29))

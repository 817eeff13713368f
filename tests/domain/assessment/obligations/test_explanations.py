"""What a verdict says of itself: the sentence, what would settle it, and the entries that were looked at."""

from __future__ import annotations

import re

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.explanations import explain
from domain.assessment.obligations.fact_phrases import phrase
from domain.assessment.obligations.obligation import Verdict
from domain.assessment.obligations.time_words import duration, elapsed, when
from domain.facts import FACTS, Phase
from domain.moment import HOUR, SECOND, Instant, Moment, instant, read_moment
from domain.rules.rulebook import england, parse
from domain.spans import at
from tests.support.entry_builder import (
    AUTHORITY,
    DUTY,
    HELD,
    OFFERED,
    SUBJECT,
    Telling,
    missing_and_back,
    verdict,
)
from tests.support.rule_stories import story

RETURNED = (
    'starts = [{ fact = "returned" }]\nmet_by = [{ fact = "interview-held" }]\nlimit = { hours = 72 }\n'
)
CUSTODY = 'paused_by = [{ fact = "status-interrupted", until = "interruption-ended" }]\n'
SOON = "2026-03-02T00:00:00Z"


def found(
    tell: Telling, rule: str, as_at: str = SOON, *, not_applicable: bool = False
) -> tuple[Verdict, str]:
    """The one verdict of the first episode under a rule, and its sentence."""
    book = parse(DUTY + rule)
    episode = next(e for e in assess(tell, book, not_applicable=not_applicable) if SUBJECT in e.subjects)
    (span,) = filter(None, [at(duty.verdicts, instant(as_at)) for duty in episode.obligations])
    return span.value, explain(book.rules[0], span.value)


def said(tell: Telling, rule: str, as_at: str = SOON) -> str:
    """The sentence."""
    return found(tell, rule, as_at)[1]


class TestConditions:
    """The sentence names what nobody can decide, and what fails."""

    @pytest.mark.parametrize(
        ("condition", "words"),
        [
            ('{ at = "start", looked_after = ["yes"] }', "the child was looked after at the start"),
            ('{ at = "trigger", placement_type = ["foster", "childrens_home"] }',
             "the child was placed in a children's home or in foster care when the duty began"),
            ('{ at = "start", age = { from = 0, to = 11 } }', "the child was 0 to 11 years old at the start"),
            ('{ at = "ever", risk_level = ["high"] }', "the risk level was ever high"),
            ('{ at = "start", area = ["hosted"] }', "the child was placed in another authority's area at the start"),
        ],
    )  # fmt: skip
    def test_whichever_is_unknown(self, condition: str, words: str) -> None:
        """Nobody said anything of the child."""
        sentence = said(missing_and_back(), RETURNED + f"applies_to = [{condition}]")
        assert f" Whether {words} is not recorded, so the duty stands. " in sentence

    def test_several(self) -> None:
        """Each is named."""
        tell = Telling()
        tell("returned", "2026-03-01T22:30:00Z")
        both = '{ at = "ever", standing = ["missing"] }, { at = "start", looked_after = ["yes"] }'
        words = "the child was ever missing and whether the child was looked after at the start"
        sentence = said(tell, RETURNED + f"applies_to = [{both}]")
        assert f" Whether {words} is not recorded, so the duty stands. " in sentence

    def test_how_long_the_child_was_missing(self) -> None:
        """Reported some time on the first, found at noon on the second: a day, or less."""
        tell = Telling()
        tell("reported", {"date": "2026-03-01"})
        tell("returned", "2026-03-02T12:00:00Z")
        rule = 'starts = { missing_for_hours = 24 }\nmet_by = [{ fact = "escalated" }]\n'
        verdict_, sentence = found(tell, rule, "2026-03-03T00:00:00Z")
        assert verdict_.condition_unknown == ("missing_for_24_hours",)
        assert sentence.startswith("The child may have been missing without a break for 24 h on 2 March 2026")
        assert "Whether the child was missing without a break for 24 h is not recorded" in sentence

    def test_how_often_the_child_went(self) -> None:
        """The first of two, or the second."""
        tell = Telling()
        for n in (1, 2):
            tell("reported", {"date": "2026-03-01"}, subject=f"{AUTHORITY}/ME-{n}")
        rule = 'starts = { episodes = 2, within_days = 30 }\nmet_by = [{ fact = "escalated" }]\n'
        sentence = said(tell, rule, "2026-03-03T00:00:00Z")
        assert sentence.startswith(
            "An episode began on 1 March 2026, time not known; it may be the second or a later one of this child"
        )
        assert (
            " Whether there were 2 episodes of this child within 30 days is not recorded, so the duty stands. "
            in sentence
        )

    def test_what_fails_and_does_not_apply(self) -> None:
        """And nothing of a duty that stands, though something else is unknown."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
        tell("returned", "2026-03-01T22:30:00Z")
        both = '{ at = "ever", standing = ["missing"] }, { at = "start", looked_after = ["yes"] }'
        _, sentence = found(tell, RETURNED + f"applies_to = [{both}]", not_applicable=True)
        assert sentence == (
            "The child returned on 1 March 2026 22:30. Does not apply: the child was never missing."
        )


class TestWhatStartedTheClock:
    """In the words of the fact, and by whom, where the rule asks for that."""

    @pytest.mark.parametrize(
        ("clock", "sentence"),
        [
            ('{ fact = "return-notified", where = { notified_to = ["@responsible_authority"] } }',
             "The responsible authority was notified of the return on 2 March 2026 08:00. "),
            ('{ fact = "returned", by = "@responsible_authority", time = "learned" }',
             "The responsible authority learned of the return on 1 March 2026 23:00. "),
            ('{ fact = "returned", time = "learned" }', "The child returned; that was learned on 1 March 2026 23:00. "),
            ('{ fact = "return-notified" }', "The return was notified on 2 March 2026 08:00. "),
            ('{ fact = "interview-allocated" }', "The return interview was allocated on 2 March 2026 09:00. "),
            ('{ fact = "interview-requested" }', "No record says when the clock started. "),
        ],
    )  # fmt: skip
    def test_whatever_it_is(self, clock: str, sentence: str) -> None:
        """Of the rule's facts."""
        tell = missing_and_back(learned_at="2026-03-01T23:00:00Z")
        tell("return-notified", "2026-03-02T08:00:00Z", notified_to=AUTHORITY)
        tell("interview-allocated", "2026-03-02T09:00:00Z")
        found = said(tell, RETURNED + f"clock = [{clock}]", "2026-03-03T00:00:00Z")
        assert found.startswith(sentence)
        assert ("A record of that time would settle it" in found) is ("requested" in clock)

    def test_an_end_without_a_return(self) -> None:
        """The authority learned of that."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", "2026-03-01T22:30:00Z", reason="remanded", learned_at="2026-03-01T23:00:00Z")
        rule = 'starts = [{ fact = "ended-otherwise" }]\nmet_by = [{ fact = "interview-held" }]\n'
        clock = 'clock = [{ fact = "ended-otherwise", by = "@responsible_authority", time = "learned" }]'
        assert said(tell, rule + clock, "2026-03-03T00:00:00Z").startswith(
            "The responsible authority learned that the episode ended without a return on 1 March 2026 23:00. "
        )


class TestPaused:
    """Since when, why, and how much it puts off the limit."""

    def tell(self, until: str | dict[str, str] | None = None) -> Telling:
        """In custody from a day after the return on."""
        tell = missing_and_back()
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        if until is not None:
            tell("interruption-ended", until, kind="custody")
        return tell

    def test_while_it_stands_still(self) -> None:
        """And the entry that stopped it."""
        verdict_, sentence = found(self.tell(), RETURNED + CUSTODY, "2026-03-09T00:00:00Z")
        assert sentence == (
            "The child returned on 1 March 2026 22:30. No return interview has been held. The clock was stopped on"
            " 2 March 2026 22:30 (custody) and runs on after that (limit 72 hours)."
            " The responsible authority answers for it."
        )
        assert ("status-interrupted", "stopped the clock (custody)") in [
            (e.fact, e.why) for e in verdict_.evidence if e.role == "paused"
        ]

    def test_once_it_runs_again(self) -> None:
        """Two days more."""
        sentence = said(self.tell("2026-03-04T22:30:00Z"), RETURNED + CUSTODY, "2026-03-05T00:00:00Z")
        assert (
            "Due by 6 March 2026 22:30 (limit 72 hours and 48 h during which the clock was stopped)."
            in sentence
        )

    def test_a_limit_of_days_is_put_off_by_whole_ones(self) -> None:
        """Two hours in custody, over midnight."""
        tell = missing_and_back()
        tell("status-interrupted", "2026-03-02T09:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-02T11:00:00Z", kind="custody")
        rule = RETURNED.replace("hours = 72", "days = 3") + CUSTODY
        limit = "limit 3 days, put off by 24 h because the clock was stopped"
        assert f"Due by 6 March 2026 00:00 ({limit})." in said(tell, rule, "2026-03-03T00:00:00Z")

    def test_when_nobody_knows_how_long(self) -> None:
        """Released some time on the fourth: that is what would settle it."""
        tell = self.tell({"date": "2026-03-04"})
        sentence = said(tell, RETURNED + CUSTODY, "2026-03-06T12:00:00Z")
        assert (
            "Possibly overdue (limit 72 hours and between 25 h 30 min and 49 h 30 min during which the clock was"
            " stopped)" in sentence
        )
        assert (
            "The times between which the clock was stopped are known only roughly. The exact times would settle it."
            in sentence
        )

    def test_when_nobody_knows_whether_it_stood_still_before_the_limit(self) -> None:
        """Back some time on the second, in custody from noon on the fifth: perhaps it was overdue by then."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]
        tell("status-interrupted", "2026-03-05T12:00:00Z", kind="custody")
        verdict_, sentence = found(tell, RETURNED + CUSTODY, "2026-03-09T00:00:00Z")
        assert (verdict_.verdict, verdict_.possibly) == ("cannot_tell", True)
        assert verdict_.due == (instant("2026-03-05T00:00:00Z"), None)
        assert (
            "Possibly overdue (limit 72 hours): the limit lies at 5 March 2026 00:00 or later, or the clock was stopped"
            " before it. The time of the return is known only by its day. The exact time would settle it."
            in sentence
        )

    def test_a_pause_that_put_off_nothing_is_not_said(self) -> None:
        """It began after the limit."""
        tell = missing_and_back()
        tell("status-interrupted", "2026-03-08T22:30:00Z", kind="custody")
        assert "stopped" not in said(tell, RETURNED + CUSTODY, "2026-03-09T00:00:00Z")

    def test_missing_again(self) -> None:
        """Which episode stops it."""
        tell = missing_and_back()
        tell("reported", "2026-03-02T20:00:00Z", subject=f"{AUTHORITY}/ME-2")
        sentence = said(tell, RETURNED + 'missing_again = "pauses"', "2026-03-09T00:00:00Z")
        assert f"on 2 March 2026 20:00 (missing again: {AUTHORITY}/ME-2)" in sentence


class TestWhatWouldSettleIt:
    """Whatever is known only roughly, or not at all."""

    def test_an_end_that_nobody_dated(self) -> None:
        """The time at which it was satisfied."""
        tell = missing_and_back()
        tell("interview-held", {"date": "2026-03-04"})
        assert said(tell, RETURNED, "2026-04-01T00:00:00Z").endswith(
            "Cannot tell whether it was in time (limit 72 hours): the time of the interview is known only by its day."
            " The exact time would settle it."
        )

    def test_a_time_that_was_not_said(self) -> None:
        """The clock starts with a member that is absent."""
        tell = missing_and_back()
        tell("interview-scheduled", "2026-03-02T09:00:00Z")
        rule = 'starts = [{ fact = "interview-scheduled", time = "for_at" }]\nmet_by = [{ fact = "interview-held" }]\n'
        assert said(tell, rule + "limit = { hours = 24 }", "2026-03-03T00:00:00Z") == (
            "No record says when the clock started. No return interview has been held."
            " Cannot tell when it is due. A record of that time would settle it."
            " The responsible authority answers for it."
        )

    def test_a_calendar_that_ends(self) -> None:
        """Beyond its last day."""
        tell = Telling()
        tell("reported", "2028-12-29T08:00:00Z", recorded="2029-06-01T00:00:00Z")
        tell("returned", "2028-12-29T09:00:00Z", recorded="2029-06-01T00:00:00Z")
        rule = RETURNED.replace("hours = 72", 'working_days = 5, calendar = "england-and-wales"')
        sentence = said(tell, rule, "2029-06-01T00:00:00Z")
        assert (
            "Cannot tell when it is due: the calendar for 5 working days does not reach that far." in sentence
        )


@pytest.mark.parametrize(
    ("fact", "what", "late"),
    [
        ("held", "A return interview was held", ""),
        ("declined", "The interview was declined", "excused, but "),
    ],
)
def test_by_how_much_it_is_late_where_a_time_is_rough(fact: str, what: str, late: str) -> None:
    """Not by the least alone: some time on the tenth, nine days or more after."""
    tell = missing_and_back("2026-03-01T22:00:00Z")
    tell(f"interview-{fact}", {"date": "2026-03-10"})
    rule = RETURNED + 'excused_by = [{ fact = "interview-declined" }]\n'
    assert said(tell, rule, "2026-04-01T00:00:00Z") == (
        f"The child returned on 1 March 2026 22:00. {what} on 10 March 2026, time not known, between 8 days 2 h and"
        f" 9 days 2 h after the return: {late}between 5 days 2 h and 6 days 2 h late (limit 72 hours)."
    )


class TestConsidered:
    """Entries that were looked at and set aside, each with the reason."""

    def considered(
        self, tell: Telling, rule: str, as_at: str = "2026-04-01T00:00:00Z"
    ) -> list[tuple[int, str]]:
        """The positions and reasons."""
        return [(e.position, e.why) for e in verdict(tell, rule, as_at).evidence if e.role == "considered"]

    def test_an_attempt_and_a_decision(self) -> None:
        """From when on each was there."""
        tell = missing_and_back()
        tell("interview-attempted", "2026-03-02T09:00:00Z", outcome="not_present")
        tell("interview-not-required", "2026-03-03T09:00:00Z")
        both = [(3, "it did not take place"), (4, "that excuses nothing under this rule")]
        assert self.considered(tell, HELD) == both
        assert self.considered(tell, HELD, "2026-03-02T12:00:00Z") == both[:1]
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="low")
        tell("police-notified", "2026-03-01T20:30:00Z")
        assert self.considered(tell, "police-risk-assessed") == []

    def test_an_interview_that_is_not_as_the_rule_asks(self) -> None:
        """What it says of the thing that the rule minds."""
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z", interviewer={"employer": "placement_provider"})
        assert self.considered(tell, "return-interview-independent") == [(3, "not independent")]

    def test_an_excuse_for_another_reason(self) -> None:
        """Not contactable excuses the interview, not the offer."""
        tell = missing_and_back()
        tell("interview-not-possible", "2026-03-02T09:00:00Z", reason="not_contactable")
        assert self.considered(tell, OFFERED) == [(3, "not as the rule asks: reason not contactable")]
        assert self.considered(tell, HELD) == []

    def test_a_claim_that_says_no(self) -> None:
        """Each member that the rule minds, said or not."""
        tell = missing_and_back()
        tell("interview-summary-recorded", "2026-03-02T09:00:00Z", offered="no")
        assert self.considered(tell, OFFERED) == [
            (3, "not as the rule asks: offered no, accepted not said, held not said")
        ]

    def test_declined_and_held_all_the_same(self) -> None:
        """The refusal stays visible."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T09:00:00Z")
        tell("interview-held", "2026-03-03T09:00:00Z")
        assert self.considered(tell, HELD) == [(3, "it was done all the same")]

    def test_declined_in_time_and_held_after_the_limit(self) -> None:
        """The refusal excuses; that the interview was held all the same stays visible, from then on."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T09:00:00Z")
        tell("interview-held", "2026-03-20T09:00:00Z")
        tell("interview-held", {"earliest": "2026-03-03T09:00:00Z", "latest": "2026-03-09T09:00:00Z"})
        assert verdict(tell, HELD).verdict == "excused"
        assert self.considered(tell, HELD) == [
            (5, "its time leaves open whether it was within the limit"),
            (4, "it came after the limit"),
        ]
        assert self.considered(tell, HELD, "2026-03-03T08:59:59Z") == []

    def test_one_whose_time_leaves_it_open_and_one_that_is_sure(self) -> None:
        """The second decides."""
        tell = missing_and_back()
        tell("interview-held", {"earliest": "2026-03-02T09:00:00Z", "latest": "2026-03-09T09:00:00Z"})
        tell("interview-held", "2026-03-03T09:00:00Z")
        assert verdict(tell, HELD).verdict == "met"
        assert self.considered(tell, HELD) == [(3, "its time leaves open whether it was within the limit")]

    def test_what_satisfied_it_again_is_no_more_than_that(self) -> None:
        """It was satisfied already."""
        tell = missing_and_back()
        tell("interview-offered", "2026-03-02T09:00:00Z")
        tell("interview-offered", "2026-03-03T09:00:00Z")
        assert self.considered(tell, OFFERED) == []

    def test_an_end_that_does_not_count(self) -> None:
        """Another, apart from it, was witnessed."""
        tell = missing_and_back(basis="witnessed")
        tell("returned", "2026-03-03T08:00:00Z")
        assert self.considered(tell, HELD) == [(3, "another end counts")]
        assert [e.fact for e in verdict(tell, HELD).evidence] == ["returned", "returned"]
        assert self.considered(tell, HELD, "2026-03-03T07:59:59Z") == []

    def test_an_end_that_started_it_is_not_set_aside_as_well(self) -> None:
        """Remanded: found, and no death."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", "2026-03-01T22:30:00Z", reason="remanded")
        assert self.considered(tell, HELD) == []


class TestNamed:
    """What was set aside is named in the sentence, by whom, when, and why it does not count."""

    def sentence(self, tell: Telling, rule: str, as_at: str = "2026-06-01T00:00:00Z") -> str:
        """The sentence under England's rules."""
        return explain(england().rule(rule, england().rules[0].version), verdict(tell, rule, as_at))

    def test_an_interview_that_was_not_independent(self) -> None:
        """Forty-two days after the return, by somebody of the home."""
        tell = missing_and_back("2025-12-12T22:42:00Z")
        tell[0] = Telling()("reported", "2025-12-12T20:00:00Z", category="missing")
        tell("interview-held", "2026-01-24T10:00:00Z", interviewer={"employer": "placement_provider"})
        assert self.sentence(tell, "return-interview-independent") == (
            "The child returned on 12 December 2025 22:42. A return interview was held on 24 January 2026 10:00,"
            " 42 days after the return, by somebody employed by the placement provider: not independent."
            " Overdue since 15 December 2025 22:42 (limit 72 hours). The responsible authority answers for it."
        )

    @pytest.mark.parametrize(
        ("interviewer", "words"),
        [
            ({"employer": "responsible_authority"},
             ", by somebody employed by the responsible authority: only partly independent."),
            ({"employer": "commissioned", "allocated_worker_for_child": "yes"},
             ", by the child's allocated worker: only partly independent."),
            ({"employer": "commissioned", "cares_for_child": "yes"},
             ", by somebody who cares for the child: not independent."),
            ({"employer": "commissioned"},
             ", by somebody from a commissioned provider: whether that is independent is not recorded."),
            (None, " after the return: whether that is independent is not recorded."),
        ],
    )  # fmt: skip
    def test_who_held_it(self, interviewer: dict[str, str] | None, words: str) -> None:
        """As far as it was said."""
        tell = missing_and_back()
        tell(
            "interview-held", "2026-03-02T10:00:00Z", **({"interviewer": interviewer} if interviewer else {})
        )
        assert words in self.sentence(tell, "return-interview-independent")

    def test_what_a_parent_was_offered_and_declined(self) -> None:
        """Neither is the child's."""
        tell = missing_and_back()
        tell("interview-offered", "2026-03-02T15:00:00Z", to="parent")
        tell("interview-declined", "2026-03-02T15:05:00Z", by_="parent")
        offered = (
            "A return interview was offered to a parent on 2 March 2026 15:00, 16 h 30 min after the return:"
            " an offer to a parent alone is not an offer to the child."
        )
        declined = (
            "A parent declined the interview on 2 March 2026 15:05, 16 h 35 min after the return:"
            " a parent's refusal is not the child's."
        )
        assert f"{offered} {declined} Overdue since" in self.sentence(tell, OFFERED)
        held = self.sentence(tell, HELD)
        assert f"{declined} Overdue since" in held
        assert "offered" not in held

    def test_what_was_sent_twice_is_said_once(self) -> None:
        """Under two ids."""
        tell = missing_and_back()
        for _ in range(2):
            tell("interview-offered", "2026-03-02T15:00:00Z", to="parent")
        assert self.sentence(tell, OFFERED).count("offered to a parent on") == 1

    def test_who_declined_where_that_excuses(self) -> None:
        """The child."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T15:00:00Z", by_="child")
        assert self.sentence(tell, HELD) == (
            "The child returned on 1 March 2026 22:30."
            " The child declined the interview on 2 March 2026 15:00, 16 h 30 min after the return: excused."
        )

    def test_what_came_before_the_episode(self) -> None:
        """A year too early."""
        tell = missing_and_back()
        tell("interview-held", "2025-03-02T10:00:00Z")
        assert (
            "A return interview was held on 2 March 2025 10:00, 364 days before the return:"
            " it came before the episode began. Overdue since" in self.sentence(tell, HELD)
        )

    def test_a_duty_without_a_limit(self) -> None:
        """Not done yet, and done."""
        tell = missing_and_back()
        tell("police-notified", "2026-03-01T20:30:00Z")
        assert self.sentence(tell, "police-risk-assessed") == (
            "The police were told on 1 March 2026 20:30. No risk assessment has been recorded: no time limit;"
            " not done yet. The police answer for it."
        )
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="low")
        assert self.sentence(tell, "police-risk-assessed") == (
            "The police were told on 1 March 2026 20:30. The risk was assessed: no time limit; done on"
            " 1 March 2026 21:00, 30 min after the police were told."
        )

    def test_the_month_of_the_birthday(self) -> None:
        """Why it stands."""
        tell = missing_and_back()
        tell("profile-recorded", "2026-02-01T09:00:00Z", birth_month="2008-03")
        assert (
            "The month of birth leaves open whether the child was 18 by then, so the duty stands."
            in self.sentence(tell, HELD)
        )

    def test_no_inner_words(self) -> None:
        """Of any rule, open, met or excused."""
        for rule in england().rules:
            for satisfied in (None, instant("2026-03-03T12:00:00Z")):
                episodes = assess(story(rule, satisfied), england())
                for duty in (duty for episode in episodes for duty in episode.obligations):
                    for span in duty.verdicts:
                        sentence = explain(england().rule(duty.rule, duty.rule_version), span.value)
                        assert not re.search("satisf|trigger|nobody can tell|limit none|_", sentence), (
                            sentence
                        )


def test_every_fact_of_a_child_has_words() -> None:
    """So that any rule can be explained."""
    for name, fact in FACTS.items():
        assert (fact.PHASE == Phase.RECORD) or phrase(name).done, name


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-01T22:30:00Z", "1 March 2026 22:30"),
        ("2026-06-01T22:30:05Z", "1 June 2026 23:30:05"),
        ("2026-03-01T22:30:00.500000Z", "1 March 2026 22:30:00"),
        ("2025-10-26T00:30:00Z", "26 October 2025 01:30 BST"),
        ({"earliest": "2026-03-01T22:30:00Z"}, "1 March 2026 22:30"),
        ({"latest": "2026-03-01T22:30:00Z"}, "1 March 2026 22:30"),
        ({"date": "2026-03-01"}, "on 1 March 2026, time not known"),
        ({"date": "2026-03-29"}, "on 29 March 2026, time not known"),
        ({"date": "2025-10-26"}, "on 26 October 2025, time not known"),
        ({"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-03T00:00:00Z"},
         "between 1 March 2026 00:00 and 3 March 2026 00:00"),
        ({"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-01T23:00:00Z"},
         "between 1 March 2026 00:00 and 1 March 2026 23:00"),
        ({"earliest": "2026-03-01T12:00:00Z", "latest": "2026-03-02T12:00:00Z"},
         "between 1 March 2026 12:00 and 2 March 2026 12:00"),
        ({"earliest": "2026-03-01T01:00:00Z", "latest": "2026-03-02T00:00:00Z"},
         "between 1 March 2026 01:00 and 2 March 2026 00:00"),
    ],
)  # fmt: skip
def test_a_moment_in_words(moment: str | dict[str, str], words: str) -> None:
    """In London's time; a whole day only where it runs from midnight to midnight."""
    assert when(read_moment(moment)) == words


def test_a_moment_of_which_nothing_is_known() -> None:
    """It is said that it is not known."""
    assert when(Moment(None, None)) == "at a time not known"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ((10, 10), "between 5 h and 10 h after it"),
        ((1000, 1000), "41 days after it"),
        ((5, 5), "between less than a second and 5 h after it"),
        ((3, 3), "between 2 h before and 3 h after it"),
        ((0, 0), "between 5 h before and less than a second after it"),
        ((-1, -1), "between 1 h and 6 h before it"),
        ((-3, 8), "between 8 h before and 8 h after it"),
    ],
)
def test_how_much_later_where_the_start_is_rough(end: tuple[int, int], words: str) -> None:
    """It lies somewhere in five hours."""
    assert elapsed(Moment(0, 5 * HOUR), Moment(end[0] * HOUR, end[1] * HOUR), "it") == words


@pytest.mark.parametrize(
    ("hours", "words"), [(2, "2 h after it"), (-2, "2 h before it"), (0, "less than a second after it")]
)
def test_how_much_later_where_both_are_exact(hours: int, words: str) -> None:
    """One length, later or earlier."""
    assert elapsed(Moment(HOUR, HOUR), Moment(*(HOUR + hours * HOUR,) * 2), "it") == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (0, "less than a second"),
        (SECOND - 1, "less than a second"),
        (SECOND, "1 s"),
        (60 * SECOND, "1 min"),
        (HOUR - SECOND, "59 min 59 s"),
        (HOUR, "1 h"),
        (72 * HOUR, "72 h"),
        (72 * HOUR + SECOND, "3 days"),
        (74 * HOUR - SECOND, "3 days 1 h"),
        (336 * HOUR, "14 days"),
        (335 * HOUR, "13 days 23 h"),
        (1009 * HOUR + 12 * 60 * SECOND, "42 days"),
    ],
)
def test_a_length_of_time(span: Instant, words: str) -> None:
    """Hours up to three days, days and hours up to two weeks, then whole days; only the parts that there are."""
    assert duration(span) == words

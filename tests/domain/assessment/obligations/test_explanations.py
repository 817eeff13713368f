"""What a verdict says of itself: the sentence, what would settle it, and the entries that were looked at."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.explanations import explain
from domain.assessment.obligations.obligation import Verdict
from domain.moment import instant
from domain.rules.rulebook import parse
from domain.spans import at
from tests.support.entry_builder import (
    AUTHORITY,
    DUTY,
    SUBJECT,
    Telling,
    missing_and_back,
)

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

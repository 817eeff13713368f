"""What a verdict holds, member by member, and what withdraws a duty: given entries, when assessed, then the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.explanations import explain
from domain.assessment.obligations.obligation import ClockStop, Obligation, Verdict
from domain.moment import FOREVER, Instant, Moment, instant
from domain.rules.rulebook import parse
from domain.spans import Span
from tests.support.entry_builder import (
    AUTHORITY,
    DUTY,
    HELD,
    HOST,
    POLICE,
    SUBJECT,
    Telling,
    assessed,
    missing_and_back,
    verdict,
    weighed,
)

BACK, DUE = "2026-03-01T22:30:00Z", "2026-03-04T22:30:00Z"
RULE = DUTY + 'met_by = [{ fact = "interview-held" }]\nlimit = { hours = 72 }\n'
STARTED = (2, "started", "returned", "the end that started it")


def exactly(text: str) -> Moment:
    """A moment known to the instant."""
    return Moment(instant(text), instant(text))


def plain(found: Verdict) -> Verdict:
    """A verdict, with of its evidence only position, part, type of fact and why."""
    return replace(found, evidence=weighed(found))  # type: ignore[arg-type]  # to compare it


def duties(tell: Telling, rule: str, *, not_applicable: bool = False) -> tuple[Obligation, ...]:
    """The obligations of the first episode under one rule of a test."""
    book = parse(RULE + rule)
    found = assess(tell, book, not_applicable=not_applicable)
    return next(e for e in found if SUBJECT in e.subjects).obligations


def spans(duty: Obligation) -> list[tuple[str, Instant, Instant]]:
    """The verdicts of a duty, each from when to when."""
    return [(span.value.verdict, span.start, span.end) for span in duty.verdicts]


def of_interview(tell: Telling) -> list[Obligation]:
    """The duties to hold an interview, trigger by trigger."""
    return [duty for duty in assessed(tell).obligations if duty.rule == HELD]


class TestWhole:
    """Every member of a verdict."""

    def test_met(self) -> None:
        """With what was looked at beside."""
        tell = missing_and_back()
        tell("interview-attempted", "2026-03-02T09:00:00Z")
        tell("interview-held", "2026-03-03T09:00:00Z")
        assert plain(verdict(tell, HELD)) == Verdict(
            "met",
            started_by=2,
            started_at=exactly(BACK),
            due=exactly(DUE),
            satisfied_by=4,
            satisfied_at=exactly("2026-03-03T09:00:00Z"),
            holder=AUTHORITY,
            evidence=(  # type: ignore[arg-type]  # evidence is a tuple
                STARTED,
                (4, "satisfied", "interview-held", "what the rule asks for"),
                (3, "considered", "interview-attempted", "it did not take place"),
            ),
        )

    def test_excused(self) -> None:
        """By what the rule accepts instead."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-03T09:00:00Z")
        assert weighed(verdict(tell, HELD))[1:] == (
            (3, "excused", "interview-declined", "the rule accepts it instead"),
        )

    def test_stopped_and_running_again(self) -> None:
        """When, and why."""
        tell = missing_and_back()
        tell("status-interrupted", "2026-03-02T09:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-03T09:00:00Z", kind="custody")
        (duty,) = duties(
            tell,
            'starts = [{ fact = "returned" }]\n'
            'paused_by = [{ fact = "status-interrupted", until = "interruption-ended" }]',
        )
        stop = ClockStop(exactly("2026-03-02T09:00:00Z"), exactly("2026-03-03T09:00:00Z"), "custody")
        assert duty.verdicts[-1].value.paused == (stop,)
        assert [s.value.verdict for s in duty.verdicts] == ["due", "paused", "due", "overdue"]

    def test_what_does_not_apply(self) -> None:
        """Only when asked for, from the trigger on, with the condition that fails."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", setting={"looked_after": "no"})
        tell("returned", BACK)
        rule = 'starts = [{ fact = "returned" }]\napplies_to = [{ at = "start", looked_after = ["yes"] }]'
        assert duties(tell, rule) == ()
        (duty,) = duties(tell, rule, not_applicable=True)
        assert duty == Obligation("duty", 1, 2, duty.verdicts)
        assert spans(duty) == [("not_applicable", instant(BACK), FOREVER)]
        found = duty.verdicts[0].value
        assert (found.condition_failed, weighed(found)) == (("looked_after_yes_start",), (STARTED,))

    def test_what_does_not_apply_at_first(self) -> None:
        """In the order of the instants: away first, and missing when the location was lost, after the first return."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
        tell("returned", {"earliest": "2026-03-01T21:00:00Z", "latest": BACK})
        tell("location-lost", "2026-03-01T22:00:00Z")
        rule = 'starts = [{ fact = "returned" }]\napplies_to = [{ at = "ever", standing = ["missing"] }]'
        (duty,) = duties(tell, rule, not_applicable=True)
        assert [s.value.verdict for s in duty.verdicts] == ["not_applicable", "due", "cannot_tell", "overdue"]

    def test_what_did_not_apply_to_an_episode_in_error(self) -> None:
        """Nothing of it is withdrawn, asked for or not."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", setting={"looked_after": "no"})
        tell("returned", BACK)
        tell("episode-recorded-in-error", "2026-03-03T09:00:00Z")
        rule = 'starts = [{ fact = "returned" }]\napplies_to = [{ at = "start", looked_after = ["yes"] }]'
        assert duties(tell, rule) == ()
        (duty,) = duties(tell, rule, not_applicable=True)
        assert [s.value.verdict for s in duty.verdicts] == ["not_applicable"]


class TestConsidered:
    """What may only follow the start of the clock, and from when on a thing is looked at."""

    def test_what_may_only_follow_and_did_not(self) -> None:
        """On the instant it follows; before it, it does not."""
        rule = RULE.replace('"interview-held" }', '"interview-held", after = "start" }')
        for held, then in (("2026-03-01T22:29:59Z", "overdue"), (BACK, "met")):
            tell = missing_and_back()
            tell("interview-held", held)
            (episode,) = assess(tell, parse(rule + 'starts = [{ fact = "returned" }]'))
            assert episode.obligations[0].verdicts[-1].value.verdict == then

    def test_what_may_only_follow_the_clock_where_that_starts_after_the_trigger(self) -> None:
        """Held before the authority was told of the return, it does not count; before anybody was, nor that."""
        rule = RULE.replace('"interview-held" }', '"interview-held", after = "start" }')
        rule += 'starts = [{ fact = "returned" }]\nclock = [{ fact = "return-notified" }]\n'
        tell = missing_and_back()
        tell("interview-held", "2026-03-01T22:00:00Z")
        (episode,) = assess(tell, parse(rule))
        assert episode.obligations[0].verdicts[-1].value.satisfied_by is None
        tell("interview-held", "2026-03-02T09:00:00Z")
        tell("return-notified", "2026-03-02T10:00:00Z")
        (episode,) = assess(tell, parse(rule))
        assert episode.obligations[0].verdicts[-1].value.verdict == "overdue"

    def test_what_may_only_follow_and_perhaps_did_not(self) -> None:
        """Where the times leave that open nobody can tell, whatever the limit; a later one is sure."""
        for limit in ("hours = 72", ""):
            rule = RULE.replace('"interview-held" }', '"interview-held", after = "start" }')
            rule = rule.replace("hours = 72", limit) + 'starts = [{ fact = "returned" }]'
            tell = missing_and_back({"earliest": BACK, "latest": "2026-03-02T08:00:00Z"})  # type: ignore[arg-type]
            tell("interview-held", "2026-03-02T07:59:59Z")
            (found,) = assess(tell, parse(rule))[0].obligations
            assert found.verdicts[-1].value.verdict == "cannot_tell"
            assert explain(parse(rule).rules[0], found.verdicts[-1].value).endswith(
                "Cannot tell whether it counts: it may have come before the clock started. Exact times would settle it."
            )
            tell("interview-held", "2026-03-02T08:00:00Z")
            (found,) = assess(tell, parse(rule))[0].obligations
            last = found.verdicts[-1].value
            assert (last.verdict, last.satisfied_by) == ("met", 4)
            why = "its time leaves open whether it came before the clock started"
            assert weighed(last)[-1] == (3, "considered", "interview-held", why)

    def test_each_from_its_own_instant(self) -> None:
        """An attempt a day after the return, and another on the very limit."""
        tell = missing_and_back()
        tell("interview-attempted", "2026-03-02T22:30:00Z")
        tell("interview-attempted", DUE)
        (duty,) = of_interview(tell)
        looked_at = [(s.start, [e.position for e in s.value.evidence[1:]]) for s in duty.verdicts]
        assert looked_at == [
            (instant(BACK), []),
            (instant("2026-03-02T22:30:00Z"), [3]),
            (instant(DUE), [3, 4]),
            (instant(DUE) + 1, [3, 4]),
        ]


class TestWithdrawn:
    """By an error, a reopening, a retraction."""

    def withdrawn(self, why: tuple[int, str, str], *, due: str | None = DUE) -> Verdict:
        """What is left of a duty that began with the second entry."""
        return Verdict(
            "withdrawn",
            started_by=2,
            started_at=exactly(BACK),
            due=None if due is None else exactly(due),
            holder=AUTHORITY,
            evidence=(STARTED, (why[0], "considered", *why[1:])),  # type: ignore[arg-type]  # as above
        )

    def test_an_episode_in_error(self) -> None:
        """At every instant since the trigger, whatever was met."""
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z")
        tell("episode-recorded-in-error", "2026-03-03T09:00:00Z")
        (duty,) = of_interview(tell)
        wrong = self.withdrawn((4, "episode-recorded-in-error", "episode in error"))
        (span,) = duty.verdicts
        assert span._replace(value=plain(span.value)) == Span(instant(BACK), FOREVER, wrong)

    def test_each_return_by_its_own_reopening(self) -> None:
        """From that instant on; and what comes after both stands."""
        tell = missing_and_back()
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        tell("returned", "2026-03-03T09:00:00Z")
        tell("episode-reopened", "2026-03-04T09:00:00Z")
        tell("returned", "2026-03-05T09:00:00Z")
        first, second, third = of_interview(tell)
        opened, again = instant("2026-03-02T09:00:00Z"), instant("2026-03-04T09:00:00Z")
        assert spans(first) == [("due", instant(BACK), opened), ("withdrawn", opened, FOREVER)]
        assert plain(first.verdicts[-1].value) == self.withdrawn((3, "episode-reopened", "reopened"))
        assert spans(second) == [
            ("due", instant("2026-03-03T09:00:00Z"), again),
            ("withdrawn", again, FOREVER),
        ]
        assert weighed(second.verdicts[-1].value)[-1] == (5, "considered", "episode-reopened", "reopened")
        assert [(d.trigger, d.verdicts[-1].value.verdict) for d in (first, second, third)] == [
            (2, "withdrawn"),
            (4, "withdrawn"),
            (6, "overdue"),
        ]

    def test_a_reopening_leaves_what_no_end_started(self) -> None:
        """A risk was assessed, and still is."""
        tell = missing_and_back()
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="high")
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        (duty,) = duties(tell, 'starts = [{ fact = "risk-assessed" }]')
        assert [s.value.verdict for s in duty.verdicts] == ["due", "overdue"]

    def test_a_reopening_withdraws_what_the_end_started_and_nothing_else_that_the_rule_starts_on(
        self,
    ) -> None:
        """The rule starts on being located too, which came before."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("located", "2026-03-01T21:00:00Z")
        tell("returned", BACK)
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        located, returned = duties(tell, 'starts = [{ fact = "returned" }, { fact = "located" }]')
        assert [s.value.verdict for s in located.verdicts] == ["due", "overdue"]
        assert [s.value.verdict for s in returned.verdicts] == ["due", "withdrawn"]

    def test_a_reopening_leaves_what_the_episode_started_though_nothing_but_a_return_was_told_of_it(
        self,
    ) -> None:
        """The second within ten days is that, whether the child is back or not."""
        tell = Telling()
        tell("reported", "2026-02-25T20:00:00Z", subject=f"{AUTHORITY}/ME-0")
        tell("returned", BACK)
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        (duty,) = duties(tell, "starts = { episodes = 2, within_days = 10 }")
        assert [s.value.verdict for s in duty.verdicts] == ["due", "overdue"]

    def test_a_retracted_interview_at_the_time_of_the_return(self) -> None:
        """What it started is withdrawn: the return does not say the same."""
        tell = missing_and_back()
        tell("interview-held", BACK)
        tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[2]))
        (shared,) = [d for d in assessed(tell).obligations if d.rule == "return-interview-shared"]
        assert [s.value.verdict for s in shared.verdicts] == ["withdrawn"]
        assert weighed(shared.verdicts[0].value)[0] == (3, "started", "interview-held", "what started it")

    def test_a_retracted_return(self) -> None:
        """At every instant, as if it had been its trigger."""
        tell = missing_and_back()
        tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[1]))
        (duty,) = of_interview(tell)
        gone = self.withdrawn((3, "retracted", "retracted"), due=None)
        (span,) = duty.verdicts
        assert span._replace(value=plain(span.value)) == Span(instant(BACK), FOREVER, gone)

    def test_another_return_that_agrees_still_stands(self) -> None:
        """Then nothing is withdrawn; one at another time was another duty."""
        for back, triggers in ((BACK, [3]), ("2026-03-02T08:00:00Z", [2, 3])):
            tell = missing_and_back()
            tell("returned", back, source="urn:x:home")
            tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[1]))
            assert [duty.trigger for duty in of_interview(tell)] == triggers

    def test_a_retracted_return_was_a_duty_by_the_rules_of_who_answered_then(self) -> None:
        """The one that answers since the hand-over has a rule of its own."""
        tell = missing_and_back()
        transfer = tell("responsibility-transferred", "2026-03-02T09:00:00Z", to=HOST)
        tell("handover-acknowledged", "2026-03-02T10:00:00Z", of=tell.about(transfer))
        tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[1]))
        for authority, count in ((AUTHORITY, 1), (HOST, 0)):
            rule = f'starts = [{{ fact = "returned" }}]\nauthorities = ["{authority}"]'
            assert len(duties(tell, rule)) == count

    def test_a_retracted_return_was_a_duty_by_the_rules_of_who_answers_since(self) -> None:
        """Where nobody did then: the first that is named after it."""
        tell, subject = Telling(), f"{POLICE}/M-1"
        tell("reported", "2026-03-01T20:00:00Z", subject=subject, by=POLICE)
        returned = tell("returned", BACK, subject=subject, by=POLICE)
        named = {"setting": {"responsible_authority": AUTHORITY}}
        tell("profile-recorded", "2026-03-02T09:00:00Z", subject=subject, **named)
        tell("retracted", "2026-03-03T09:00:00Z", subject=subject, target=tell.about(returned))
        rule = f'starts = [{{ fact = "returned" }}]\nauthorities = ["{AUTHORITY}"]'
        ((duty,),) = [episode.obligations for episode in assess(tell, parse(RULE + rule))]
        assert [s.value.verdict for s in duty.verdicts] == ["withdrawn"]

    def test_what_would_never_have_been_a_duty(self) -> None:
        """By another fact, for another authority, or where the rule does not apply."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", setting={"looked_after": "no"})
        tell("returned", BACK)
        tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell[1]))
        returned = 'starts = [{ fact = "returned" }]\n'
        assert [d.trigger for d in duties(tell, returned)] == [2]
        for rule in (
            'starts = [{ fact = "ended-otherwise" }]',
            f'{returned}authorities = ["{HOST}"]',
            f'{returned}in_force_from = "2026-03-01T22:30:01Z"',
            f'{returned}applies_to = [{{ at = "start", looked_after = ["yes"] }}]',
        ):
            assert duties(tell, rule) == (), rule
        for rule in (
            f'{returned}authorities = ["{AUTHORITY}"]',
            returned.replace('"returned"', '"returned", by = "@responsible_authority"'),
            f'{returned}applies_to = [{{ at = "start", legal_status = ["C2"] }}]',
        ):
            assert [d.trigger for d in duties(tell, rule)] == [2], rule

    def test_of_several_that_were_retracted_only_what_would_start_it(self) -> None:
        """Located, and then returned; neither was so."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        for name, when in (("located", "2026-03-01T21:00:00Z"), ("returned", BACK)):
            tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell(name, when)))
        (duty,) = duties(tell, 'starts = [{ fact = "returned" }]')
        assert (duty.trigger, duty.verdicts[0].value.evidence[-1].position) == (4, 5)

    @pytest.mark.parametrize(("looked_after", "triggers"), [("yes", [3]), ("no", [])])
    def test_a_retracted_return_is_judged_by_what_held_at_its_time(
        self, looked_after: str, triggers: list[int]
    ) -> None:
        """Looked after from nine in the evening on."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", setting={"looked_after": "no"})
        tell("setting-changed", "2026-03-01T21:00:00Z", setting={"looked_after": "yes"})
        tell("retracted", "2026-03-03T09:00:00Z", target=tell.about(tell("returned", BACK)))
        applies = f'applies_to = [{{ at = "trigger", looked_after = ["{looked_after}"] }}]'
        found = duties(tell, f'starts = [{{ fact = "returned" }}]\n{applies}')
        assert [duty.trigger for duty in found] == triggers


def test_where_nothing_is_told_of_the_child_there_is_no_duty() -> None:
    """Only that the reference has to do with another."""
    tell = Telling()
    tell("episodes-linked", BACK, with_=f"{AUTHORITY}/ME-2", relation="related")
    assert duties(tell, "starts = { missing_for_hours = 24 }") == ()

"""Limits to the second, for every rule that there is; across both clock changes; and known only by the day."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import HOUR, SECOND, Instant, instant
from domain.rules.rule import Limit, Rule
from domain.rules.rulebook import Rulebook, england, parse
from domain.spans import at
from tests.support.entry_builder import LONG_AFTER, SUBJECT, Telling, missing_and_back
from tests.support.rule_stories import STARTED, story

LOCAL = parse((resources.files("domain.rulebooks") / "example-local.toml").read_text("utf-8"))
RULES = [*england().rules, *(replace(rule, enabled=True) for rule in LOCAL.rules)]
HOURLY = [pytest.param(rule, id=rule.id) for rule in RULES if rule.limit.hours]
LIMITED = [pytest.param(rule, id=rule.id) for rule in RULES if not rule.limit.none]


def judged(tell: Telling, rule: Rule, as_at: Instant) -> list[Verdict]:
    """The verdicts under one rule, of the one episode."""
    book = Rulebook("of-a-test", "1", "t", 24 * HOUR, (rule,), "")
    episode = next(e for e in assess(tell, book) if SUBJECT in e.subjects)
    return [span.value for duty in episode.obligations if (span := at(duty.verdicts, as_at)) is not None]


def last_instant(rule: Rule) -> Instant:
    """The last that is in time."""
    end = rule.limit.end(instant(STARTED))
    assert end is not None
    return end


@pytest.mark.parametrize("rule", HOURLY)
def test_the_stories_start_when_they_say(rule: Rule) -> None:
    """Else nothing below would be about the limit."""
    (found,) = judged(story(rule), rule, instant(STARTED))
    assert (found.started_at, found.condition_unknown) == ((instant(STARTED), instant(STARTED)), ())
    assert judged(story(rule), rule, instant(STARTED) - 7 * HOUR) == []


@pytest.mark.parametrize("rule", LIMITED)
@pytest.mark.parametrize(
    ("past", "then"), [(-SECOND, "met"), (0, "met"), (1, "met_late"), (SECOND, "met_late")]
)
def test_satisfied_at_the_limit(rule: Rule, past: Instant, then: str) -> None:
    """71:59:59 and 72:00:00 are in time, 72:00:01 is late; so for every limit of hours, days and working days."""
    end = last_instant(rule)
    (found,) = judged(story(rule, end + past), rule, max(instant(LONG_AFTER), end + SECOND))
    assert found.verdict == then


@pytest.mark.parametrize("rule", LIMITED)
@pytest.mark.parametrize(
    ("past", "then"), [(-SECOND, "due"), (0, "due"), (1, "overdue"), (SECOND, "overdue")]
)
def test_nothing_yet_at_the_limit(rule: Rule, past: Instant, then: str) -> None:
    """On the instant there is still time."""
    end = last_instant(rule)
    (found,) = judged(story(rule), rule, end + past)
    assert (found.verdict, found.possibly, found.due) == (then, False, (end, end))


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES if rule.limit.none])
def test_without_a_limit_it_is_due_until_it_is_done(rule: Rule) -> None:
    """Never overdue, never late."""
    (found,) = judged(story(rule), rule, instant(LONG_AFTER))
    assert (found.verdict, found.due) == ("due", None)
    late = instant("2026-05-20T00:00:00Z")
    assert [v.verdict for v in judged(story(rule, late), rule, late)] == ["met"]


WORKING = Limit(working_days=3, calendar=next(r.limit.calendar for r in RULES if r.limit.working_days))
AUTUMN, SPRING = "2025-10-24T11:00:00Z", "2026-03-27T12:00:00Z"
"""Noon in London on the Friday before each change of the clocks."""
HELD = next(rule for rule in RULES if rule.id == "return-interview-held")


def returned(when: str, limit: Limit, as_at: str) -> Verdict:
    """The verdict on an interview after a return, nothing held yet."""
    tell = Telling()
    tell("reported", "2025-10-20T09:00:00Z")
    tell("returned", when)
    (found,) = judged(tell, replace(HELD, limit=limit), instant(as_at))
    return found


@pytest.mark.parametrize(
    ("back", "limit", "end"),
    [
        (AUTUMN, Limit(hours=72), "2025-10-27T11:00:00Z"),
        (AUTUMN, Limit(days=3), "2025-10-28T00:00:00Z"),
        (AUTUMN, WORKING, "2025-10-30T00:00:00Z"),
        ("2025-10-26T00:30:00Z", Limit(days=1), "2025-10-28T00:00:00Z"),
        ("2025-10-25T23:30:00Z", Limit(days=1), "2025-10-28T00:00:00Z"),
        ("2025-10-25T22:30:00Z", Limit(days=1), "2025-10-27T00:00:00Z"),
        (SPRING, Limit(hours=72), "2026-03-30T12:00:00Z"),
        (SPRING, Limit(days=3), "2026-03-30T23:00:00Z"),
        (SPRING, WORKING, "2026-04-01T23:00:00Z"),
        ("2026-03-29T00:30:00Z", Limit(days=1), "2026-03-30T23:00:00Z"),
        ("2026-03-28T23:30:00Z", Limit(days=1), "2026-03-29T23:00:00Z"),
        ("2026-03-29T23:30:00Z", Limit(days=1), "2026-03-31T23:00:00Z"),
    ],
)
def test_across_both_clock_changes(back: str, limit: Limit, end: str) -> None:
    """Hours are hours that passed; days and working days end with London's midnight."""
    last = instant(end)
    assert returned(back, limit, end).due == (last, last)
    assert returned(back, limit, end).verdict == "due"
    assert returned(back, limit, end.replace("00Z", "00.000001Z")).verdict == "overdue"


@pytest.mark.parametrize(
    ("day", "limit", "ends"),
    [
        ("2025-10-26", Limit(hours=72), ("2025-10-28T23:00:00Z", "2025-10-30T00:00:00Z")),
        ("2025-10-26", Limit(days=3), ("2025-10-30T00:00:00Z", "2025-10-31T00:00:00Z")),
        ("2025-10-26", WORKING, ("2025-10-30T00:00:00Z", "2025-10-31T00:00:00Z")),
        ("2026-03-29", Limit(hours=72), ("2026-04-01T00:00:00Z", "2026-04-01T23:00:00Z")),
        ("2026-03-29", Limit(days=3), ("2026-04-01T23:00:00Z", "2026-04-02T23:00:00Z")),
    ],
)  # fmt: skip
def test_known_by_its_day_the_limit_lies_between_two(day: str, limit: Limit, ends: tuple[str, str]) -> None:
    """A day of 25 hours, and one of 23. Up to the first end due, after the last overdue, in between possibly."""
    first, last = map(instant, ends)
    for as_at, then in (
        (first, "due"),
        (first + 1, "cannot_tell"),
        (last, "cannot_tell"),
        (last + 1, "overdue"),
    ):
        tell = Telling()
        tell("reported", "2025-10-20T09:00:00Z")
        tell("returned", {"date": day})
        (found,) = judged(tell, replace(HELD, limit=limit), as_at)
        assert (found.verdict, found.possibly) == (then, then == "cannot_tell")
        assert found.due == (first, last)


@pytest.mark.parametrize(
    ("held", "then"),
    [
        ({"date": "2026-03-03"}, "met"),
        ({"date": "2026-03-04"}, "cannot_tell"),
        ({"date": "2026-03-05"}, "met_late"),
        ({"earliest": "2026-03-04T22:00:00Z", "latest": "2026-03-04T22:30:00Z"}, "met"),
        ({"earliest": "2026-03-04T22:30:00Z", "latest": "2026-03-04T23:00:00Z"}, "cannot_tell"),
        ({"earliest": "2026-03-04T22:30:00.000001Z", "latest": "2026-03-04T23:00:00Z"}, "met_late"),
    ],
)
def test_an_interview_known_by_its_day(held: dict[str, str], then: str) -> None:
    """Back at half past ten in the evening of the first: only what straddles half past ten of the fourth."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", held)
    (found,) = judged(tell, HELD, instant(LONG_AFTER))
    assert (found.verdict, found.possibly) == (then, False)

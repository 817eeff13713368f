"""The plan for one child in the period, before anyone reports it: episodes and their interviews.

The number of a child's episodes and the gaps between them are two rows of the table. Both cannot hold for
the few who go missing every other day. Then the number holds, and the gaps shrink to fit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final

from application.simulation import parameters as table
from application.simulation.distributions import MINUTE, hours, log_series, wait, weighted
from application.simulation.people import Authority, Child, child
from domain.moment import HOUR, LONDON, Instant, from_datetime, to_datetime

YEAR: Final[Instant] = int(365.25 * 24) * HOUR
_LEAST_GAP: Final[Instant] = 20 * MINUTE


@dataclass(slots=True)
class Interview:
    """How the return interview goes: each step only when the one before was yes."""

    offered: bool = False
    accepted: bool = False
    held_at: Instant | None = None
    with_next: bool = False
    """Not held by itself: the interview after the next episode covers this one too."""


@dataclass(slots=True)
class Plan:
    """One episode as it truly was. Instants in microseconds; `start` is when it is reported."""

    number: int
    free_from: Instant
    """When the episode before was over, or the period began: nothing of this one is earlier."""
    noticed: Instant
    start: Instant
    end: Instant
    away: bool
    level: str
    harm: bool
    interview: Interview = field(default_factory=Interview)

    @property
    def lasts(self) -> Instant:
        """How long the child is away."""
        return self.end - self.start


@dataclass(slots=True)
class Life:
    """A child and all their episodes in the period, in order."""

    child: Child
    plans: list[Plan]


def life(rng: Random, at: Authority, number: int, period: tuple[Instant, Instant]) -> Life:
    """Draw a child who goes missing at least once in the period, and each of the episodes."""
    spans = _spans(rng, period)
    plans, free = [], period[0]
    for n, (start, end) in enumerate(spans, 1):
        noticed = max(start - wait(rng, 1 / 3, 1.5), (free + start) // 2 // MINUTE * MINUTE)
        away = at.uses_away and rng.random() < table.AWAY
        level, harm = weighted(rng, table.RISK_LEVELS), rng.random() < table.HARM
        plans.append(Plan(n, free, noticed, start, end, away, level, harm))
        free = end
    _plan_interviews(rng, at, plans)
    return Life(child(rng, at, number, spans[0][0], spans[-1][0]), plans)


def how_many(rng: Random, years: float) -> int:
    """How many episodes a child who has any has in so many years."""
    in_year = log_series(rng, table.THETA) if rng.random() < table.REPEATING else 1
    return max(1, int(min(in_year, table.MOST_EPISODES) * years + rng.random()))


def _spans(rng: Random, period: tuple[Instant, Instant]) -> list[tuple[Instant, Instant]]:
    """Start and end of each episode; the last may run on beyond the period."""
    first, last = period
    many = how_many(rng, (last - first) / YEAR)
    away = _fitted([_duration(rng) for _ in range(many)], (last - first) * 7 // 10)
    gaps = [hours(rng, table.GAP_HOURS) + _LEAST_GAP for _ in range(many - 1)]
    room = last - first - sum(away[:-1])
    if sum(gaps) > room * 0.97:
        gaps = _fitted(gaps, int(room * rng.uniform(0.8, 0.97)))
    at = first + int(rng.random() * (room - sum(gaps)))
    spans, free = [], first
    for gap, length in zip([*gaps, 0], away, strict=True):
        start = _start(rng, at, free, last)
        spans.append((start, start + length))
        free, at = start + length, max(at + length + gap, start + length + _LEAST_GAP)
    return [span for span in spans if span[0] < last]


def _fitted(lengths: list[Instant], most: Instant) -> list[Instant]:
    """The same lengths, all shortened alike if together they are longer than there is time for."""
    total = sum(lengths)
    return lengths if total <= most else [length * most // total // MINUTE * MINUTE for length in lengths]


def _duration(rng: Random) -> Instant:
    law = table.LONG_HOURS if rng.random() < table.LONG_SHARE else table.DURATION_HOURS
    return max(2 * MINUTE, hours(rng, law))


def _start(rng: Random, about: Instant, free: Instant, last: Instant) -> Instant:
    """A time on that day, by the weights of the hours, after the child was back; or at once, if there is none."""
    day = to_datetime(about).astimezone(LONDON).date()
    for _ in range(6):
        at = _local(day, weighted(rng, _HOURS[day.weekday()]), rng.randrange(60))
        if free + _LEAST_GAP <= at < last:
            return at
    return max(about // MINUTE * MINUTE, free + _LEAST_GAP)


def _local(day: date, hour: int, minute: int) -> Instant:
    return from_datetime(datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON))


def _hours_of(weekday: int) -> list[tuple[int, float]]:
    """The weights of a weekday (0 is Monday): the nights that begin on Friday and Saturday count more."""
    boosted = {(4, 22), (4, 23), (5, 0), (5, 22), (5, 23), (6, 0)}
    boost = table.WEEKEND_NIGHT_BOOST
    return [
        (hour, weight * (boost if (weekday, hour) in boosted else 1))
        for hour, weight in enumerate(table.HOUR_WEIGHTS)
    ]


_HOURS: Final = [_hours_of(weekday) for weekday in range(7)]


def _plan_interviews(rng: Random, at: Authority, plans: list[Plan]) -> None:
    """Offer, acceptance and time for each; one in four that a next absence overtakes is held with the next's."""
    for n, plan in enumerate(plans):
        interview = plan.interview
        interview.offered = rng.random() < at.offered
        interview.accepted = interview.offered and rng.random() < table.ACCEPTED
        if interview.accepted and rng.random() < table.HELD:
            interview.held_at = _held_at(rng, plan, plans[n + 1 :])
    for plan, following in pairwise(plans):
        held, then = plan.interview.held_at, following.interview.held_at
        if held and then and held > following.start and rng.random() < 0.25:
            plan.interview.held_at, plan.interview.with_next = None, True


def _held_at(rng: Random, plan: Plan, later: list[Plan]) -> Instant | None:
    """A time at which the child is there; None when they keep being away.

    Drawn again on the same side of 72 hours: the share within is a published figure, and stays.
    """
    in_time = None
    for _ in range(30):
        after = max(10 * MINUTE, hours(rng, table.INTERVIEW_HOURS))
        at, soon = plan.end + after, after <= 72 * HOUR
        in_time = soon if in_time is None else in_time
        if soon == in_time and not any(p.noticed <= at <= p.end for p in _until(later, at)):
            return at
    return None


def _until(plans: list[Plan], at: Instant) -> list[Plan]:
    return [p for p in plans if p.noticed <= at]


def day_after(at: Instant, hour: int) -> Instant:
    """The next time that it is that hour in London."""
    local = to_datetime(at).astimezone(LONDON)
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return _local(day, hour, 0)

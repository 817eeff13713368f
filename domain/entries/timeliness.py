"""Arrivals: how what a system sends comes in: how late, how regularly, and whether it has fallen silent.

Everything is reckoned from a system's last entries (WINDOW), exactly; a percentile is an entry's own value, the
least that so many in a hundred do not exceed (nearest rank).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil
from typing import Final, NamedTuple

from domain.entries.entry import Entry
from domain.moment import LONDON, Instant, read_moment, to_datetime

WINDOW: Final = 1_000
"""The last entries of a source, of which figures are."""
_HABIT: Final = 95
_DAY: Final = 1


class Lateness(NamedTuple):
    """How long after something entries were recorded: microseconds."""

    entries: int
    """Of how many it could be said."""
    median: Instant
    percentile_90: Instant


class Arrival(NamedTuple):
    """One entry's coming in."""

    recorded_at: Instant
    after_happened: Instant | None = None
    """Recorded so long after the latest at which it can have happened; None when nobody can tell."""
    after_learned: Instant | None = None
    """The same of when the sender's organisation learned of it; None when it did not say."""


def arrival(entry: Entry) -> Arrival:
    """How an entry came in, by its own words; ValueError when they cannot be read."""
    learned = entry.data.get("learned_at")
    return Arrival(
        entry.recorded_at,
        _after(entry.recorded_at, entry.happened.latest),
        None if learned is None else _after(entry.recorded_at, read_moment(learned).latest),
    )


def _after(recorded_at: Instant, when: Instant | None) -> Instant | None:
    """What a clock that runs ahead, or a day that is not over, puts after its recording was not late."""
    return None if when is None else max(0, recorded_at - when)


def lateness(late: Iterable[Instant | None]) -> Lateness | None:
    """How late entries came; None when it can be said of none."""
    known = sorted(each for each in late if each is not None)
    return Lateness(len(known), percentile(known, 50), percentile(known, 90)) if known else None


def percentile(ordered: Sequence[int], share: int) -> int:
    """The least of the values that so many in a hundred do not exceed."""
    return ordered[ceil(len(ordered) * share / 100) - 1]


def habit(recorded: Iterable[Instant]) -> int:
    """How many days a system lets pass between days on which it sends, 95 times in a hundred; one at the least.

    Days are London's. What sends on working days has a habit of three, a weekly extract one of seven.
    """
    days = sorted({_day(at) for at in recorded})
    gaps = sorted(later - one for one, later in pairwise(days))
    return max(_DAY, percentile(gaps, _HABIT)) if gaps else _DAY


def silent_for(last: Instant, now: Instant) -> int:
    """How many days after the day of its last entry it is; none, where that came later."""
    return max(0, _day(now) - _day(last))


def _day(at: Instant) -> int:
    return to_datetime(at).astimezone(LONDON).toordinal()

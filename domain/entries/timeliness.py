"""Timeliness of a system's entries: how late, how regularly, and whether the system has fallen silent.

Everything is calculated from a system's last entries (WINDOW), exactly. A percentile is an entry's own value: the
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
"""The last entries of a source, on which its figures rest."""
_HABIT: Final = 95
_DAY: Final = 1


class Lateness(NamedTuple):
    """The lateness of entries, after an event or after its organisation learned of it: microseconds."""

    entries: int
    """Number of entries whose lateness is known."""
    median: Instant
    percentile_90: Instant


class Arrival(NamedTuple):
    """The timeliness of one entry."""

    recorded_at: Instant
    after_happened: Instant | None = None
    """Time from the latest at which it can have happened to its recording; None when it cannot be known."""
    after_learned: Instant | None = None
    """Time from when the sender's organisation learned of it to its recording; None when it did not say."""


def arrival(entry: Entry) -> Arrival:
    """Return how an entry came in, by its own words; ValueError when they cannot be read."""
    learned = entry.data.get("learned_at")
    return Arrival(
        entry.recorded_at,
        _after(entry.recorded_at, entry.happened.latest),
        None if learned is None else _after(entry.recorded_at, read_moment(learned).latest),
    )


def _after(recorded_at: Instant, when: Instant | None) -> Instant | None:
    """Return the time between; an entry before the end of its day, or from a clock that runs ahead, was not late."""
    return None if when is None else max(0, recorded_at - when)


def lateness(late: Iterable[Instant | None]) -> Lateness | None:
    """Return how late entries came; None when it can be said of none."""
    known = sorted(each for each in late if each is not None)
    return Lateness(len(known), percentile(known, 50), percentile(known, 90)) if known else None


def percentile(ordered: Sequence[int], share: int) -> int:
    """Return the least of the values that so many in a hundred do not exceed."""
    return ordered[ceil(len(ordered) * share / 100) - 1]


def habit(recorded: Iterable[Instant]) -> int:
    """Return how many days a system lets pass between days on which it sends, 95 times in a hundred; one at the least.

    Days are London's. What sends on working days has a habit of three, a weekly extract one of seven.
    """
    days = sorted({_day(at) for at in recorded})
    gaps = sorted(later - one for one, later in pairwise(days))
    return max(_DAY, percentile(gaps, _HABIT)) if gaps else _DAY


def silent_for(last: Instant, now: Instant) -> int:
    """Return how many days after the day of its last entry it is; none, where that came later."""
    return max(0, _day(now) - _day(last))


def _day(at: Instant) -> int:
    return to_datetime(at).astimezone(LONDON).toordinal()

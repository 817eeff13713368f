"""What is recorded: events of simulated authorities, never the same one twice in a run."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from application.simulation import simulate
from domain.entries.entry import Submission
from interface.validation import parse_event

AUTHORITY: Final = "E08000025"
PRINCIPAL: Final = "c_benchmarks"
_CHILDREN: Final = 400
"""Of one simulated authority: enough that neighbours in the feed are mostly of different episodes."""
_FROM, _TO = date(2024, 1, 1), date(2024, 12, 31)
_SEEDS: Final = itertools.count(1)


def seed() -> int:
    """An authority that no other part of this run has used. Ask in one process only."""
    return next(_SEEDS)


def events(of: int, count: int) -> list[dict[str, Any]]:
    """The first events of the simulated authority `of`, in the order of their arrival, none sent twice."""
    first = {(event["source"], event["id"]): event for event in itertools.islice(_endless(of), 2 * count)}
    return list(first.values())[:count]


def _endless(of: int) -> Iterator[dict[str, Any]]:
    """A year of that authority, then years of others that only it leads to."""
    for year in itertools.count():
        yield from simulate(AUTHORITY, _CHILDREN, _FROM, _TO, of + 1_000_000 * year)


def submissions(of: int, count: int) -> list[Submission]:
    """The same, as they come out of the door."""
    now = time.time_ns() // 1000
    return [parse_event(event, principal=PRINCIPAL, namespace=None, now=now) for event in events(of, count)]

"""A ledger that holds so many entries already: whole years of simulated authorities, in batches, and its views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, Final

from application.projections.follower import Follower
from application.simulation import simulate
from benchmarks import feed
from benchmarks.machine import Machine
from interface.wiring.record_batches import batches, record

YEAR: Final = (date(2024, 1, 1), date(2024, 12, 31))
_PER_CHILD: Final = 110
"""Entries that a year of one child is, roughly; a larger ledger is one of more children, not of longer stories."""


def year(seed: int, entries: int) -> Iterator[dict[str, Any]]:
    """So many events of the simulated authority `seed`, which has as many children as that takes."""
    return islice(simulate(feed.AUTHORITY, 1 + entries // _PER_CHILD * 5 // 4, *YEAR, seed), entries)


def fill(machine: Machine, dsn: str, events: Iterable[dict[str, Any]]) -> None:
    """Record events and bring the views to them."""
    with machine.opened(dsn) as ledger:
        for batch in batches(events, 1000):
            record(ledger, batch)
    Follower(dsn).catch_up()

"""Suite: reading one episode, and one page of each list, as the ledger grows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Final

from benchmarks import client, feed
from benchmarks.filling import fill, year
from benchmarks.machine import Machine, database_of
from benchmarks.rounds import Against, Measured, Suite, Trial, arm
from benchmarks.serving import Server, serving

SIZES: Final = (10_000, 100_000)
_EPISODES: Final = 20
OVERDUE: Final = "what is overdue"
_READS: Final = {
    "episode": "/v1/episodes/{subject}",
    "timeline": "/v1/episodes/{subject}/timeline",
    "who is missing": "/v1/episodes?open=true&limit=4",
    OVERDUE: "/v1/obligations?verdict=overdue&limit=50",
    "who was missing in July": "/v1/episodes?open=true&limit=4&as_at=2024-07-01T00:00:00Z",
}
"""The year is 2024, and its last day long ago: what is missing or overdue now was never told to have ended.
Pages are as long as the smallest ledger can fill, so that all are the same work to answer.
"""


def suite(machine: Machine, seconds: float, stack: ExitStack, sizes: Sequence[int] = SIZES) -> Suite:
    """One ledger of each size, each with its server; one request in flight, so that a rate is a time.

    The smallest is part of all others, and the same of its episodes are read in each: what grows is only
    what stands beside them.
    """
    arms: dict[str, str] = {}
    trials: list[Trial] = []
    shared = feed.seed()
    for size in sizes:
        dsn = machine.new_ledger()
        fill(machine, dsn, chain(year(shared, sizes[0]), year(feed.seed(), size - sizes[0])))
        server = stack.enter_context(serving(machine, dsn, workers=1))
        subjects = _sample(machine, dsn, shared)
        for name, path in _READS.items():
            arms[_arm(name, size)] = f"GET {path}, {size:,} entries"
            requests = [client.get(server.token, path.format(subject=subject)) for subject in subjects]
            trials.append(arm(_arm(name, size), _reading(server, requests * 100, seconds / 2)))
    pairs = [(name, size) for name in _READS for size in sizes[1:]]
    compared = [Against(_arm(name, size), _arm(name, sizes[0])) for name, size in pairs]
    compared += [Against(_arm(OVERDUE, size), _arm(OVERDUE, sizes[0]), 1.5, share=0.99) for size in sizes[1:]]
    return Suite("Read as the ledger grows, one request at a time", "requests", arms, trials, compared)


def _arm(name: str, size: int) -> str:
    return f"{name}, {size // 1000:,}k"


def _reading(server: Server, requests: Sequence[bytes], seconds: float) -> Callable[[], Measured]:
    return lambda: client.drive(server.port, requests, 1, seconds, 200)


def _sample(machine: Machine, dsn: str, seed: int) -> list[str]:
    """Some episodes of one simulated authority, the same from every ledger that holds it."""
    query = f"select subject from ledger.streams where subject like '%/ME-{seed}-%' order by subject"
    subjects = [subject for (subject,) in machine.execute(query, database_of(dsn))]
    return random.Random(1).sample(subjects, min(_EPISODES, len(subjects)))

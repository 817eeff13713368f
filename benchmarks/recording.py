"""Suite: `Ledger.record` in process, one event a call, against pgbench and the stock library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from application.recording.outcomes import Recorded
from benchmarks import crowd, feed, plain, stock
from benchmarks.crowd import Crowd, Step
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Measured, Suite, arm
from domain.entries.entry import Submission
from interface.settings import Settings
from interface.wiring.open_ledger import opened

_AT_MOST: Final = 12_000
"""Events a second that nobody here reaches: so many are made for each second."""
THREADS: Final = 32


@dataclass(frozen=True)
class Record:
    """Record one submission a call."""

    settings: Settings
    count: int

    def items(self, seed: int) -> Sequence[Submission]:
        """Submissions of an authority of its own."""
        return feed.submissions(seed, self.count)

    @contextmanager
    def opened(self) -> Iterator[Step]:
        """A ledger, and its `record`."""
        with opened(self.settings) as ledger:

            def step(item: Submission) -> None:
                [outcome] = ledger.record([item])
                assert isinstance(outcome, Recorded), outcome

            yield step


def suite(machine: Machine, seconds: float, _: ExitStack) -> Suite:
    """The arms on one database, with equal indexes."""
    dsn = machine.new_ledger()
    plain.prepare(machine, dsn)
    stock.prepare(machine, dsn)
    library = stock.Save(dsn, int(_AT_MOST * seconds / 4))

    def ledger(processes: int) -> Measured:
        task = Record(machine.settings(dsn), int(_AT_MOST * seconds / processes))
        return run(task, Crowd(processes, THREADS // processes, seconds))

    return Suite(
        "Record one event a call",
        "events",
        {
            "pgbench": "32 clients, each row committed by itself",
            "stock library": "Application.save, PostgresApplicationRecorder, 32 threads",
            "ledger": "Ledger.record, 1 process, 32 threads",
            "ledger, 2 processes": "Ledger.record, 2 processes of 16 threads",
        },
        (
            arm("pgbench", lambda: plain.commit(machine, dsn, THREADS, seconds)),
            arm("stock library", lambda: run(library, Crowd(1, THREADS, seconds))),
            arm("ledger", lambda: ledger(1)),
            arm("ledger, 2 processes", lambda: ledger(2)),
        ),
        (
            Against("ledger", "stock library", 3.0),
            Against("ledger, 2 processes", "stock library"),
            Against("ledger", "pgbench", 0.37),
            Against("ledger, 2 processes", "pgbench"),
            Against("stock library", "pgbench"),
        ),
    )


def run(task: crowd.Task, size: Crowd) -> Measured:
    """Let a crowd work, each process on an authority that nobody else has."""
    return crowd.run(task, size, [feed.seed() for _ in range(size.processes)])

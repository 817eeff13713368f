"""Suite: a follower that lives beside one process that records, and how soon it is at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final

from application.projections.follower import Follower
from application.projections.progress import lag
from application.store.database import Database
from benchmarks.crowd import Crowd
from benchmarks.machine import Machine
from benchmarks.recording import THREADS, Record, run
from benchmarks.rounds import Against, Measured, Suite, arm
from interface.settings import for_child
from interface.wiring.child_processes import Part

_AT_MOST: Final = 12_000
"""Events a second that nobody here reaches."""


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """One ledger with a follower, and one without."""
    followed, alone = machine.new_ledger(), machine.new_ledger()
    part = Part("follow", environment=for_child(machine.settings(followed)))
    stack.callback(part.stop)
    database = Database(followed)
    stack.callback(database.close)
    Follower(followed).catch_up()
    task = Record(machine.settings(alone), int(_AT_MOST * seconds))
    return Suite(
        "Follow one process that records",
        "events",
        {
            "recording alone": "Ledger.record, 1 process, 32 threads, no follower",
            "recording": "the same, a follower beside it",
            "following": "what was recorded, over the time from its begin until the views are complete to its end",
        },
        (
            arm("recording alone", lambda: run(task, Crowd(1, THREADS, seconds))),
            lambda: _followed(machine, followed, database, seconds),
        ),
        (Against("following", "recording", 0.5), Against("following", "recording alone")),
    )


def _followed(machine: Machine, dsn: str, database: Database, seconds: float) -> Mapping[str, Measured]:
    """Record for a while, then wait until everything is in the views."""
    task = Record(machine.settings(dsn), int(_AT_MOST * seconds))
    recorded = run(task, Crowd(1, THREADS, seconds))
    while lag(database).behind:
        time.sleep(0.005)
    count = len(recorded.millis)
    began = recorded.ended - count / recorded.rate
    return {"recording": recorded, "following": Measured(count / (time.monotonic() - began))}

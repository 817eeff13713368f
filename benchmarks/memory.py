"""Suite: how much memory the long work takes at most, as the ledger grows. Each is a process of its own.

`python -m benchmarks.memory WORK DSN` does one piece of work and prints the greatest size that it had, in KiB.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from application.projections import table_sets as sets
from application.projections.connection import LIVE
from application.projections.follower import Follower
from application.projections.measures_table import PeriodFilter
from application.projections.rebuild import rebuild
from application.queries.episodes.person_loader import KnownAt
from application.rulebooks.what_if import WhatIf, WhatIfQuery
from application.store.database import Database
from benchmarks import feed
from benchmarks.filling import fill, year
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Measured, Suite, Trial, arm
from domain.moment import instant
from domain.rules.rulebook import cached, england

SIZES: Final = (20_000, 100_000)
LARGE: Final = (100_000, 1_000_000)
_YEAR: Final = (instant("2024-01-01T00:00:00Z"), instant("2025-01-01T00:00:00Z"))


def _follow(dsn: str) -> None:
    """Every entry in turn, as if nobody had followed yet and the end were never far."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        names = (name for name in sets.tables(owner, LIVE) if name != "progress")
        owner.execute(
            sql.SQL("truncate {}").format(sql.SQL(", ").join(sql.Identifier(LIVE, n) for n in names))
        )
        owner.execute("update views.progress set position = 0, rulebook_position = null")
    Follower(dsn, far=sys.maxsize).catch_up()


def _what_if(dsn: str) -> None:
    """The whole year, judged by another limit."""
    database, book = Database(dsn), cached(england().text.replace("hours = 72", "hours = 48"))
    [[size]] = database.rows("select position from ledger.heads where log = 1")
    wanted = PeriodFilter(from_=_YEAR[0], to=_YEAR[1], as_at=_YEAR[1])
    question = WhatIfQuery(wanted=wanted, known_at=KnownAt(size, size), book=book)
    for _ in WhatIf(database, question, lambda _reached, _last: None).changes():
        pass
    database.close()


WORK: Final[dict[str, Callable[[str], object]]] = {"follow": _follow, "rebuild": rebuild, "what-if": _what_if}
"""What is measured, by name: each takes the address of a ledger."""


def suite(machine: Machine, _seconds: float, _: ExitStack, sizes: Sequence[int] = SIZES) -> Suite:
    """A ledger of each size."""
    arms: dict[str, str] = {}
    trials: list[Trial] = []
    for size in sizes:
        dsn = machine.new_ledger()
        fill(machine, dsn, year(feed.seed(), size))
        for work in WORK:
            name = _arm(work, size)
            arms[name] = f"the most memory of a process that does `{work}` on {size:,} entries"
            trials.append(arm(name, partial(_peak, work, dsn)))
    compared = [Against(_arm(work, size), _arm(work, sizes[0])) for work in WORK for size in sizes[1:]]
    return Suite("Memory as the ledger grows", "MiB", arms, trials, compared, each_second=False)


def _arm(work: str, size: int) -> str:
    return f"{work}, {size // 1000:,}k"


def _peak(work: str, dsn: str) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", work, dsn], check=True, capture_output=True, text=True
    )
    return Measured(int(done.stdout) / 1024)


def _high_water() -> int:
    """The most memory that this process had, in KiB; `getrusage` would tell of the process that started it too."""
    found = re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    assert found is not None  # Linux, as all these measurements
    return int(found[1])


if __name__ == "__main__":
    WORK[sys.argv[1]](sys.argv[2])
    print(_high_water())

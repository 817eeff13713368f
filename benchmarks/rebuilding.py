"""Suite: a rebuild of all views, against reading the same entries and doing nothing with them."""

from __future__ import annotations

import time
from contextlib import ExitStack

import psycopg

from application.projections.rebuild import rebuild
from benchmarks import feed
from benchmarks.filling import fill, year
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Measured, Suite, arm

_PER_SECOND = 4_000
"""Entries for each second of an arm: what a rebuild gets through."""
_PAGE = 5_000


def suite(machine: Machine, seconds: float, _: ExitStack) -> Suite:
    """One ledger, read and rebuilt. Each arm but the last is one connection of one process, on one core at a time."""
    dsn = machine.new_ledger()
    entries = int(_PER_SECOND * seconds)
    fill(machine, dsn, year(feed.seed(), entries))
    return Suite(
        f"Rebuild the views of {entries:,} entries",
        "entries",
        {
            "keyset read": f"pages of {_PAGE:,} raw lines by position, binary, one connection",
            "rebuild": "ledger rebuild: read, assess, write beside, compare, change places",
            "rebuild in two": "ledger rebuild --processes 2: the same, its persons shared out; by the clock",
        },
        (
            arm("keyset read", lambda: read_raw(dsn, seconds / 2)),
            arm("rebuild", lambda: _rebuild(dsn, entries)),
            arm("rebuild in two", lambda: _rebuild(dsn, entries, processes=2)),
        ),
        (Against("rebuild", "keyset read", 0.10), Against("rebuild in two", "rebuild")),
    )


def read_raw(dsn: str, seconds: float) -> Measured:
    """Read all, again and again, until the time is over."""
    count, began = 0, time.monotonic()
    with psycopg.connect(dsn, autocommit=True) as connection:
        while time.monotonic() - began < seconds:
            count += _read_all(connection)
    return Measured(count / (time.monotonic() - began))


def _read_all(connection: psycopg.Connection) -> int:
    count = position = 0
    query = (
        "select position, stream_no, line from ledger.entries where position > %s order by position limit %s"
    )
    with connection.cursor(binary=True) as cursor:
        while rows := cursor.execute(query, (position, _PAGE)).fetchall():
            count, position = count + len(rows), rows[-1][0]
    return count


def _rebuild(dsn: str, entries: int, processes: int = 1) -> Measured:
    began = time.monotonic()
    report = rebuild(dsn, processes=processes)
    if report.differences:
        raise RuntimeError(f"the rebuilt views differ: {report.differences}")
    return Measured(entries / (time.monotonic() - began))

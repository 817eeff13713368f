"""Suite: batches of a thousand, in process and over HTTP, against binary COPY of the very same rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, TypeVar

import psycopg

from application.recording.ledger import Ledger
from application.recording.outcomes import Recorded
from benchmarks import client, feed
from benchmarks.machine import Machine, database_of
from benchmarks.rounds import Against, Measured, Suite, arm
from benchmarks.serving import Server, serving

T = TypeVar("T")
BATCH: Final = 1000
_AT_MOST: Final = 12_000
"""Events a second that nobody here reaches."""
_TABLES: Final = {
    "children": "no > %(children)s",
    "streams": "no > %(streams)s",
    "stream_children": "stream_no > %(streams)s",
    "stream_names": "stream_no > %(streams)s",
    "entries": "position > %(position)s",
    "event_ids": "position > %(position)s",
    "sealed_values": "position > %(position)s",
    "mentions": "position > %(position)s",
    "child_mentions": "position > %(position)s",
}
"""Every table that an append writes rows to, and which of them are new."""


class Copies:
    """The same tables in another schema, with the same indexes, filled by COPY from the same rows."""

    def __init__(self, machine: Machine, dsn: str) -> None:
        """Make the tables; nothing is copied yet."""
        twins = (f"create table twin.{name} (like ledger.{name} including all);" for name in _TABLES)
        machine.execute("create schema twin; " + " ".join(twins), database_of(dsn))
        self._dsn, self._reached = dsn, {"children": 0, "streams": 0, "position": 0}

    def run(self) -> Measured:
        """COPY in what was recorded since the last time: all rows in one transaction, from memory."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            rows = {name: self._new(connection, name, which) for name, which in _TABLES.items()}
            before = self._reached["position"]
            self._reached = _reached(connection)
            began = time.monotonic()
            with connection.transaction(), connection.cursor() as cursor:
                for name, parts in rows.items():
                    with cursor.copy(f"copy twin.{name} from stdin (format binary)") as copy:
                        for part in parts:
                            copy.write(part)
            return Measured((self._reached["position"] - before) / (time.monotonic() - began))

    def _new(self, connection: psycopg.Connection, name: str, which: str) -> list[bytes]:
        query = f"copy (select * from ledger.{name} where {which}) to stdout (format binary)"
        with connection.cursor() as cursor, cursor.copy(query, self._reached) as copy:
            return [bytes(part) for part in copy]


def _reached(connection: psycopg.Connection) -> dict[str, int]:
    row = connection.execute(
        "select (select max(no) from ledger.children), (select max(no) from ledger.streams), position"
        " from ledger.heads where log = 1"
    ).fetchone()
    assert row is not None
    return dict(zip(("children", "streams", "position"), row, strict=True))


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """The arms on one database; ledger and server run as long as the stack."""
    dsn = machine.new_ledger()
    ledger = stack.enter_context(machine.opened(dsn))
    one, two = (stack.enter_context(serving(machine, dsn, workers=workers)) for workers in (1, 2))
    copies = Copies(machine, dsn)
    _record(ledger, seconds)
    return Suite(
        "Batches of 1000",
        "events",
        {
            "COPY": "binary COPY of the rows that the other arms wrote, all tables, one transaction, from memory",
            "ledger": "Ledger.record, one caller",
            "ledger over HTTP": "ledger serve, one batch in flight",
            "ledger over HTTP, 2 at once": "ledger serve --workers 2, two batches in flight",
        },
        (
            arm("COPY", copies.run),
            arm("ledger", lambda: _record(ledger, seconds)),
            arm("ledger over HTTP", lambda: _post(one, 1, seconds)),
            arm("ledger over HTTP, 2 at once", lambda: _post(two, 2, seconds)),
        ),
        (
            Against("ledger", "COPY"),
            Against("ledger over HTTP", "COPY", 0.20),
            Against("ledger over HTTP, 2 at once", "COPY", 0.20),
        ),
    )


def _record(ledger: Ledger, seconds: float) -> Measured:
    given = feed.submissions(feed.seed(), int(_AT_MOST * seconds))
    millis = []
    began = before = time.monotonic()
    for batch in _batches(given):
        assert all(isinstance(outcome, Recorded) for outcome in ledger.record(batch))
        after = time.monotonic()
        millis.append(1000 * (after - before))
        if after - began > seconds:
            break
        before = after
    return Measured(BATCH * len(millis) / (time.monotonic() - began), tuple(sorted(millis)))


def _post(server: Server, in_flight: int, seconds: float) -> Measured:
    events = feed.events(feed.seed(), int(_AT_MOST * seconds))
    requests = [client.post(server.token, client.BATCH, batch) for batch in _batches(events)]
    measured = client.drive(server.port, requests, in_flight, seconds, 200)
    return Measured(BATCH * measured.rate, measured.millis)


def _batches(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[n : n + BATCH] for n in range(0, len(items) - BATCH + 1, BATCH)]

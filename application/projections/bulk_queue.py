"""The queue of a reassessment in bulk: the streams still to do. A stream leaves it once its person is done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg


def fill(connection: psycopg.Connection[Any], after: int, upto: int) -> None:
    """Fill the queue from the start: every stream with an entry after a position, up to another."""
    connection.execute("truncate todo")
    if after == 0:
        connection.execute("insert into todo select no from ledger.streams where subject not like 'ledger/%'")
        return
    connection.execute(
        "insert into todo select distinct stream_no from ledger.entries"
        " where position > %s and position <= %s and child_no is not null",
        (after, upto),
    )


def add(connection: psycopg.Connection[Any], after: int, upto: int, newest: int) -> list[int]:
    """Queue the streams of the entries after a position and up to another; return those of the newest entries."""
    with connection.transaction():
        connection.execute(
            "insert into todo select distinct stream_no from ledger.entries"
            " where position > %s and position <= %s and child_no is not null on conflict do nothing",
            (after, upto),
        )
        found = connection.execute(
            "select stream_no from ledger.entries where position > %s and position <= %s and child_no is not null"
            " group by stream_no order by max(position) desc limit %s",
            (after, upto, newest),
        )
        return [no for (no,) in found]


def page(connection: psycopg.Connection[Any], most: int, taken: Collection[int] = ()) -> list[int]:
    """Return the next streams, without those that another process has taken already."""
    found = connection.execute(
        "select stream_no from todo where stream_no <> all(%s) order by stream_no limit %s",
        (list(taken), most),
    )
    return [no for (no,) in found]


def done(connection: psycopg.Connection[Any], streams: Collection[int]) -> int:
    """Remove these streams from the queue; return how many were on it."""
    return connection.execute("delete from todo where stream_no = any(%s)", (list(streams),)).rowcount


def count(connection: psycopg.Connection[Any]) -> int:
    """Return how many streams are still to do."""
    row = connection.execute("select count(*) from todo").fetchone()
    return 0 if row is None else int(row[0])

"""Todo: the streams that a redoing in bulk has still before it. What is done with its person is struck off."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg


def fill(connection: psycopg.Connection[Any], after: int, upto: int) -> None:
    """Begin anew: every stream with an entry after a position, up to another."""
    connection.execute("truncate todo")
    if after == 0:
        connection.execute("insert into todo select no from ledger.streams where subject not like 'ledger/%'")
        return
    connection.execute(
        "insert into todo select distinct stream_no from ledger.entries"
        " where position > %s and position <= %s and child_no is not null",
        (after, upto),
    )


def page(connection: psycopg.Connection[Any], most: int, taken: Collection[int] = ()) -> list[int]:
    """The next ones, but for those that somebody has taken already."""
    found = connection.execute(
        "select stream_no from todo where stream_no <> all(%s) order by stream_no limit %s",
        (list(taken), most),
    )
    return [no for (no,) in found]


def done(connection: psycopg.Connection[Any], streams: Collection[int]) -> int:
    """Strike these off, as far as they are on it; how many were."""
    return connection.execute("delete from todo where stream_no = any(%s)", (list(streams),)).rowcount


def count(connection: psycopg.Connection[Any]) -> int:
    """How many there are."""
    row = connection.execute("select count(*) from todo").fetchone()
    return 0 if row is None else int(row[0])

"""Connections that write views: in the follower's role, one set of tables on their search path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from application.projections import text_array as arrays
from application.store.database import as_role

LIVE, NEXT, OLD = "views", "views_next", "views_old"
"""The tables that are read, those that a rebuild fills beside them, and those that were live before (`sets`)."""
FOLLOWING: Final = 7_301_150_115
"""The advisory lock of the one active follower."""
REBUILDING: Final = 7_301_150_116
"""The advisory lock of the one rebuild."""


def connect(dsn: str) -> psycopg.Connection[Any]:
    """A connection of one's own, in autocommit, that writes the live views."""
    connection = psycopg.connect(as_role(dsn, "ledger_follower"), autocommit=True)
    arrays.register(connection)
    use(connection, LIVE)
    return connection


def use(connection: psycopg.Connection[Any], schema: str) -> None:
    """From now on tables without a schema are those of this one."""
    connection.execute(sql.SQL("set search_path = {}").format(sql.Identifier(schema)))


def try_lock(connection: psycopg.Connection[Any], lock: int) -> bool:
    """Take an advisory lock until the connection ends, if nobody has it."""
    [taken] = connection.execute("select pg_try_advisory_lock(%s)", (lock,)).fetchone() or (False,)
    return bool(taken)


@contextmanager
def lock_held(connection: psycopg.Connection[Any], lock: int) -> Iterator[bool]:
    """Hold an advisory lock for as long as this lasts, if nobody has it: whether it does.

    It is let go by name, since the locks of a connection that merely ends outlive it for a moment, and whoever
    comes right after would find them taken.
    """
    taken = try_lock(connection, lock)
    try:
        yield taken
    finally:
        if taken:
            with suppress(psycopg.Error):  # then the connection is broken, and ends
                connection.execute("select pg_advisory_unlock(%s)", (lock,))

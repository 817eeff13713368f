"""Advisory locks of PostgreSQL: one active follower, one rebuild, one sealer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg


def try_lock(connection: psycopg.Connection[Any], lock: int) -> bool:
    """Take an advisory lock until the connection ends, if nobody has it."""
    [taken] = connection.execute("select pg_try_advisory_lock(%s)", (lock,)).fetchone() or (False,)
    return bool(taken)


@contextmanager
def lock_held(connection: psycopg.Connection[Any], lock: int) -> Iterator[bool]:
    """Hold an advisory lock for as long as this lasts, if nobody has it; yield whether it is held.

    The lock is released by name. The locks of a connection that merely ends outlive it for a moment, and the next
    process would find them taken.
    """
    taken = try_lock(connection, lock)
    try:
        yield taken
    finally:
        if taken:
            with suppress(psycopg.Error):  # then the connection is broken, and ends
                connection.execute("select pg_advisory_unlock(%s)", (lock,))

"""Connections to PostgreSQL, in the service's role, whoever the address belongs to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from domain.errors import NotRecorded

_KEEPALIVE: Final = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
}


_BY_INDEX: Final = ("enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off", "jit=off")
"""Whatever a role of ours asks is looked up by index. The planner cannot know how far a person's links reach;
left to itself it read every entry for one episode, and took longer with every entry."""


_TRY: Final = 1.0
"""Seconds after which a connection that is waited for is asked for anew. The pool itself would wait twice as
long before each further try, and so stay away for minutes from a database that is back."""


class Unreachable(NotRecorded):
    """The database cannot be reached."""


def as_role(dsn: str, role: str | None) -> str:
    """The same address, with every connection in that role (its own when None), and a dead link noticed."""
    held = conninfo_to_dict(dsn)
    ours = () if role is None else (f"role={role}", *_BY_INDEX)
    options = " ".join([str(held.get("options") or ""), *(f"-c {setting}" for setting in ours)]).strip()
    return make_conninfo(dsn, **{"connect_timeout": 5, **_KEEPALIVE, **held, "options": options})


class Database:
    """A few pooled connections in autocommit, opened at first use and again in a forked process."""

    def __init__(
        self, dsn: str, role: str | None = "ledger_service", *, most: int = 8, patience: float = 5.0
    ) -> None:
        """Remember the address; nothing is opened yet. The role None is the owner's own (to migrate, to manage).

        `patience`: seconds to wait for a connection.
        """
        self.dsn = as_role(dsn, role)
        self._most, self._patience = most, patience
        self._pool: ConnectionPool[psycopg.Connection[Any]] | None = None
        self._pid = 0
        self._lock = threading.Lock()

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of one's own, in autocommit."""
        return psycopg.connect(self.dsn, autocommit=True)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A pooled connection for a moment; raise Unreachable when there is none in time."""
        pool = self._opened()
        try:
            taken = self._taken(pool)
            try:
                with taken as connection:
                    yield connection
            finally:
                pool.putconn(taken)
        except psycopg.OperationalError as error:
            raise Unreachable("the database cannot be reached") from error

    def _taken(self, pool: ConnectionPool[psycopg.Connection[Any]]) -> psycopg.Connection[Any]:
        """A connection out of the pool, for as long as our patience lasts; then PoolTimeout."""
        until = time.monotonic() + self._patience
        while True:
            left = until - time.monotonic()
            try:
                return pool.getconn(min(left, _TRY))
            except PoolTimeout:
                if left <= _TRY:
                    raise

    def rows(
        self, query: LiteralString, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """What a query that only reads gives; asked once more when its connection turns out to be dead."""
        try:
            return self._rows(query, params)
        except Unreachable as error:
            if isinstance(error.__cause__, PoolTimeout):
                raise
            self._opened().check()
            return self._rows(query, params)

    def _rows(self, query: LiteralString, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self.connection() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query, params).fetchall()

    def _opened(self) -> ConnectionPool[psycopg.Connection[Any]]:
        with self._lock:
            if self._pool is None or self._pid != os.getpid():
                self._pool = ConnectionPool(
                    self.dsn,
                    min_size=0,
                    max_size=self._most,
                    kwargs={"autocommit": True},
                    reconnect_timeout=0,  # see _TRY
                    open=True,
                )
                self._pid = os.getpid()
            return self._pool

    def close(self) -> None:
        """Close what is open in this process."""
        with self._lock:
            if self._pool is not None and self._pid == os.getpid():
                self._pool.close()
            self._pool = None

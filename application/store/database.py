"""Connections to PostgreSQL, in the service's role, whatever login the address names."""

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

from application.store.silence import PromptConnection, WatchedConnection
from domain.errors import NotRecorded

_KEEPALIVE: Final = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
}
_SERVERS: Final = ("tcp_keepalives_idle=30", "tcp_keepalives_interval=10", "tcp_keepalives_count=3")
"""The server looks for dead clients too: otherwise one that is gone holds its locks for hours."""

_BY_INDEX: Final = ("enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off", "jit=off")
"""Every query of our roles uses an index. The planner cannot know how far a person's links reach.
By default it read every entry for one episode, and took longer with every entry."""


_TRY: Final = 1.0
"""Seconds after which a connection that is waited for is requested again. The pool itself would wait twice as
long before each further try, and so stay away for minutes from a database that is back."""


_LONGEST: Final = 8.5
"""Seconds after which a query that only reads is given up, where its first connection was dead."""

Pool = ConnectionPool[PromptConnection]


class Unreachable(NotRecorded):
    """The database cannot be reached."""


def as_role(dsn: str, role: str | None) -> str:
    """Return the same address, with every connection in that role (its own when None), and a dead link noticed."""
    held = conninfo_to_dict(dsn)
    ours = () if role is None else (f"role={role}", *_BY_INDEX, *_SERVERS)
    options = " ".join([str(held.get("options") or ""), *(f"-c {setting}" for setting in ours)]).strip()
    return make_conninfo(dsn, **{"connect_timeout": 3, **_KEEPALIVE, **held, "options": options})


def connect(dsn: str) -> WatchedConnection:
    """Return a connection for long work, in autocommit: it is cut when it falls silent, and never for being slow."""
    return WatchedConnection.connect(dsn, autocommit=True)


class Database:
    """A few pooled connections in autocommit, opened at first use and again in a forked process."""

    def __init__(
        self,
        dsn: str,
        role: str | None = "ledger_service",
        *,
        most: int = 8,
        patience: float = 5.0,
        statement_seconds: int | None = None,
    ) -> None:
        """Remember the address; nothing is opened yet. The role None is the owner's own (to migrate, to manage).

        `patience`: seconds to wait for a connection. `statement_seconds`: limit of a statement on a pooled one.
        """
        self.dsn = as_role(dsn, role)
        self._most, self._patience, self._statement_seconds = most, patience, statement_seconds
        self._pool: Pool | None = None
        self._pid = 0
        self._lock = threading.Lock()
        self._failing = False

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection of one's own, in autocommit, for long work."""
        return connect(self.dsn)

    def connect_promptly(self) -> psycopg.Connection[Any]:
        """Return a connection of one's own, in autocommit, for work that a caller waits for."""
        return PromptConnection.connect(self.dsn, autocommit=True)

    @contextmanager
    def connection(self, patience: float | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Lend a pooled connection; raise Unreachable when there is none in time."""
        pool = self._opened()
        try:
            taken = self._taken(pool, self._patience if patience is None else patience)
            try:
                with taken as connection:
                    yield connection
            finally:
                pool.putconn(taken)
        except psycopg.OperationalError as error:
            raise Unreachable("the database cannot be reached") from error

    def _taken(self, pool: Pool, patience: float) -> PromptConnection:
        """Return a connection out of the pool, for as long as our patience lasts; then PoolTimeout."""
        until = time.monotonic() + (min(patience, _TRY) if self._failing else patience)
        while True:
            left = until - time.monotonic()
            try:
                taken = pool.getconn(min(left, _TRY))
            except PoolTimeout:
                if left <= _TRY:
                    self._failing = (
                        True  # the next caller is not kept waiting as long: each holds a thread meanwhile
                    )
                    raise
            else:
                self._failing = False
                return taken

    def rows(
        self, query: LiteralString, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query that only reads; ask once more when its connection turns out to be dead."""
        until = time.monotonic() + _LONGEST
        try:
            return self._rows(query, params)
        except Unreachable as error:
            if isinstance(error.__cause__, PoolTimeout | psycopg.errors.QueryCanceled):
                raise
            self._opened().drain()  # the others may be as dead, and each would be found by a caller who waits
            return self._rows(query, params, max(0.0, until - time.monotonic()))

    def _rows(
        self,
        query: LiteralString,
        params: Sequence[Any] | Mapping[str, Any],
        patience: float | None = None,
    ) -> list[tuple[Any, ...]]:
        with self.connection(patience) as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query, params).fetchall()

    def _opened(self) -> Pool:
        with self._lock:
            if self._pool is None or self._pid != os.getpid():
                self._pool = ConnectionPool(
                    self._pooled_dsn(),
                    connection_class=PromptConnection,
                    min_size=0,
                    max_size=self._most,
                    kwargs={"autocommit": True},
                    reconnect_timeout=0,  # see _TRY
                    open=True,
                )
                self._pid = os.getpid()
            return self._pool

    def _pooled_dsn(self) -> str:
        if self._statement_seconds is None:
            return self.dsn
        options = conninfo_to_dict(self.dsn).get("options") or ""
        limits = f"-c statement_timeout={self._statement_seconds}s -c idle_in_transaction_session_timeout=60s"
        return make_conninfo(self.dsn, options=f"{options} {limits}")

    def close(self) -> None:
        """Close what is open in this process."""
        with self._lock:
            if self._pool is not None and self._pid == os.getpid():
                self._pool.close()
            self._pool = None

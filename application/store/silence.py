"""Silent connections: PostgreSQL never answers, and no error says that the link is gone.

A statement may take long. So after a while the server is asked, over a new connection, whether it is at work on the
statement. If it is not, or cannot be asked, the connection is cut: the caller gets the error of a lost connection.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self, TypeVar

import psycopg
from psycopg.abc import PQGen

_log: Final = logging.getLogger(__name__)
_SILENT: Final = 2.5
"""Seconds of silence after which the server is asked."""
_SELDOM: Final = 30.0
"""Seconds between two questions about a statement that the server is at work on, in the end."""
_LOOK: Final = 0.25
_ANSWER: Final = 2
"""Seconds that the server has to take a connection, and again to answer the question."""
_AT_WORK: Final = """
select pid from pg_stat_activity
where pid = any(%s) and state = 'active' and wait_event_type is distinct from 'Client'
"""
_END: Final = """
select pg_terminate_backend(pid) from pg_stat_activity
where pid = any(%s) and datname = current_database() and usename = session_user and pid <> pg_backend_pid()
"""
"""A connection that is cut is ended on the server too: otherwise the server would hold its locks until it notices."""

R = TypeVar("R")


@dataclass(slots=True)
class _Wait:
    """Since when an answer is awaited, and when to look at it next; monotonic seconds."""

    since: float
    next: float


class WatchedConnection(psycopg.Connection[Any]):
    """A connection for long work. It is cut when it falls silent, and tolerates a server that cannot be asked."""

    patience: ClassVar[float] = 30.0
    """Seconds of silence while the server cannot be asked either."""
    address: str = ""

    @classmethod
    def connect(cls, conninfo: str = "", **given: Any) -> Self:
        """Connect, and remember where: the server is asked there."""
        connection = super().connect(conninfo, **given)
        connection.address = conninfo
        return connection

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """Wait for the server, watched unless the wait has a limit of its own."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        with awaited(self):
            return super().wait(gen, interval)


class PromptConnection(WatchedConnection):
    """A connection that a caller waits for: it is cut when it is silent and the server cannot be asked."""

    patience = 0.0


class _Question(psycopg.Connection[Any]):
    """The connection over which the server is asked, with short limits."""

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        return super().wait(gen, interval, _ANSWER if timeout is None else timeout)


class _Watch:
    """The connections of this process that await an answer; a thread looks at them while there are any."""

    def __init__(self) -> None:
        self._waits: dict[psycopg.Connection[Any], _Wait] = {}
        self._lock = threading.Lock()
        self._pid = 0

    def begin(self, connection: psycopg.Connection[Any]) -> None:
        """Note that an answer is awaited."""
        now = time.monotonic()
        with self._lock:
            if self._pid != os.getpid():
                self._waits, self._pid = {}, os.getpid()
                threading.Thread(target=self._run, name="ledger-silence", daemon=True).start()
            self._waits[connection] = _Wait(now, now + _SILENT)

    def end(self, connection: psycopg.Connection[Any]) -> None:
        """Note that it came. While a connection is being cut this waits: it may not be closed meanwhile."""
        with self._lock:
            self._waits.pop(connection, None)

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK)
            now = time.monotonic()
            with self._lock:
                late = {c: wait for c, wait in self._waits.items() if now > wait.next}
            for address in {_address(connection) for connection in late}:
                self._ask(address, {c: wait for c, wait in late.items() if _address(c) == address})

    def _ask(self, address: str, late: dict[psycopg.Connection[Any], _Wait]) -> None:
        """Ask the server about its connections; cut those that it is not at work on."""
        pids = {connection: connection.info.backend_pid for connection in late}
        try:
            at_work = _at_work(address, list(pids.values()))
        except psycopg.Error as error:
            if error.sqlstate is not None:
                return  # it answers, if only that it has no room
            at_work = set()
            late = {c: w for c, w in late.items() if time.monotonic() - w.since > getattr(c, "patience", 0.0)}
        for connection, wait in late.items():
            if pids[connection] in at_work:
                now = time.monotonic()
                wait.next = now + min(_SELDOM, now - wait.since)
            else:
                self._cut(connection, wait)

    def _cut(self, connection: psycopg.Connection[Any], wait: _Wait) -> None:
        with self._lock:
            if self._waits.get(connection) is not wait:
                return  # the answer came
            del self._waits[connection]
            with socket.socket(fileno=os.dup(connection.pgconn.socket)) as link:
                link.shutdown(socket.SHUT_RDWR)
        _log.warning("a connection to the database fell silent and was cut")


def _at_work(address: str, pids: Sequence[int]) -> set[int]:
    """Return which processes of the server are at work on a statement; end the others."""
    with _Question.connect(address, autocommit=True, connect_timeout=_ANSWER) as question:
        question.execute("set role none")  # a role of ours sees less of the processes than the login
        at_work = {pid for (pid,) in question.execute(_AT_WORK, (pids,)).fetchall()}
        question.execute(_END, ([pid for pid in pids if pid not in at_work],))
        return at_work


def _address(connection: psycopg.Connection[Any]) -> str:
    return str(getattr(connection, "address", ""))


_WATCH: Final = _Watch()
"""The connections of this process: a connection does not know who opened it."""


@contextmanager
def awaited(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Watch a connection for as long as this lasts, in which an answer of the server is awaited."""
    _WATCH.begin(connection)
    try:
        yield
    finally:
        _WATCH.end(connection)

"""The follower: it keeps the projection tables up to date with the entries for as long as its process lives.

Any number of followers may be started. The one that holds an advisory lock works; the others wait for it to end.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

import psycopg

from application.projections.backlog import catch_up_in_bulk
from application.projections.catch_up import NewRulebook, catch_up, size
from application.projections.connection import FOLLOWING, connect
from application.projections.rebuild import Rebuilding, rebuild
from application.store.advisory_locks import try_lock
from application.store.entry_listener import EntryListener, interruption
from application.store.logs import EPISODES

_log: Final = logging.getLogger(__name__)
_FAR: Final = 5_000
"""Entries behind, from which on they are a backlog: what is recorded meanwhile goes first."""
_PAUSE: Final = 0.5
"""Seconds before it tries again at a database that does not answer, or at a lock that another holds."""


class Follower:
    """One follower of a ledger. `run` is for a process or a thread, `catch_up` for a moment."""

    def __init__(self, dsn: str, *, far: int = _FAR) -> None:
        """Say where the database is; nothing is opened yet."""
        self._dsn, self._far = dsn, far
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Follow until stopped, through any restart of the database."""

        def follow(connection: psycopg.Connection[Any]) -> None:
            while not stop.is_set() and self._step(connection):
                self._said = ""

        with EntryListener(
            lambda: connect(self._dsn),
            EPISODES,
            stop,
            prepare=lambda connection: connection,
            lock=FOLLOWING,
            pause=_PAUSE,
            on_trouble=self._tell,
        ) as listener:
            listener.until(follow)

    def _tell(self, error: Exception) -> None:
        """Log why following was interrupted: once, and again only after it went on."""
        said = interruption(error)
        if said != self._said:
            _log.warning("following was interrupted: %s", said)
        self._said = said

    def catch_up(self) -> int:
        """Bring the tables to the last entry, or wait until another follower has; return the position."""
        with connect(self._dsn) as connection:
            target = size(connection)
            while (reached := _position(connection)) < target:
                if not try_lock(connection, FOLLOWING):
                    time.sleep(_PAUSE / 10)
                    continue
                self._step(connection)
            return reached

    def _step(self, connection: psycopg.Connection[Any]) -> int:
        """Take one step; return 0 when there was nothing to do."""
        try:
            if size(connection) - _position(connection) > self._far:
                catch_up_in_bulk(connection, _note)
                return 1
            return catch_up(connection)
        except NewRulebook:
            return self._judge_anew()

    def _judge_anew(self) -> int:
        """Rebuild under the adopted rulebook; another process's rebuild that is under way serves as well."""
        try:
            rebuild(self._dsn, _note)
        except Rebuilding:
            time.sleep(_PAUSE)
        return 1


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("select position from progress").fetchone()
    assert row is not None
    return int(row[0])


def _note(done: int, total: int) -> None:
    _log.info("redone %d of %d streams", done, total)

"""Follow: bring the views after what is recorded, for as long as the process lives.

Any number of followers may be started; the one that holds an advisory lock works, the others wait for it
to end. A notification is a hint only: everything is asked by position, and looked for without one too.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

import psycopg

from application.projections import progress
from application.projections.bulk_reassess import catch_up_in_bulk
from application.projections.catch_up import NewRulebook, catch_up, size
from application.projections.connection import FOLLOWING, connect
from application.projections.progress import Lag
from application.projections.rebuild import Rebuilding, rebuild
from application.store.advisory_locks import try_lock
from application.store.database import Database

_log: Final = logging.getLogger(__name__)
_FAR: Final = 20_000
"""Entries behind, from which on the persons concerned are redone in bulk, each once."""
_LOOK: Final = 0.5
"""Seconds after which it looks for entries, and whether it was stopped, even when nothing was notified."""
_PAUSE: Final = 0.5
"""Seconds before it tries again at a database that does not answer, or at a lock that another holds."""


class Follower:
    """One follower of a ledger. `run` is for a process or a thread, `catch_up` for a moment."""

    def __init__(self, dsn: str, *, far: int = _FAR) -> None:
        """Say where the database is; nothing is opened yet."""
        self._dsn, self._far = dsn, far

    def run(self, stop: threading.Event) -> None:
        """Follow until stopped, through any restart of the database."""
        said = None
        while not stop.is_set():
            try:
                with connect(self._dsn) as connection:
                    said = None
                    self._follow(connection, stop)
            except psycopg.Error as error:
                if said is not type(error):  # once, and not with every further try
                    _log.warning(
                        "following was interrupted: %s %s", type(error).__name__, error.sqlstate or ""
                    )
                said = type(error)
                stop.wait(_PAUSE)

    def _follow(self, connection: psycopg.Connection[Any], stop: threading.Event) -> None:
        while not try_lock(connection, FOLLOWING):
            if stop.wait(_PAUSE):
                return
        connection.execute("listen ledger_entries")
        while not stop.is_set():
            if not self._step(connection):
                any(True for _ in connection.notifies(timeout=_LOOK, stop_after=1))

    def catch_up(self) -> int:
        """Bring the views to the present end of the ledger, or wait until another follower has; the position."""
        with connect(self._dsn) as connection:
            target = size(connection)
            while (reached := _position(connection)) < target:
                if not try_lock(connection, FOLLOWING):
                    time.sleep(_PAUSE / 10)
                    continue
                self._step(connection)
            return reached

    def _step(self, connection: psycopg.Connection[Any]) -> int:
        """Come nearer; 0 when there was nothing to do."""
        try:
            if size(connection) - _position(connection) > self._far:
                catch_up_in_bulk(connection, _note)
                return 1
            return catch_up(connection)
        except NewRulebook:
            return self._judge_anew()

    def _judge_anew(self) -> int:
        """Everything by the rulebook that was adopted; another's rebuild that is under way will do as well."""
        try:
            rebuild(self._dsn, _note)
        except Rebuilding:
            time.sleep(_PAUSE)
        return 1


def lag(database: Database) -> Lag:
    """How far the views are behind, for metrics and readiness."""
    return progress.lag(database)


def _position(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("select position from progress").fetchone()
    assert row is not None
    return int(row[0])


def _note(done: int, total: int) -> None:
    _log.info("redone %d of %d streams", done, total)

"""Publish: bring each Nth checkpoint to a place, for as long as the process lives, and never hold sealing up for it.

Each place has a publisher with a thread and a connection of its own. A target that takes nothing raises an alarm and
is tried again later. It then gets the newest checkpoint, which covers all those that it missed. Any number
of publishers of one place may be started; the one that holds an advisory lock works.
"""

from __future__ import annotations

import logging
import threading
import zlib
from typing import Any, Final

import psycopg

from application.merkle_log.publishing import delivery_status as progress
from application.merkle_log.publishing.target import PublishingTarget
from application.store.advisory_locks import try_lock
from application.store.database import as_role, connect
from application.store.logs import LOGS, Log
from domain.errors import LedgerError

_log: Final = logging.getLogger(__name__)
_PUBLISHING: Final = 7_301_150_400
"""The advisory lock of a place is this and a checksum of its name, which is less than 2^32."""
_LOOK: Final = 1.0
"""Seconds after which it looks for checkpoints, and after a failure tries again for the first time."""
_LONGEST: Final = 60.0
"""Seconds between two tries at most: from failure to failure they double up to this."""


class Publisher:
    """Brings checkpoints of both logs to one place."""

    def __init__(self, dsn: str, place: PublishingTarget, every: int) -> None:
        """Say where the database is, which place, and each how many-th checkpoint it is to have."""
        self._dsn, self._place, self._every = dsn, place, every
        self._problems: dict[Log, str] = {}

    def run(self, stop: threading.Event) -> None:
        """Publish until stopped, through any restart of the database."""
        logged = None
        while not stop.is_set():
            try:
                with connect(as_role(self._dsn, "ledger_follower")) as connection:
                    self._publish(connection, stop)
            except psycopg.Error as error:
                if logged is not type(error):  # once, and not with every further try
                    _log.warning(
                        "publishing to %s was interrupted: %s", self._place.name, type(error).__name__
                    )
                logged = type(error)
                stop.wait(_LOOK)

    def _publish(self, connection: psycopg.Connection[Any], stop: threading.Event) -> None:
        lock = _PUBLISHING + zlib.crc32(self._place.name.encode())
        while not try_lock(connection, lock):
            if stop.wait(_LOOK):
                return
        pause = _LOOK
        while not stop.is_set():
            taken = self.step(connection)
            stop.wait(_LOOK if taken else pause)
            pause = _LOOK if taken else min(2 * pause, _LONGEST)

    def step(self, connection: psycopg.Connection[Any]) -> bool:
        """Bring the place what is due of each log; whether it took it. Raise psycopg.Error alone."""
        brought = [self._bring(connection, log) for log in LOGS]  # each, whatever became of the one before
        return all(brought)

    def _bring(self, connection: psycopg.Connection[Any], log: Log) -> bool:
        before = progress.taken(connection, self._place.name, log)
        checkpoint = progress.due(connection, log, before, self._every)
        if checkpoint is None:
            return True
        try:
            self._place.take(connection, log, checkpoint, before)
        except psycopg.OperationalError:
            raise  # that is our own database
        except Exception as error:  # noqa: BLE001  whatever a stranger's answer leads to, sealing goes on
            problem = _sentence(error)
            progress.failed(connection, self._place.name, log, problem)
            self._tell(log, problem)
            return False
        progress.took(connection, self._place.name, log, checkpoint)
        self._tell(log, "")
        return True

    def _tell(self, log: Log, problem: str) -> None:
        """Say what became of it, once for each change."""
        if problem == self._problems.get(log, ""):
            return
        if problem:
            _log.error("no checkpoint of the %s log gets to %s: %s", log.name, self._place.name, problem)
        else:
            _log.warning("checkpoints of the %s log get to %s again", log.name, self._place.name)
        self._problems[log] = problem


def _sentence(error: Exception) -> str:
    """Return what happened, without anything that a stranger could have written."""
    if isinstance(error, LedgerError):
        return error.detail
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__

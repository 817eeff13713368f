"""Seal: let a log's tree grow after its entries for as long as the process lives, and sign checkpoints over it.

Any number of sealers may be started; the one that holds an advisory lock works, the others wait for it to end.
"""

from __future__ import annotations

import logging
import threading
from typing import Any, Final

import psycopg

from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.tree_builder import MOST, DatabaseRolledBack, Signers, TreeBuilder
from application.store import tree_rows as tree
from application.store.advisory_locks import lock_held
from application.store.database import as_role, connect
from application.store.entry_listener import EntryListener
from application.store.logs import Log
from application.store.standby import MISSING
from domain.errors import LedgerError

_log: Final = logging.getLogger(__name__)
SEALING: Final = 7_301_150_200
"""The advisory lock of the sealer of log 0, so to speak; that of each log is its number above."""
_EVERY: Final = 0.5
"""Seconds between two checkpoints while there is always something new."""
_PAUSE: Final = 2.0
"""Seconds before it tries again with a database that does not answer, or with one that it refused."""


class Sealer:
    """One sealer of one log. `run` is for a process or a thread, `catch_up` for a moment."""

    def __init__(
        self, dsn: str, log: Log, signers: Signers, outside: CheckpointFile, *, standby: bool = False
    ) -> None:
        """Say where the database is, who signs in each epoch, and where the last checkpoint is kept outside it.

        `standby`: seal nothing while no synchronous standby is in place.
        """
        self._dsn, self._log, self._signers, self._outside = dsn, log, signers, outside
        self._standby = standby
        self._logged = ""

    def run(self, stop: threading.Event) -> None:
        """Seal until stopped, through any restart of the database. What it refuses it says once, and looks again."""

        def seal(tree: TreeBuilder) -> None:
            while (taken := tree.step()) and not stop.is_set():
                self._logged = ""
                if taken < MOST:
                    stop.wait(_EVERY)
            self._logged = ""

        with EntryListener(
            self._connected,
            self._log,
            stop,
            prepare=self._growth,
            lock=self._lock,
            pause=_PAUSE,
            troubles=(psycopg.Error, LedgerError, OSError),
            on_trouble=self._tell,
        ) as listener:
            listener.until(seal)

    def catch_up(self) -> int:
        """Seal what is recorded now, unless another sealer works; how many entries are sealed then."""
        with self._connected() as connection, lock_held(connection, self._lock) as alone:
            if alone:
                growth = self._growth(connection)
                while growth.step():
                    pass
            last = tree.released(tree.rows_of(connection), self._log)
            return 0 if last is None else last.size

    def _connected(self) -> psycopg.Connection[Any]:
        return connect(as_role(self._dsn, "ledger_follower"))

    @property
    def _lock(self) -> int:
        return SEALING + self._log.number

    def _growth(self, connection: psycopg.Connection[Any]) -> TreeBuilder:
        """The tree; when the database came back as another state, nobody may record in it from here on either."""
        try:
            return TreeBuilder(connection, self._log, self._signers, self._outside, standby=self._standby)
        except DatabaseRolledBack:
            connection.execute("select ledger.halt()")
            raise

    def _tell(self, error: Exception) -> None:
        """Say why nothing is sealed, once for each reason."""
        if isinstance(error, psycopg.Error) and error.sqlstate == MISSING:
            reason = error.diag.message_primary or ""
        else:
            reason = error.detail if isinstance(error, LedgerError) else type(error).__name__
        if reason != self._logged:
            _log.error("nothing is sealed in the %s log: %s", self._log.name, reason)
        self._logged = reason

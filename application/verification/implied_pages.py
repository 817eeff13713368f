"""Pages of entries whose rows are checked, here or in processes of their own where there is much to check."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final

import psycopg

from application.crypto.keys import Keys
from application.store.helper_process import begin_helping
from application.store.silence import WatchedConnection
from application.verification.discrepancies import Discrepancies
from application.verification.granted_names import GrantedNames
from application.verification.implied_rows import ImpliedRows, ImpliedRowsCheck, StoredEntry

_FEW: Final = 50_000
"""Entries up to which starting processes would take longer than they save."""
_MOST: Final = 4
"""Processes at most."""


class ImpliedPages:
    """Checks what the entries of the episode log imply, page by page; what was found is there after `finish`."""

    def __init__(
        self, connection: psycopg.Connection[Any], keys: Keys | None, ledger: str, *, entries: int
    ) -> None:
        """Remember the secrets and the ledger's name; `entries`: about so many will come."""
        self.findings, self.names, self.own = Discrepancies(), GrantedNames(), GrantedNames()
        self.moved: set[tuple[int, int]] = set()
        """Streams, and the number of the child that a correction moved each to."""
        self.opened = 0
        """Entries of which the sealed values were opened and agree."""
        self._pool: ProcessPoolExecutor | None = None
        self._running: deque[Future[ImpliedRows]] = deque()
        self._processes = min(os.cpu_count() or 1, _MOST)
        self._check = ImpliedRowsCheck(connection, keys, ledger)
        if self._processes > 1 and entries > _FEW:
            given = (connection.info.dsn, connection.info.password, keys, ledger)
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"), _begin, given)

    def take(self, page: Sequence[StoredEntry]) -> None:
        """Check some entries, or have them checked."""
        if self._pool is None:
            self._add(self._check.check(page))
            return
        self._running.append(self._pool.submit(_checked, page))
        while len(self._running) > self._processes + 1:
            self._add(self._running.popleft().result())

    def finish(self) -> None:
        """Wait until all is checked."""
        while self._running:
            self._add(self._running.popleft().result())
        self.close()

    def close(self) -> None:
        """End the processes, whatever they were doing."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _add(self, found: ImpliedRows) -> None:
        self.findings.merge(found.findings)
        self.names.add(found.names)
        self.own.add(found.own)
        self.moved |= found.moved
        self.opened += found.opened


_helper: list[ImpliedRowsCheck] = []
"""In a helping process: its check."""


def _begin(dsn: str, password: str, keys: Keys | None, ledger: str) -> None:
    begin_helping()
    connection = WatchedConnection.connect(dsn, password=password or None, autocommit=True)
    _helper.append(ImpliedRowsCheck(connection, keys, ledger))


def _checked(page: Sequence[StoredEntry]) -> ImpliedRows:
    return _helper[0].check(page)

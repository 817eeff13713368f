"""The one loop that waits for new entries. The follower and the sealer use it.

A notification is only a hint: the listener looks every second without one, and every read is by position.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

import psycopg

from application.store.advisory_locks import try_lock
from application.store.logs import Log

LOOK: Final = 1.0
"""Seconds after which it looks even when nothing was notified."""
_SLICE: Final = 0.2
"""Seconds after which it notices that it was stopped."""

_PLAIN: Final = ("08", "25006", "53", "57", "58")
"""SQLSTATEs (or their first characters) whose message is about the database and never holds a value."""

S = TypeVar("S")
T = TypeVar("T")
Connection = psycopg.Connection[Any]


class EntryListener(Generic[S]):
    """A listener on one log. It holds a connection, and another one whenever that breaks.

    `prepare` makes of each new connection what a step works with. With a `lock` only one listener of a ledger works;
    the others wait for it to end.
    """

    def __init__(  # noqa: PLR0913  all but four have a default
        self,
        connect: Callable[[], Connection],
        log: Log,
        stop: threading.Event,
        prepare: Callable[[Connection], S],
        *,
        lock: int | None = None,
        pause: float = 0.5,
        troubles: tuple[type[Exception], ...] = (psycopg.Error,),
        on_trouble: Callable[[Exception], None] | None = None,
    ) -> None:
        """Remember how to connect. `pause`: seconds before another try after one of the `troubles`, or at the lock."""
        self._connect, self._log, self._stop, self._prepare = connect, log, stop, prepare
        self._lock, self._pause = lock, pause
        self._troubles, self._on_trouble = troubles, on_trouble
        self._held: tuple[Connection, S] | None = None

    def until(self, step: Callable[[S], T | None]) -> T | None:
        """Call `step` at once and whenever there may be new entries, until it returns something; None once stopped."""
        while not self._stop.is_set():
            try:
                held = self._held = self._held or self._opened()
                if held is None:
                    return None
                if (found := step(held[1])) is not None:
                    return found
                self._wait(held[0])
            except self._troubles as error:
                self.close()
                if self._on_trouble is not None:
                    self._on_trouble(error)
                self._stop.wait(self._pause)
        return None

    def _opened(self) -> tuple[Connection, S] | None:
        """Return a connection that holds the lock and listens; None when it was stopped before."""
        connection = self._connect()
        try:
            while self._lock is not None and not try_lock(connection, self._lock):
                if self._stop.wait(self._pause):
                    connection.close()
                    return None
            prepared = self._prepare(connection)
            connection.execute(f"listen {self._log.channel}")
        except BaseException:
            connection.close()
            raise
        return connection, prepared

    def _wait(self, connection: Connection) -> None:
        """Wait until something is notified, a second has passed, or it is stopped."""
        until = time.monotonic() + LOOK
        while not self._stop.is_set() and time.monotonic() < until:
            if any(True for _ in connection.notifies(timeout=_SLICE, stop_after=1)):
                return

    def close(self) -> None:
        """Close the connection, and with it release the lock."""
        if self._held is not None:
            self._held[0].close()
            self._held = None

    def __enter__(self) -> Self:
        """Return the listener itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()


def interruption(error: Exception) -> str:
    """Return what interrupted the work, for an operator: PostgreSQL's message only where it holds no value."""
    if not isinstance(error, psycopg.Error):
        return type(error).__name__
    state = error.sqlstate or ""
    message = error.diag.message_primary if state.startswith(_PLAIN) else None
    return " ".join(filter(None, (type(error).__name__, state, message and f"({message})")))

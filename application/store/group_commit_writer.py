"""The writer: one thread for each process that sends all waiting requests to the database in one call.

Callers who record wait here; requests that arrive during a call go with the next one. After a broken connection the
same requests are sent again. Their source and id decide whether they were recorded; nothing is ever claimed that the
database did not confirm (stored-form.md 3).
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from application.store.append import EPISODES, AppendCall, AppendResult, Request
from application.store.standby import CANCELLED, IN_PLACE, MISSING, require_standby, wait_cancelled
from domain.errors import NotRecorded, Overloaded

_log: Final = logging.getLogger(__name__)
_MOST: Final = 500
"""Requests that are put together into one call; a unit that is larger goes alone."""
_GRACE: Final = 0.5
"""Seconds beyond its deadline for which a caller waits for the answer to a call that is under way."""
_BRIEF: Final = 1.0
"""Seconds for which requests are tried while the database does not answer: each caller holds a thread meanwhile."""
_PAUSES: Final = (0.05, 0.1, 0.2, 0.5)
"""Seconds to wait before the second, third, … try at a database that does not answer; then the last."""
_PASSING: Final = ("40", "53", "55", "57", "58", "25006", "LG001", "LG002", "LG003", MISSING)
"""SQLSTATEs (or their first characters) of trouble that may pass without a change to the requests."""
_HALTED: Final = "LG009"
"""Nothing is recorded until a person has looked: trying again is of no use."""
_UNCONFIRMED: Final = "the database did not confirm in time"
_OURS: Final = "LG"
"""How the SQLSTATEs of the ledger's own functions begin: their messages are sentences without a value."""


@dataclass(slots=True, eq=False)
class WriteRequest:
    """Requests of one caller, who waits for `done`; `atomic` ones are a call of their own."""

    requests: Sequence[Request]
    atomic: bool
    deadline: float
    answers: list[AppendResult] | None = None
    trouble: str = _UNCONFIRMED
    done: threading.Lock = field(default_factory=threading.Lock)


class Writer:
    """A writer that takes requests from any thread, and gives back an answer for each."""

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        log: AppendCall = EPISODES,
        *,
        capacity: int = 5000,
        deadline: float = 8.0,
        standby: bool = False,
    ) -> None:
        """Say how to connect, which log, how many requests may wait, and for how many seconds one may be tried.

        `standby`: confirm nothing while no synchronous standby is in place.
        """
        self._connect, self._log, self._standby = connect, log, standby
        self._capacity, self._deadline = capacity, deadline
        self._lock = threading.Lock()
        self._pid = 0
        self._closed = threading.Event()
        self._reset()

    def _reset(self) -> None:
        """Begin with nothing waiting and no connection: at first, and in a forked process."""
        self._queue: queue.SimpleQueue[WriteRequest | None] = queue.SimpleQueue()
        self._waiting = 0
        self._kept: WriteRequest | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._undurable = False
        self._trouble = _UNCONFIRMED  # why the last call gave no answers
        self._failing = False  # the last requests were given up: the next caller is not kept waiting as long
        self._flowing = (
            True  # the last call was answered; otherwise the log says already that recording waits
        )
        self._thread: threading.Thread | None = None

    def write(self, requests: Sequence[Request], *, atomic: bool = False) -> list[AppendResult]:
        """Record requests; raise Overloaded when too many wait, NotRecorded when none confirmed in time."""
        patience = min(self._deadline, _BRIEF) if self._failing else self._deadline
        unit = WriteRequest(requests, atomic, time.monotonic() + patience)
        unit.done.acquire()
        self._enqueue(unit)
        unit.done.acquire(timeout=patience + _GRACE)  # the call that carries it may not be answered yet
        if unit.answers is None:
            raise NotRecorded(f"{unit.trouble}; send the same again")
        return unit.answers

    def _enqueue(self, unit: WriteRequest) -> None:
        with self._lock:
            if self._closed.is_set():
                raise NotRecorded("the service is stopping; send the same again")
            if self._pid != os.getpid():
                self._reset()
                self._pid = os.getpid()
            if self._waiting and self._waiting + len(unit.requests) > self._capacity:
                raise Overloaded("too much is waiting to be recorded; send the same again")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
                self._thread.start()
            self._waiting += len(unit.requests)
            self._queue.put(unit)

    def close(self) -> None:
        """Record what waits, then stop. Later requests are refused."""
        with self._lock:
            self._closed.set()
            thread = self._thread if self._pid == os.getpid() else None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _run(self) -> None:
        """Take what waits, send it and give the answers, until the end mark."""
        while (units := self._take()) is not None:
            try:
                self._settle(units)
            except Exception:  # noqa: BLE001  the thread outlives an unforeseen error, which its callers receive
                _log.exception("the writer failed on a call")
            self._give_back(units)
        self._disconnect()

    def _take(self) -> list[WriteRequest] | None:
        """Take all that waits for one call, as far as it fits and no source and id come twice; None at the end."""
        first = self._kept or self._queue.get()
        self._kept = None
        if first is None:
            return None
        units, size, keys = [first], len(first.requests), {(r.source, r.id) for r in first.requests}
        while size < _MOST and not first.atomic and not self._queue.empty():
            unit = self._queue.get()
            if unit is None:
                self._queue.put(None)  # the last thing ever put: it is found again after this call
                break
            more = {(r.source, r.id) for r in unit.requests}
            if unit.atomic or size + len(unit.requests) > _MOST or not keys.isdisjoint(more):
                self._kept = unit
                break
            units.append(unit)
            size += len(unit.requests)
            keys |= more
        return units

    def _give_back(self, units: list[WriteRequest]) -> None:
        """Let the callers go on."""
        with self._lock:
            self._waiting -= sum(len(unit.requests) for unit in units)
        for unit in units:
            unit.done.release()

    def _settle(self, units: list[WriteRequest]) -> None:
        """Try until the database answers or nobody waits any more."""
        attempt = 0
        while alive := [unit for unit in units if unit.deadline > time.monotonic()]:
            if attempt:  # else not even for no time: that would let everybody else have the interpreter first
                time.sleep(_PAUSES[min(attempt, len(_PAUSES)) - 1])
            attempt += 1
            requests = [request for unit in alive for request in unit.requests]
            answers = self._send(requests, atomic=alive[0].atomic)
            if answers is not None:
                self._failing = False
                for unit in alive:
                    unit.answers, answers = answers[: len(unit.requests)], answers[len(unit.requests) :]
                return
            for unit in alive:
                unit.trouble = self._trouble
        self._failing = True

    def _send(self, requests: Sequence[Request], *, atomic: bool) -> list[AppendResult] | None:
        """Send one call; None when it may be tried again. A wrong request is found by halving, and fails alone."""
        try:
            return self._call(requests, atomic=atomic)
        except Exception as error:  # noqa: BLE001  whatever a request causes must not touch its neighbours
            if getattr(error, "sqlstate", None) == _HALTED:
                return [AppendResult("halted")] * len(requests)
            if isinstance(error, psycopg.Error) and self._may_pass(error):
                self._trouble = _said(error)
                return None
            if len(requests) == 1 or atomic:
                _log.error(
                    "a request cannot be recorded: %s %s",
                    type(error).__name__,
                    getattr(error, "sqlstate", ""),
                )
                return [AppendResult("failed")] * len(requests)
        half = len(requests) // 2
        first = self._send(requests[:half], atomic=False)
        second = None if first is None else self._send(requests[half:], atomic=False)
        return None if first is None or second is None else first + second

    def _call(self, requests: Sequence[Request], *, atomic: bool) -> list[AppendResult]:
        if self._connection is None:
            self._connection = self._prepared()
        self._undurable = False
        answers = self._log.append(self._connection, requests, atomic=atomic, prepared=True)
        if self._undurable:
            raise psycopg.OperationalError(CANCELLED)
        if self._standby:  # once more: a wait also ends when the setting that made it is taken away
            require_standby(self._connection)
        self._flowing = True
        return answers

    def _prepared(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        try:
            connection.add_notice_handler(self._heed)
            connection.execute(f"set lock_timeout = {1000 * max(1, round(self._deadline))}")
            self._log.prepare(connection, IN_PLACE if self._standby else b"")
        except BaseException:
            connection.close()
            raise
        return connection

    def _may_pass(self, error: psycopg.Error) -> bool:
        """Return whether the same requests may be sent again, after a new connection where this one is gone."""
        passing = (error.sqlstate or "").startswith(_PASSING)
        lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and error.sqlstate is None
        if lost or self._connection is None or self._connection.closed:
            self._disconnect()
        elif not passing:
            return False
        if self._flowing:  # said once, and with no message that could repeat what was sent
            reason = error.diag.message_primary if passing else None
            _log.warning("recording waits: %s", reason or type(error).__name__)
            self._flowing = False
        return True

    def _heed(self, notice: psycopg.errors.Diagnostic) -> None:
        """Note a wait for a standby that was cancelled: PostgreSQL reports success with only this warning."""
        self._undurable = self._undurable or wait_cancelled(notice)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _said(error: psycopg.Error) -> str:
    """Return why nothing was confirmed, for an operator: our own functions' message, otherwise only the class."""
    ours = (error.sqlstate or "").startswith(_OURS)
    return (error.diag.message_primary if ours else None) or _UNCONFIRMED

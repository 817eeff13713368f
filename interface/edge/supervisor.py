"""The processes that serve: each that ends is replaced, and the others go on meanwhile."""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Final

from interface.edge.worker import Worker

_log: Final = logging.getLogger("ledger.serve")
_SPAWN: Final = multiprocessing.get_context("spawn")
"""A forked copy would share threads and connections."""
_LOOK: Final = 0.2
"""Seconds between two looks."""
_PAUSES: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the next try, by how often in succession a process ended without having served."""
_PATIENCE: Final = 17.0
"""Seconds for all to answer what is in flight when the service stops: a little more than each gives itself."""


class CannotServe(Exception):
    """No process could start, ever; each has said why."""


def supervise(worker: Worker, count: int, stop: Callable[[], bool]) -> None:
    """Keep so many processes serving until `stop` says so; CannotServe when the first ones end by themselves."""
    os.environ.setdefault(
        "MALLOC_ARENA_MAX", "2"
    )  # else the C library keeps freed memory for each thread apart
    places = [_Place(worker, number) for number in range(count)]
    try:
        while not stop():
            for place in places:
                place.look()
            if all(place.hopeless for place in places):
                raise CannotServe
            wait([place.sentinel for place in places if place.sentinel is not None], _LOOK)
    finally:
        for place in places:
            place.terminate()
        until = time.monotonic() + _PATIENCE
        for place in places:
            place.join(until)


class _Place:
    """One process, and the next one when it has ended."""

    def __init__(self, worker: Worker, number: int) -> None:
        self._worker, self._number = worker, number
        self._failures = self._due = 0.0
        self._served = self._ever_served = False
        self._process: multiprocessing.process.BaseProcess | None = None
        self._ready: Connection | None = None

    @property
    def sentinel(self) -> int | None:
        """What becomes readable when the process ends; None while there is none."""
        return None if self._process is None else self._process.sentinel

    @property
    def hopeless(self) -> bool:
        """Whether the first process ended by itself before it served."""
        return bool(self._failures) and not self._ever_served

    def look(self) -> None:
        """Note whether it serves, and start another when it has ended."""
        if self._process is None:
            if time.monotonic() >= self._due:
                self._start()
            return
        if not self._served and self._ready is not None and self._ready.poll():
            self._note_ready(self._ready)
        if not self._process.is_alive():
            self._ended(self._process.exitcode or 0)

    def _start(self) -> None:
        self._ready, ready = _SPAWN.Pipe(duplex=False)
        self._process = _SPAWN.Process(target=_serve, args=(self._worker, self._number, ready), name="serve")
        self._process.start()
        ready.close()

    def _note_ready(self, ready: Connection) -> None:
        try:
            self._served = self._ever_served = bool(ready.recv())
        except EOFError:
            self._ready = None

    def _ended(self, status: int) -> None:
        """Prepare the next one: at once after one that served, or was killed; else after growing pauses."""
        _log.error("serving process %d ended with status %d; another takes its place", self._number, status)
        self._failures = 0 if self._served or status < 0 else self._failures + 1
        self._due = time.monotonic() + _PAUSES[min(int(self._failures), len(_PAUSES) - 1)]
        self._served, self._process = False, None

    def terminate(self) -> None:
        """Ask it to end when it has answered what is in flight."""
        if self._process is not None:
            self._process.terminate()

    def join(self, until: float) -> None:
        """Wait for its end; kill it when the time is over."""
        if self._process is not None:
            self._process.join(max(0.0, until - time.monotonic()))
            self._process.kill()
            self._process.join()


def _serve(worker: Worker, number: int, ready: Connection) -> None:
    """Serve, in a process of its own."""
    worker.run(number, lambda: ready.send(True))

"""Stopping in good order: SIGINT and SIGTERM are noted, and long work looks whether it should end.

A signal never breaks into the middle of a step, so nothing is left half done; a second one does.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final, Self

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_LOOK: Final = 0.1
"""Seconds between two looks while nothing is to be done."""


class Stopped(Exception):
    """It was asked to stop, and has a moment at which that is possible."""


class Stop:
    """A request to stop, noted while this context lasts. For the main thread."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        """Only a flag: a handler may run while any lock of the main thread is held."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def check(self) -> None:
        """Raise Stopped if it was asked for."""
        if self.asked:
            raise Stopped

    def pause(self) -> None:
        """Wait a little; raise Stopped as soon as it is asked for."""
        time.sleep(_LOOK)
        self.check()


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does: what it opened is closed, and a database that it started is stopped."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

"""Progress of long work, with the time that is left, on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

import click

_ON_A_TERMINAL: Final = 0.2
_IN_A_LOG: Final = 5.0
"""Seconds between two reports: a terminal shows one line that changes, a log gets few lines."""


class ProgressBar:
    """One long piece of work, while this context lasts."""

    def __init__(self, what: str) -> None:
        """Say what is being done, as in "Recording the made-up year"."""
        self._what = what
        self._began = time.monotonic()
        self._from, self._share = (self._began, 0.0), 1.0
        self._terminal = sys.stderr.isatty()
        self._next = self._began + (0 if self._terminal else _IN_A_LOG)

    def at(self, share: float, counted: str = "") -> None:
        """Show how much is done, from 0 to 1, and what that is in numbers, as in "8,000 events".

        The time left is calculated from the first share that was given, since work may have been resumed. It
        starts again when a share is smaller than the one before, since then another part of the work has
        begun.
        """
        now = time.monotonic()
        if share < self._share:
            self._from = now, share
        self._share = share
        if now < self._next:
            return
        self._next = now + (_ON_A_TERMINAL if self._terminal else _IN_A_LOG)
        began, first = self._from
        left = (
            f", {_spell((now - began) * (1 - share) / (share - first))} left" if share > first + 0.01 else ""
        )
        self._write(f"{self._what}: {100 * share:.0f} %{counted and f', {counted}'}{left}")

    def end(self, counted: str) -> None:
        """It is done: what was reached, and in what time."""
        self.clear()
        click.echo(f"{self._what}: {counted} in {_spell(time.monotonic() - self._began)}", err=True)

    def clear(self) -> None:
        """Leave a terminal's line empty for whatever is said next."""
        if self._terminal:
            click.echo("\r\033[K", err=True, nl=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.clear()

    def _write(self, line: str) -> None:
        click.echo(f"\r\033[K{line}" if self._terminal else line, err=True, nl=not self._terminal)


def _spell(seconds: float) -> str:
    """A length of time as a person says it: 0.4 s, 12 s, 3 min, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"

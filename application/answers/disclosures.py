"""Disclosures of an answer, noted where it is made: whose records are in it, and which entries.

The vault notes every child that it names, and the shapes of answers every entry that they show. So nothing has to
be listed by hand for an answer, and what no one thought of is noted too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True)
class DisclosedRecords:
    """The children (ids of 32 hex) and positions of the episode log that an answer shows.

    `span`: of lines in bulk, which are not named one by one, the first position and the last.
    """

    children: set[str] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)
    span: tuple[int, int] | None = None


_NOTED: Final[ContextVar[DisclosedRecords | None]] = ContextVar("shown", default=None)


@contextmanager
def noting() -> Iterator[DisclosedRecords]:
    """Yield what is shown by answers that are made in this thread meanwhile."""
    shown = DisclosedRecords()
    before = _NOTED.set(shown)
    try:
        yield shown
    finally:
        _NOTED.reset(before)


def note(
    *,
    children: Iterable[str] = (),
    positions: Iterable[int] = (),
    span: tuple[int, int] | None = None,
) -> None:
    """These are part of an answer. Where nobody asks what is shown, nothing is kept."""
    shown = _NOTED.get()
    if shown is not None:
        shown.children.update(children)
        shown.positions.update(positions)
        shown.span = span or shown.span

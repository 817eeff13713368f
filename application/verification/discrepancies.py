"""Discrepancies: of each kind the first position, and how many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Read(NamedTuple):
    """The part of a log that was read: how many entries, and the position of the last."""

    entries: int
    last: int


class Discrepancy(NamedTuple):
    """The first disagreement of its kind: where, what was expected, what was found. Nothing of what was recorded."""

    kind: str
    position: int
    expected: str
    found: str
    times: int = 1
    """How many of the kind there are."""


@dataclass(slots=True)
class Discrepancies:
    """Disagreements, one kept for each kind, so that memory does not grow with what is wrong."""

    _first: dict[str, Discrepancy] = field(default_factory=dict)

    def add(self, kind: str, position: int, expected: Any, found: Any) -> None:
        """Add one. The lowest position is kept."""
        held = self._first.get(kind)
        new = Discrepancy(kind, position, _said(expected), _said(found))
        kept = new if held is None or position < held.position else held
        self._first[kind] = kept._replace(times=1 if held is None else held.times + 1)

    def merge(self, others: Discrepancies) -> None:
        """Add all that others hold."""
        for kind, new in others._first.items():
            held = self._first.get(kind, new)
            times = new.times + (held.times if kind in self._first else 0)
            self._first[kind] = min(held, new, key=lambda each: each.position)._replace(times=times)

    def compare(self, kind: str, position: int, expected: Any, found: Any) -> bool:
        """Add one unless both are equal; return whether they are."""
        if expected == found:
            return True
        self.add(kind, position, expected, found)
        return False

    def by_position(self) -> tuple[Discrepancy, ...]:
        """Return the first of each kind, the lowest position first."""
        return tuple(sorted(self._first.values(), key=lambda finding: (finding.position, finding.kind)))


OnProgress = Callable[[int, int], None]
"""Told how many entries are done, and of how many."""


def _said(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)

"""A finding: something odd about entries, and their positions."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """An oddity, and the positions of the entries that it is odd about."""

    finding: str
    positions: tuple[int, ...]
    subjects: tuple[str, ...] = ()
    """The other episodes, where it is about them."""

"""The nearest known name to one that nobody knows: a name of ours, never the one that was sent."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LONGEST: Final = 64
"""Characters of a name for which a nearest one is looked for."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like this one; None when none is like it."""
    found = get_close_matches(name, list(known), n=1) if len(name) <= _LONGEST else []
    return found[0] if found else None

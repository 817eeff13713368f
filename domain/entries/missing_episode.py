"""MissingEpisode: the aggregate. Its stream has two invariants only, its child and its order.

The append keeps both (stored-form.md 3), so recording loads nothing. The fold here is for reading one stream through
the library's repository. The assessment is not state of the aggregate: `domain.assessment` derives it, the same way
for everyone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.entries.entry import Entry


@dataclass(frozen=True, slots=True)
class MissingEpisode:
    """One stream: whose it is, how far it has come, and its entries in the order recorded."""

    id: str
    """Its subject, in the library's word."""
    child: str | None
    version: int
    entries: tuple[Entry, ...]

    def known_at(self, position: int) -> tuple[Entry, ...]:
        """Return the entries recorded up to a position of the whole log."""
        return tuple(entry for entry in self.entries if entry.position <= position)


def fold(episode: MissingEpisode | None, entries: Iterable[Entry]) -> MissingEpisode | None:
    """Bring an episode forward by its next entries; None while there are none at all."""
    more = tuple(entries)
    if not more:
        return episode
    known = episode or MissingEpisode(more[0].subject, more[0].child, 0, ())
    return replace(known, version=more[-1].version, entries=known.entries + more)

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

    subject: str
    child: str | None
    version: int
    entries: tuple[Entry, ...]


def fold(episode: MissingEpisode | None, entries: Iterable[Entry]) -> MissingEpisode | None:
    """Bring an episode forward by its next entries; None while there are none at all."""
    for entry in entries:
        known = episode or MissingEpisode(entry.subject, entry.child, 0, ())
        episode = replace(known, version=entry.version, entries=(*known.entries, entry))
    return episode

"""The personal values of a bundle's lines: those that its reader may see, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from application.answers.as_json import Json
from application.store.vault import Vault
from domain.entries.entry import Entry

ERASED: Final = "erased: the key under which it was sealed is destroyed"
UNREADABLE: Final = "unreadable: what is stored of it is missing, or does not open; `ledger verify` says more"
HANDLING: Final = "its handling allows it to others only"
OTHER_EPISODE: Final = "of an entry of another episode than those that were asked for"
SEALED: Final = "personal values were not asked for"

Row = tuple[int, str, str]
"""Position, path, and the disclosure or the reason."""


class PersonalValues(NamedTuple):
    """Personal values that a reader sees, and those withheld, each in the order of position and path."""

    disclosed: Sequence[Row]
    """With the exact text that the line commits to."""
    withheld: Sequence[Row]

    @classmethod
    def of(
        cls, entries: Mapping[int, Entry], episodes: Sequence[Json], vault: Vault, *, opening: bool
    ) -> PersonalValues:
        """Return the values of some entries, as the steps of the episodes show them."""
        hidden = {
            step["position"]: [*step["withheld"], *step.get("unreadable", ())]
            for report in episodes
            for step in report["steps"]
        }
        opened = vault.open([entry for position, entry in entries.items() if position in hidden])
        texts = {
            (p, each.path): each.text.decode() for p, found in opened.items() for each in found.disclosures
        }
        unreadable = {(p, path) for p, found in opened.items() for path in found.unreadable}
        disclosed, withheld = [], []
        for place in _sealed(entries):
            position, path = place
            if path in hidden.get(position, [path]):
                reason = UNREADABLE if place in unreadable else _reason(place, hidden, texts, opening=opening)
                withheld.append((*place, reason))
            else:
                disclosed.append((*place, texts[place]))
        return cls(disclosed, withheld)


def _sealed(entries: Mapping[int, Entry]) -> list[tuple[int, str]]:
    """The places of all personal values."""
    return sorted((p, path) for p, entry in entries.items() for path in entry.data.get("sealed", {}))


def _reason(
    place: tuple[int, str],
    hidden: Mapping[int, object],
    texts: Mapping[tuple[int, str], str],
    *,
    opening: bool,
) -> str:
    if place[0] not in hidden:
        return OTHER_EPISODE
    if place not in texts:
        return ERASED
    return HANDLING if opening else SEALED

"""Disclosures of an answer: whose records are in it, and which entries.

Each answer carries what it discloses, and answers that are put together disclose all of it. The access log records
that before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, NamedTuple


@dataclass(frozen=True, slots=True)
class DisclosedRecords:
    """The children (ids of 32 hex) and positions of the episode log that an answer shows; `|` joins two.

    `span`: of lines in bulk, which are not named one by one, the first position and the last.
    """

    children: AbstractSet[str] = frozenset()
    positions: AbstractSet[int] = frozenset()
    span: tuple[int, int] | None = None

    def __or__(self, other: DisclosedRecords) -> DisclosedRecords:
        """Return what both disclose."""
        return joined((self, other))


NOTHING: Final = DisclosedRecords()


class DisclosingAnswer(NamedTuple):
    """An answer, or an item of one, as JSON; and the records that it discloses."""

    json: dict[str, Any]
    disclosed: DisclosedRecords

    def adding(self, members: dict[str, Any]) -> DisclosingAnswer:
        """Return the answer with further members, which disclose nothing more."""
        return self._replace(json=self.json | members)


def joined(parts: Iterable[DisclosedRecords]) -> DisclosedRecords:
    """Return all that the parts disclose; spans become one that covers them."""
    every = tuple(parts)
    spans = [each.span for each in every if each.span is not None]
    return DisclosedRecords(
        frozenset().union(*(each.children for each in every)),
        frozenset().union(*(each.positions for each in every)),
        (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None,
    )


def disclosed_by(answers: Iterable[DisclosingAnswer]) -> DisclosedRecords:
    """Return all that some answers disclose together."""
    return joined(each.disclosed for each in answers)

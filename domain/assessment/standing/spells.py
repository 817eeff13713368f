"""Spells: the periods of being missing or away that the statutory return asks for (assessment.md 2).

The guide to SSDA903, module MISSING, defines them. M is missing, whereabouts not known, from when the child left or was
last seen until found. A is away from placement without authorisation, whereabouts known, until the return. What
ends a period on paper only (the placement or care ends) is not known here, and is never taken for a return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from domain.moment import Instant, Moment

MISSING_SPELL, AWAY_SPELL = "M", "A"
_TYPES: Final = {"missing": MISSING_SPELL, "away": AWAY_SPELL, "located": AWAY_SPELL}
"""The type of spell while the child is there; a child whose absence was only noticed is in none."""


class SpellChange(NamedTuple):
    """The whereabouts that a fact led to, ends apart."""

    whereabouts: str
    earliest: Instant
    latest: Instant
    absence: int = 0
    """The number of a further absence, which a fact after an end began; else 0."""

    @property
    def when(self) -> Moment:
        """When it happened."""
        return Moment(self.earliest, self.latest)


class Spell(NamedTuple):
    """One period, each end as uncertain as the fact that makes it."""

    type: str
    """M or A."""
    begin: Moment
    end: Moment | None
    """None while it lasts."""


class EndedAbsence(NamedTuple):
    """An absence that was followed by a further one: its number, and when it ended."""

    number: int
    end: Moment


def spells(
    moves: Sequence[SpellChange],
    started: Moment | None,
    ended: Iterable[EndedAbsence],
    absence: int,
    end: Moment | None,
) -> tuple[Spell, ...]:
    """Return the spells of an episode: its moves in their order, when it started, and the ends of its absences.

    What somebody says of a child after the end (`end_contradicted`) begins no spell until it is settled.
    """
    by_absence: dict[int, list[SpellChange]] = defaultdict(list)
    for move in moves:
        by_absence[move.absence].append(move)
    found = [
        _spells(by_absence[number], started if number == 0 else None, over)
        for number, over in (*ended, (absence, end))
    ]
    return tuple(chain.from_iterable(found))


def _spells(moves: Sequence[SpellChange], started: Moment | None, end: Moment | None) -> tuple[Spell, ...]:
    kept = [m for m in moves if m.whereabouts in _TYPES and not _after(m, end)]
    begins = [m.when for m in kept]
    if kept and started is not None and kept[0].whereabouts != "located":
        begins[0] = begins[0] if begins[0].surely_before(started) else started
    made: list[Spell] = []
    for move, begin, until in zip(kept, begins, [*begins[1:], end], strict=False):
        if begin != until or not made:
            made.append(Spell(_TYPES[move.whereabouts], begin, until))
    return tuple(made)


def _after(move: SpellChange, end: Moment | None) -> bool:
    """Return whether a move surely came after the end."""
    return end is not None and end.surely_before(move.when)

"""Suppression: numbers from 1 to 4 could name a child, and so could a total from which one can subtract.

Within one answer:

* a figure with any such number is suppressed whole;
* figures of interviews are suppressed together, and so are those of long absences, since the numerator of one is the
  denominator of another;
* further groups are suppressed, the smallest first, until those of a measure are at least two groups and at least five.

Answers for another period or another breakdown can still be subtracted from one another. A publisher of several has to
check for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.measures.calculation import Figure

_FEW: Final = range(1, 5)


def suppressed(figures: Sequence[Figure]) -> list[Figure]:
    """The same figures, those marked that must not be told."""
    hidden = {n for n, figure in enumerate(figures) if _small(figure)}
    while more := _with_them(figures, hidden) | _beside(figures, hidden):
        hidden |= more
    return [figure._replace(suppressed=n in hidden) for n, figure in enumerate(figures)]


def _small(figure: Figure) -> bool:
    numbers = (figure.surely, figure.surely_not, figure.cannot_tell, figure.denominator)
    return any(number in _FEW for number in numbers)


def _with_them(figures: Sequence[Figure], hidden: set[int]) -> set[int]:
    """The other figures of the same family and group."""
    families = {(f.measure.family, f.group) for n in hidden if (f := figures[n]).measure.family}
    return {n for n, f in enumerate(figures) if (f.measure.family, f.group) in families} - hidden


def _beside(figures: Sequence[Figure], hidden: set[int]) -> set[int]:
    """One more group of a measure of which too little is suppressed."""
    for measure in {figures[n].measure.id for n in hidden}:
        own = [n for n, f in enumerate(figures) if f.measure.id == measure and f.group is not None]
        mine = hidden.intersection(own)
        rest = sorted(set(own) - hidden, key=lambda n: (figures[n].denominator, n))
        if mine and rest and not _enough([figures[n] for n in mine]):
            return {rest[0]}
    return set()


def _enough(figures: Sequence[Figure]) -> bool:
    """Return whether subtracting from a total tells nothing of any one of them."""
    sums = (
        sum(column)
        for column in zip(*((f.surely, f.surely_not, f.cannot_tell) for f in figures), strict=True)
    )
    return len(figures) > 1 and not any(total in _FEW for total in sums)

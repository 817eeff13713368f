"""Ends: when several facts say that an episode ended, which of them counts (assessment.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.moment import Instant, Moment

WITNESSED = "witnessed"


class CountedEnd(NamedTuple):
    """Ends that agree: their moments overlap, and all are evidence of one."""

    facts: tuple[ChronologicalFact, ...]
    earliest: Instant
    latest: Instant

    @property
    def when(self) -> Moment:
        """The intersection of their moments."""
        return Moment(self.earliest, self.latest)

    @property
    def trigger(self) -> ChronologicalFact:
        """The fact that starts what an end starts."""
        return best(self.facts)

    @property
    def witnessed(self) -> bool:
        """Whether somebody says that they saw it."""
        return any(told.fact.basis == WITNESSED for told in self.facts)


def best(facts: Sequence[ChronologicalFact]) -> ChronologicalFact:
    """The narrowest, then the witnessed, then by source and id."""
    return min(
        facts, key=lambda t: (t.latest - t.earliest, t.fact.basis != WITNESSED, t.entry.source, t.entry.id)
    )


def agreeing(facts: Sequence[ChronologicalFact]) -> list[CountedEnd]:
    """Group ends that overlap, from the earliest on; `facts` are in the order of the chronology."""
    ends: list[CountedEnd] = []
    for told in facts:
        if ends and told.earliest <= ends[-1].latest:  # none begins before one that stands before it
            end = ends[-1]
            ends[-1] = CountedEnd((*end.facts, told), told.earliest, min(end.latest, told.latest))
        else:
            ends.append(CountedEnd((told,), told.earliest, told.latest))
    return ends


def counted(facts: Sequence[ChronologicalFact]) -> CountedEnd | None:
    """The end that counts: the earliest that was witnessed, else the earliest; None when there is none."""
    ends = agreeing(facts)
    return next((end for end in ends if end.witnessed), ends[0] if ends else None)

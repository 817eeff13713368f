"""Ends: when several facts say that an episode ended, which of them counts (assessment.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.moment import Instant, Moment

WITNESSED = "witnessed"


MOST_AGREEING: Final = 20
"""Facts of one end that are named as evidence: the first ones, and the one that starts what an end starts."""


class CountedEnd(NamedTuple):
    """Ends that agree: their moments overlap, and all are evidence of one."""

    facts: tuple[ChronologicalFact, ...]
    """At most MOST_AGREEING of them."""
    earliest: Instant
    latest: Instant
    trigger: ChronologicalFact
    """The fact that starts what an end starts."""
    last: ChronologicalFact
    witnessed: bool
    """Whether somebody says that they saw it."""

    @property
    def when(self) -> Moment:
        """The intersection of their moments."""
        return Moment(self.earliest, self.latest)

    def holds(self, told: ChronologicalFact) -> bool:
        """Return whether an end fact is one of these: they follow one another in the chronology."""
        return self.facts[0].order <= told.order <= self.last.order


def best(facts: Sequence[ChronologicalFact]) -> ChronologicalFact:
    """Return the narrowest, then the witnessed, then the first by source and id."""
    return min(
        facts, key=lambda t: (t.latest - t.earliest, t.fact.basis != WITNESSED, t.entry.source, t.entry.id)
    )


class EndGroups:
    """The ends that were told so far, in the order of the chronology, grouped by whether they agree."""

    def __init__(self, facts: Sequence[ChronologicalFact] = ()) -> None:
        """Group the ends that overlap, from the earliest on."""
        self.groups: list[CountedEnd] = []
        self._witnessed: int | None = None
        for told in facts:
            self.add(told)

    def add(self, told: ChronologicalFact) -> None:
        """Take in the next end."""
        last = self.groups[-1] if self.groups else None
        if last is not None and told.earliest <= last.latest:  # none begins before one that stands before it
            self.groups[-1] = _joined(last, told)
        else:
            seen = told.fact.basis == WITNESSED
            self.groups.append(CountedEnd((told,), told.earliest, told.latest, told, told, seen))
        if self._witnessed is None and self.groups[-1].witnessed:
            self._witnessed = len(self.groups) - 1

    @property
    def counted(self) -> CountedEnd | None:
        """The end that counts: the earliest that was witnessed, else the earliest; None when there is none."""
        return self.groups[self._witnessed or 0] if self.groups else None


def _joined(end: CountedEnd, told: ChronologicalFact) -> CountedEnd:
    """Return the end with one more fact that agrees."""
    trigger, facts = best((end.trigger, told)), end.facts
    if len(facts) < MOST_AGREEING:
        facts = (*facts, told)
    elif trigger is told:
        facts = (*facts[:-1], told)
    seen = end.witnessed or told.fact.basis == WITNESSED
    return CountedEnd(facts, told.earliest, min(end.latest, told.latest), trigger, told, seen)

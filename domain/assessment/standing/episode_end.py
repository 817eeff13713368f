"""Ends: when several facts say that an episode ended, which of them counts (assessment.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.moment import Instant, Moment

WITNESSED = "witnessed"


MOST_AGREEING = 20
"""Facts of one end that are named as evidence: the first ones, and the one that starts what an end starts."""


class CountedEnd(NamedTuple):
    """Ends that agree: their moments overlap or lie close together, and all are evidence of one."""

    facts: tuple[ChronologicalFact, ...]
    """At most MOST_AGREEING of them."""
    earliest: Instant
    latest: Instant
    """The end of the moment that counts: the earliest that was witnessed, else the earliest."""
    trigger: ChronologicalFact
    """The fact that starts what an end starts."""
    last: ChronologicalFact
    witnessed: bool
    """True when somebody says that they saw it."""
    over: Instant
    """By when the child was back by all of them."""
    since: ChronologicalFact | None = None
    """The fact that began the absence which it ends; None of the first absence, or after a reopening."""
    disputed: bool = False
    """True when another end is reported that does not agree."""
    contradicted: tuple[int, ...] = ()
    """The positions of what contradicted this end, once a further absence followed."""
    absence: int = 0
    """The number of that absence, by which its changes of whereabouts are known."""

    @property
    def when(self) -> Moment:
        """Return the moment that counts: the intersection of those that overlap."""
        return Moment(self.earliest, self.latest)

    def holds(self, told: ChronologicalFact) -> bool:
        """Return whether an end fact is one of these: they follow one another in the chronology."""
        return self.facts[0].order <= told.order <= self.last.order


def best(facts: Sequence[ChronologicalFact]) -> ChronologicalFact:
    """Return the narrowest, then the witnessed, then the first by source and id."""
    return min(
        facts, key=lambda t: (t.latest - t.earliest, t.fact.basis != WITNESSED, t.entry.source, t.entry.id)
    )


class _Moment(NamedTuple):
    """Ends whose moments overlap: their intersection, the best of them, and whether one was witnessed."""

    earliest: Instant
    latest: Instant
    trigger: ChronologicalFact
    witnessed: bool


class _Group:
    """Ends that agree, one moment after the other."""

    def __init__(self, told: ChronologicalFact) -> None:
        self.facts: tuple[ChronologicalFact, ...] = (told,)
        self.first = self.last = self.counted = _moment(told)
        self.end = self._counted_end(told)

    def agrees(self, told: ChronologicalFact, agree: Instant) -> bool:
        """Return whether a further end overlaps the last, or lies close to the first."""
        return told.earliest <= max(self.last.latest, self.first.latest + agree)

    def add(self, told: ChronologicalFact) -> None:
        """Take in one more that agrees."""
        was = self.last
        overlaps = told.earliest <= was.latest  # none begins before one that stands before it
        self.last = _narrowed(was, told) if overlaps else _moment(told)
        if was is self.first and overlaps:
            self.first = self.last
        if (was is self.counted and overlaps) or (self.last.witnessed and not self.counted.witnessed):
            self.counted = self.last
        if len(self.facts) < MOST_AGREEING:
            self.facts = (*self.facts, told)
        elif self.counted.trigger is told:
            self.facts = (*self.facts[:-1], told)
        self.end = self._counted_end(told)

    def _counted_end(self, last: ChronologicalFact) -> CountedEnd:
        seen = self.counted
        return CountedEnd(
            self.facts, seen.earliest, seen.latest, seen.trigger, last, seen.witnessed, self.last.latest
        )


def _moment(told: ChronologicalFact) -> _Moment:
    return _Moment(told.earliest, told.latest, told, told.fact.basis == WITNESSED)


def _narrowed(moment: _Moment, told: ChronologicalFact) -> _Moment:
    seen = moment.witnessed or told.fact.basis == WITNESSED
    latest = min(moment.latest, told.latest)
    return _Moment(told.earliest, latest, best((moment.trigger, told)), seen)


class EndGroups:
    """The ends that were told so far, in the order of the chronology, grouped by whether they agree."""

    def __init__(self, agree: Instant, facts: Sequence[ChronologicalFact] = ()) -> None:
        """Group the ends that overlap, or lie at most so long after the first of a group."""
        self._agree = agree
        self.groups: list[_Group] = []
        self._witnessed: int | None = None
        for told in facts:
            self.add(told)

    def agrees(self, told: ChronologicalFact) -> bool:
        """Return whether a further end agrees with the last ones."""
        return bool(self.groups) and self.groups[-1].agrees(told, self._agree)

    def add(self, told: ChronologicalFact) -> None:
        """Take in the next end."""
        if self.agrees(told):
            self.groups[-1].add(told)
        else:
            self.groups.append(_Group(told))
        if self._witnessed is None and self.groups[-1].end.witnessed:
            self._witnessed = len(self.groups) - 1

    @property
    def last_earliest(self) -> Instant:
        """Return the earliest of the last end that was told, whether it counts or not."""
        return self.groups[-1].last.earliest

    @property
    def counted(self) -> CountedEnd | None:
        """Return the end that counts: the earliest that was witnessed, else the earliest; None without any."""
        return self.groups[self._witnessed or 0].end if self.groups else None

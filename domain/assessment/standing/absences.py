"""Absences told on one episode: one as a rule, and a further one for each end that is contradicted and settled.

A start or away fact surely after the end contradicts it. An end surely after all such facts ends a further absence: the
child is back, and that end counts for itself (assessment.md 2, decision 31).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.doubtful_reports import DoubtfulReports
from domain.assessment.standing.episode_end import CountedEnd, EndGroups
from domain.facts import Phase
from domain.facts.away import InterruptionEnded, StatusInterrupted
from domain.facts.start import EpisodeRecordedLater
from domain.facts.value_kinds import EventRef
from domain.moment import Instant

MOVES: Final = {Phase.START, Phase.AWAY}
MOST_NAMED: Final = 100
"""Positions of what contradicts an end that are named: the first ones."""
_NO_CONTRADICTION: Final = (EpisodeRecordedLater, StatusInterrupted, InterruptionEnded)
"""Facts that may follow an end and be true (decisions 8 and 23)."""


class _Latest(NamedTuple):
    """The latest moment of the contradictions from a number on, up to another."""

    first: int
    upto: int
    at: Instant


class Absences:
    """The ends of an episode and what contradicts them, fact by fact."""

    def __init__(self, resolved: set[EventRef], ends_agree: Instant) -> None:
        """Start before the first fact. `resolved`: facts whose contradiction was settled."""
        self._resolved, self._agree = resolved, ends_agree
        self._ends = EndGroups(ends_agree)
        self._since: ChronologicalFact | None = None
        self._contradictions: list[ChronologicalFact] = []
        self._latest = _Latest(0, 0, 0)
        self.earlier: list[CountedEnd] = []
        """The ends of the absences before the last, since the last reopening."""
        self.doubtful = DoubtfulReports()

    @property
    def end(self) -> CountedEnd | None:
        """Return the end that counts of the last absence; None while it has none."""
        end = self._ends.counted
        if end is None:
            return None
        return end._replace(since=self._since, disputed=len(self._ends.groups) > 1)

    def over(self, told: ChronologicalFact) -> bool:
        """Return whether the first absence had surely ended before a fact."""
        return bool(self.earlier) or self.again(told)

    def again(self, told: ChronologicalFact) -> bool:
        """Return whether the last absence had surely ended before a fact."""
        end = self._ends.counted
        return end is not None and end.over < told.earliest

    def add_away(self, told: ChronologicalFact) -> None:
        """Keep a start or away fact, which contradicts every end that it surely follows."""
        fact = told.fact
        contradicts = fact.PHASE in MOVES and not isinstance(fact, _NO_CONTRADICTION)
        if contradicts and EventRef(*told.entry.key) not in self._resolved:
            self._contradictions.append(told)
            self.doubtful.add(told, self._ends)

    def add_end(self, told: ChronologicalFact) -> bool:
        """Take in the next end; return whether it ends a further absence."""
        first = self._first_contradiction()
        further = self._settles(told, first)
        if further:
            end = self.end
            assert end is not None  # something contradicts it
            self.earlier.append(end._replace(contradicted=self.contradicting))
            self._since, self._ends = self._contradictions[first], EndGroups(self._agree)
            self.doubtful.reopen()
        self._ends.add(told)
        self.doubtful.settle(self._ends)
        return further

    def reopen(self) -> None:
        """Begin again without an end: those before a reopening do not count."""
        self.earlier, self._since, self._ends = [], None, EndGroups(self._agree)
        self.doubtful.reopen()

    @property
    def contradicting(self) -> tuple[int, ...]:
        """Return the first start and away facts surely after the end of the last absence."""
        first = self._first_contradiction()
        return tuple(told.entry.position for told in self._contradictions[first : first + MOST_NAMED])

    def _first_contradiction(self) -> int:
        end = self._ends.counted
        if end is None:
            return len(self._contradictions)
        return bisect_right(self._contradictions, end.over, key=lambda told: told.earliest)

    def _settles(self, told: ChronologicalFact, first: int) -> bool:
        """Return whether an end is surely after all that contradicts the end before it, and does not agree with it."""
        if first == len(self._contradictions) or self._ends.agrees(told):
            return False
        known = self._latest if self._latest.first == first else _Latest(first, first, 0)
        at = max((t.latest for t in self._contradictions[known.upto :]), default=known.at)
        self._latest = _Latest(first, len(self._contradictions), max(at, known.at))
        return told.earliest > self._latest.at

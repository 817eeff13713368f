"""Doubtful reports: those that may, but need not, be after the end that counts (assessment.md 2)."""

from __future__ import annotations

from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.episode_end import EndGroups
from domain.facts.away import LocationLost
from domain.facts.start import AbsenceNoticed, Reported, Start

_REPORTS: Final = (Reported, AbsenceNoticed, LocationLost)
MOST_DOUBTFUL: Final = 100
"""Reports that are named: the first ones."""


class DoubtfulReports:
    """The second and further reports of an absence, as far as their time leaves open whether an end came first.

    An end that counts is never earlier than one that counted before it, so a report that is surely before it is
    forgotten for good.
    """

    def __init__(self) -> None:
        """Start before the first fact."""
        self._first: ChronologicalFact | None = None
        self._later: list[ChronologicalFact] = []  # surely after the end, or before there is one
        self._open: list[ChronologicalFact] = []

    def add(self, told: ChronologicalFact, ends: EndGroups) -> None:
        """Take in the next fact; the first start fact is no second report, nor is one that may come before it."""
        if self._first is None:
            self._first = told if isinstance(told.fact, Start) else None
        elif isinstance(told.fact, _REPORTS) and told.earliest > self._first.latest:
            self._later.append(told)
            self.settle(ends)

    def settle(self, ends: EndGroups) -> None:
        """Decide again which are open, after a further report or end."""
        end = ends.counted
        if end is None:
            return
        here = [told for told in self._later if told.earliest <= end.over]
        self._later = self._later[len(here) :]
        last = max(end.earliest, ends.last_earliest)
        self._open = [
            told for told in (*self._open, *here) if told.latest > end.earliest and told.latest >= last
        ]

    def reopen(self) -> None:
        """Forget what was open about ends that a reopening excluded."""
        self._open = []

    @property
    def open(self) -> tuple[ChronologicalFact, ...]:
        """Return the first of those that may be after the end."""
        return tuple(self._open[:MOST_DOUBTFUL])

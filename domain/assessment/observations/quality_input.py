"""Quality input: what the data-quality issues of one episode are found in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.ordering import ChronologicalFact, EffectiveEntry
from domain.assessment.obligations.obligation import Obligation
from domain.assessment.observations.countable_events import CountableEvent
from domain.assessment.standing.episode_state import EpisodeState
from domain.moment import Instant
from domain.spans import Span, joined
from domain.vocabulary import OVER

MOST_NAMED: Final = 100
"""Entries, or groups of them, that one issue names: else a long episode would be as large as its square."""


class QualityInput(NamedTuple):
    """An episode, assessed, before its data-quality issues are known."""

    names: Sequence[str]
    """Its subjects, and those that links name with it."""
    pictures: Sequence[Span[EpisodeState]]
    facts: Sequence[ChronologicalFact]
    covering: Sequence[ChronologicalFact]
    """Interviews recorded on other episodes that cover this one."""
    marks: Sequence[CountableEvent]
    findings: Sequence[Finding]
    obligations: Sequence[Obligation]
    entries: Sequence[EffectiveEntry] = ()
    """All that was recorded of it, what was undone and what corrects too."""

    def found(self, name: str) -> Iterator[tuple[Instant, Finding]]:
        """Yield the findings of a name, each with the instant from which all that it names counts."""
        times = {fact.entry.position: fact.earliest for fact in (*self.facts, *self.covering)}
        for finding in self.findings:
            if finding.finding == name:
                yield max(times[position] for position in finding.positions), finding

    def over(self) -> tuple[Span[bool], ...]:
        """Return whether the episode has ended, by spans."""
        return joined(Span(start, end, state.standing in OVER) for start, end, state in self.pictures)

    def ended(self, since: Instant) -> Iterator[tuple[Instant, Instant]]:
        """Yield the spans in which the episode has ended, from an instant on."""
        for start, end, over in self.over():
            if over:
                yield max(start, since), end


class About(NamedTuple):
    """The entries and rules that an issue rests on."""

    positions: tuple[int, ...]
    rules: tuple[str, ...] = ()

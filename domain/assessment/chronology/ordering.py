"""Chronology: facts with their moments clipped, and the one order of them (assessment.md 1, steps 4 and 5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain.entries.entry import Entry, happened
from domain.facts import Fact, Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.start import EpisodeRecordedLater
from domain.moment import Instant, Moment

OrderKey = tuple[Instant, int, Instant, str, str]


class EffectiveEntry(NamedTuple):
    """An entry as it is to be understood: its own words, or what effective corrections made of them."""

    entry: Entry
    fact: Fact
    time: str | None
    data: dict[str, Any]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class ChronologicalFact:
    """A fact in its place in the chronology."""

    entry: Entry
    fact: Fact
    earliest: Instant
    latest: Instant
    corrected: bool = False
    turned_round: bool = False
    """Clipping would have put its latest before its earliest, so it keeps the moment that was said."""

    @property
    def when(self) -> Moment:
        """When it happened, both ends known."""
        return Moment(self.earliest, self.latest)

    @property
    def order(self) -> OrderKey:
        """The place in the chronology: no clock, no arrival, no other order than this one."""
        return (self.earliest, self.fact.PHASE, self.latest, self.entry.source, self.entry.id)


def as_recorded(entry: Entry) -> EffectiveEntry | None:
    """The entry in its own words; None for the ledger's own entries, which tell nothing of a child."""
    cls = entry.fact_class
    return None if cls is None else EffectiveEntry(entry, cls.read(entry.data), entry.time, entry.data)


def chronology(readings: Iterable[EffectiveEntry]) -> list[ChronologicalFact]:
    """Clip each moment, then put the facts in order."""
    capped = [_cap(reading) for reading in readings]
    starts = [told for said, told in capped if told.fact.PHASE == Phase.START]
    told_all = [told for said, told in capped if told.fact.PHASE != Phase.RECORD]
    first = min(starts or told_all, key=lambda told: told.order, default=None)
    placed = [_from_start(said, told, first) for said, told in capped]
    return sorted(_after_their_ends(placed), key=lambda told: told.order)


def _after_their_ends(facts: list[ChronologicalFact]) -> list[ChronologicalFact]:
    """Put a reopening known to a day or so after every end that it may follow: it says that one was wrong."""
    if not any(isinstance(t.fact, EpisodeReopened) and t.earliest < t.latest for t in facts):
        return facts
    ends = sorted(t.earliest for t in facts if t.fact.PHASE == Phase.END)
    return [_after_ends(t, ends) if isinstance(t.fact, EpisodeReopened) else t for t in facts]


def _after_ends(reopening: ChronologicalFact, ends: list[Instant]) -> ChronologicalFact:
    before = bisect_right(ends, reopening.latest)
    if not before or ends[before - 1] <= reopening.earliest:
        return reopening
    return _moved(reopening, ends[before - 1], turned=reopening.turned_round)


def _cap(reading: EffectiveEntry) -> tuple[Moment, ChronologicalFact]:
    """A fact happened at the latest when it was learned of, else when it was recorded."""
    entry, fact = reading.entry, reading.fact
    said = happened(reading.time, fact)
    if isinstance(fact, EpisodeRecordedLater) and fact.absent_from is not None:
        said = fact.absent_from  # it stands where the absence was, not where it came to light (decision 8)
    learned = fact.learned_at.latest if fact.learned_at is not None else None
    known = entry.recorded_at if learned is None else learned
    latest = known if said.latest is None else min(said.latest, known)
    turned = said.earliest is not None and latest < said.earliest
    if turned:
        latest = said.latest if said.latest is not None else said.earliest  # type: ignore[assignment]
    earliest = latest if said.earliest is None else said.earliest
    return said, ChronologicalFact(entry, fact, earliest, latest, reading.corrected, turned)


def _from_start(said: Moment, told: ChronologicalFact, first: ChronologicalFact | None) -> ChronologicalFact:
    """Return what has no earliest is not before the episode's start; nor is what overlaps the first start fact."""
    if first is None or told.fact.PHASE == Phase.RECORD:
        return told
    unknown = said.earliest is None
    if unknown and first.earliest > told.latest:
        return _moved(told, told.latest, turned=True)
    if unknown or told.earliest < first.earliest <= told.latest:  # no start fact is before the first
        return _moved(told, first.earliest, turned=told.turned_round)
    return told


def _moved(told: ChronologicalFact, earliest: Instant, *, turned: bool) -> ChronologicalFact:
    return ChronologicalFact(told.entry, told.fact, earliest, told.latest, told.corrected, turned)

"""Undo: what effective retractions and corrections make of the entries (assessment.md 1, step 2).

Each entry about another entry is itself subject to the same, so they are settled from those that nothing
targets inwards. What points at each other in a circle is never reached, and has no effect.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.merging import corrected_reading
from domain.assessment.chronology.ordering import EffectiveEntry
from domain.entries.entry import happened
from domain.facts import Phase
from domain.facts.amendments import (
    ChildCorrected,
    ChildLinked,
    Corrected,
    Disputed,
    DisputeResolved,
    EpisodesLinked,
    Retracted,
)
from domain.facts.value_kinds import EventRef
from domain.moment import BEGINNING, FOREVER

LINKS = (EpisodesLinked, ChildLinked, ChildCorrected)
Target = Corrected | Retracted | Disputed | DisputeResolved


class CorrectedEntries(NamedTuple):
    """The entries of one episode, settled."""

    standing: list[EffectiveEntry]
    """The entries that count, corrected where they were corrected."""
    undone: dict[EventRef, EffectiveEntry]
    """The entries that were retracted, by source and id."""
    retracted_by: dict[EventRef, EffectiveEntry]
    settled_disputes: set[EventRef]
    """Targets of effective dispute-resolved entries."""
    findings: list[tuple[str, int]]
    """(finding, position) of entries without effect, and why."""
    corrected_by: Mapping[EventRef, Sequence[EffectiveEntry]]
    """The effective corrections of each entry, by its source and id."""


def own_moment(reading: EffectiveEntry) -> tuple[int, int, str, str]:
    """The order in which corrections merge: their own moment, then source, then id."""
    when = happened(reading.time, reading.fact)
    earliest = when.earliest if when.earliest is not None else BEGINNING
    latest = when.latest if when.latest is not None else FOREVER
    return (earliest, latest, reading.entry.source, reading.entry.id)


def apply_corrections(readings: Iterable[EffectiveEntry], entitlement: Entitlement) -> CorrectedEntries:
    """Apply every effective correction and retraction among the entries of one (united) episode."""
    standing = list(readings)
    if all(reading.fact.PHASE != Phase.RECORD for reading in standing):
        return CorrectedEntries(
            standing, {}, {}, set(), [], {}
        )  # as in most episodes: nothing is about another entry
    return _Settling(standing, entitlement).result()


class _Settling:
    def __init__(self, readings: Iterable[EffectiveEntry], entitlement: Entitlement) -> None:
        self.current = {EventRef(*r.entry.key): r for r in readings}
        self.entitlement = entitlement
        self.corrections: dict[EventRef, list[EffectiveEntry]] = defaultdict(list)
        self.retractions: dict[EventRef, list[EffectiveEntry]] = defaultdict(list)
        self.settled: set[EventRef] = set()
        self.disputes: set[EventRef] = set()
        self.findings: list[tuple[str, int]] = []

    def result(self) -> CorrectedEntries:
        for key in self._inwards():
            self._finish(key)
            self._take_effect(self.current[key])
        for key in self.current.keys() - self.settled:
            self._finish(key)
        undone = {key: self.current[key] for key in self.retractions}
        standing = [reading for key, reading in self.current.items() if key not in undone]
        by = {key: min(self.retractions[key], key=own_moment) for key in undone}
        findings = sorted(self.findings)
        return CorrectedEntries(standing, undone, by, self.disputes, findings, self.corrections)

    def _inwards(self) -> Iterator[EventRef]:
        """The entries with a target, each after all those that target it."""
        pending = {key for key, r in self.current.items() if isinstance(r.fact, Target)}
        named = {key: set(self._may_target(key)) for key in pending}
        waited_for = Counter(target for targets in named.values() for target in targets)
        ready = sorted(pending - waited_for.keys())
        while ready:
            pending -= set(ready)
            freed = []
            for key in ready:
                yield key
                for target in named.pop(key):
                    waited_for[target] -= 1
                    freed.append(target)
                corrected, more = self._came_to_target(key)
                if corrected in pending and more not in named[corrected] and more is not None:
                    named[corrected].add(more)
                    waited_for[more] += 1
            ready = sorted({key for key in freed if key in pending and not waited_for[key]})
        self.findings += [("circular", self.current[key].entry.position) for key in pending]
        self.settled |= pending

    def _may_target(self, key: EventRef) -> Iterator[EventRef]:
        """Return what an entry is about, and what it would have another be about."""
        fact = self.current[key].fact
        assert isinstance(fact, Target)  # only such entries are pending
        yield fact.target
        new = _new_target(self.current[key])
        if new is not None and new != key:
            yield new

    def _came_to_target(self, key: EventRef) -> tuple[EventRef, EventRef | None]:
        """Return the entry that one corrects with effect, and what that then is about; None where it stays."""
        reading = self.current[key]
        assert isinstance(reading.fact, Target)  # as above
        target = reading.fact.target
        new = _new_target(reading) if reading in self.corrections[target][-1:] else None
        return target, None if new == target else new

    def _finish(self, key: EventRef) -> None:
        """Merge what was collected for an entry, one correction after the other."""
        self.settled.add(key)
        for correction in sorted(self.corrections[key], key=own_moment):
            corrected = corrected_reading(self.current[key], correction)
            if corrected is None:
                self._find("correction_invalid", correction)
            else:
                self.current[key] = corrected

    def _take_effect(self, reading: EffectiveEntry) -> None:
        """Collect what an entry does to its target, unless it was retracted itself or may not do it."""
        fact, key = reading.fact, EventRef(*reading.entry.key)
        assert isinstance(fact, Target)  # as above
        if self.retractions.get(key):
            return
        if not self._reaches(reading, fact.target):
            self._find("target_unknown", reading)
        elif fact.target in self.settled:
            self._find("circular", reading)
        elif not self._entitled(reading, fact.target):
            self._find("not_entitled", reading)
        elif isinstance(fact, Corrected):
            self.corrections[fact.target].append(reading)
        elif isinstance(fact, Retracted):
            self.retractions[fact.target].append(reading)
        elif isinstance(fact, DisputeResolved):
            self.disputes.add(fact.target)

    def _reaches(self, reading: EffectiveEntry, target: EventRef) -> bool:
        """Return whether the target is in the same episode; of links, on the same subject (decision 2)."""
        found = self.current.get(target)
        if found is None:
            return False
        return found.entry.subject == reading.entry.subject or not isinstance(found.fact, LINKS)

    def _entitled(self, reading: EffectiveEntry, target: EventRef) -> bool:
        entry = reading.entry
        if isinstance(reading.fact, Disputed):
            return True
        if isinstance(reading.fact, DisputeResolved):
            return self.entitlement.may_decide(entry.by, entry.subject)
        return self.entitlement.may_correct(entry, self.current[target].entry)

    def _find(self, finding: str, reading: EffectiveEntry) -> None:
        self.findings.append((finding, reading.entry.position))


def _new_target(reading: EffectiveEntry) -> EventRef | None:
    """Return what a correction would have the corrected entry be about."""
    if not isinstance(reading.fact, Corrected):
        return None
    new = reading.fact.changes.get("data", {}).get("target")
    return None if new is None else EventRef(**new)

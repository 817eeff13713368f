"""Records of one episode: what each organisation keeps under a subject of its own, and which of them are one episode.

Links are settled within the subject on which they were recorded: what unites two subjects cannot itself depend on
their being united (decision 2). Both sides must agree (decision 30).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from domain.assessment.chronology.corrections import LINKS, apply_corrections, own_moment
from domain.assessment.chronology.disjoint_set import DisjointSet
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.ordering import ChronologicalFact, EffectiveEntry, chronology
from domain.assessment.chronology.responsibility import responsible_authority, setting
from domain.facts.amendments import EpisodesLinked
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.organisations import namespace

SAME_EPISODE: Final = "same_episode"
_HANDOVERS: Final = (HandoverAcknowledged, ResponsibilityTransferred)


class KeptRecord:
    """The entries of one subject, for those who would link it."""

    def __init__(self, subject: str, readings: Sequence[EffectiveEntry]) -> None:
        """Remember the entries of a subject, as recorded."""
        self.subject, self.readings = subject, readings
        self.child = min(readings, key=lambda r: r.entry.version).entry.child or ""

    @cached_property
    def effective(self) -> list[EffectiveEntry]:
        """Return what counts of it, by corrections and retractions on this subject alone."""
        entitlement = Entitlement(chronology(self.readings), [self.subject])
        return apply_corrections(self.readings, entitlement).standing

    @cached_property
    def links(self) -> list[EffectiveEntry]:
        """Return its links and corrected children, by whomever, in the order of their own moments."""
        if not any(isinstance(r.fact, LINKS) for r in self.readings):
            return []
        return sorted((r for r in self.effective if isinstance(r.fact, LINKS)), key=own_moment)

    @cached_property
    def namings(self) -> list[ChronologicalFact]:
        """Return the facts that bear on who is responsible."""
        told = chronology(self.effective)
        return [t for t in told if setting(t) is not None or isinstance(t.fact, _HANDOVERS)]


Records = Mapping[str, KeptRecord]
"""Records by their subjects."""


class Statement(NamedTuple):
    """A link as it was recorded: on which subject, and what it says."""

    subject: str
    reading: EffectiveEntry
    fact: EpisodesLinked

    @property
    def pair(self) -> frozenset[str]:
        """Return the two subjects, whichever names the other."""
        return frozenset(self.pair_from)

    @property
    def pair_from(self) -> tuple[str, str]:
        """Return the subject on which it was recorded, and the one that it names."""
        return self.subject, self.fact.with_


class UnitedRecords:
    """The records that are one episode, and who speaks for each."""

    def __init__(self, records: Records) -> None:
        """Start with every record apart."""
        self.records, self.episodes = records, DisjointSet()
        self._members = {subject: [subject] for subject in records}
        self._authorities: dict[str, str | None] = {}

    def members(self, subject: str) -> list[str]:
        """Return the subjects of the episode that a subject belongs to, and of which anything is recorded."""
        return self._members.get(self.episodes.of(subject), [])

    def authority(self, subject: str) -> str | None:
        """Return the responsible authority of that episode, by the facts that are effective."""
        root = self.episodes.of(subject)
        if root not in self._authorities:
            members = self.members(subject)
            facts = sorted((t for s in members for t in self.records[s].namings), key=lambda t: t.order)
            self._authorities[root] = responsible_authority(facts, members or [subject])
        return self._authorities[root]

    def speaks_for(self, by: str, subject: str) -> bool:
        """Return whether an organisation may link it: the responsible authority, else the one of the subject."""
        return by == (self.authority(subject) or namespace(subject))

    def agreed(self, pair: frozenset[str], statements: Iterable[Statement]) -> bool:
        """Return whether both sides say so."""
        said = {s.reading.entry.by for s in statements}
        return all(any(self.speaks_for(by, side) for by in said) for side in pair)

    def waits(self, pair: frozenset[str], statements: Iterable[Statement]) -> bool:
        """Return whether one side says so, and nothing is recorded yet on the other: nobody could be asked."""
        known = pair & self.records.keys()
        return known != pair and self.agreed(known, statements)

    def unite(self, pair: frozenset[str]) -> None:
        """Make two episodes one."""
        one, other = sorted(pair)
        members = sorted({*self.members(one), *self.members(other)})
        for subject in (one, other):
            self._authorities.pop(self.episodes.of(subject), None)
        self.episodes.join(one, other)
        self._authorities.pop(self.episodes.of(one), None)
        self._members[self.episodes.of(one)] = members


def statements_of(records: Records) -> list[Statement]:
    """Return every link between episodes, subject by subject; one to itself says nothing."""
    return [
        Statement(subject, reading, reading.fact)
        for subject, record in records.items()
        for reading in record.links
        if isinstance(reading.fact, EpisodesLinked) and reading.fact.with_ != subject
    ]


def by_pair(statements: Iterable[Statement], relation: str) -> dict[frozenset[str], list[Statement]]:
    """Return the links of a relation by the two subjects that they join, the earliest first."""
    pairs: dict[frozenset[str], list[Statement]] = {}
    for statement in sorted(statements, key=lambda s: (own_moment(s.reading), s.subject)):
        if statement.fact.relation == relation:
            pairs.setdefault(statement.pair, []).append(statement)
    return pairs


def unite_records(
    united: UnitedRecords, pairs: Mapping[frozenset[str], Sequence[Statement]]
) -> set[frozenset[str]]:
    """Unite what both sides say is one episode, and return the pairs that take effect.

    Episodes for which an authority answers come first, whatever moments the links give. So nobody unites its record
    with a further one by linking a third.
    """
    effective: set[frozenset[str]] = set()
    for answered in (True, False):
        while new := [
            p for p in pairs if p not in effective and _unites(united, p, pairs[p], answered=answered)
        ]:
            effective.update(new)
    return effective


def _unites(
    united: UnitedRecords, pair: frozenset[str], statements: Sequence[Statement], *, answered: bool
) -> bool:
    """Unite a pair if it is agreed on; `answered`: only where an authority answers for one side."""
    if answered and not any(united.authority(subject) for subject in pair):
        return False
    if not united.agreed(pair, statements):
        return False
    united.unite(pair)
    return True

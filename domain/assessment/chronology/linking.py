"""Unite: which subjects are one episode, whose it is, and who is one person (assessment.md 1, step 3).

Links and corrected children are settled within the subject on which they were recorded: what unites two
subjects cannot itself hang on their being united.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from domain.assessment.chronology.corrections import LINKS, apply_corrections, own_moment
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.ordering import EffectiveEntry, chronology
from domain.facts.amendments import ChildCorrected, ChildLinked, EpisodesLinked
from domain.organisations import is_authority, namespace

SAME_EPISODE = "same_episode"


class DisjointSet:
    """Things joined to one another, transitively (union-find; the smallest string stands for its group)."""

    def __init__(self) -> None:
        """Start with everything apart."""
        self._parent: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The one that stands for the group of a name."""
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def join(self, one: str, other: str) -> None:
        """Make two groups one."""
        low, high = sorted((self.of(one), self.of(other)))
        self._parent[high] = low


IdentityLink = tuple[str, str]
"""Two children that are one person: their stored ids, the smaller first."""


class Links(NamedTuple):
    """What the effective links and corrections of children say."""

    episodes: DisjointSet
    persons: DisjointSet
    leads: dict[str, str]
    """Lead asked for, by subject that stands for the group."""
    children: dict[str, str]
    """The child of each subject, corrected where it was."""
    linked: set[frozenset[str]]
    """Pairs of subjects linked in any relation."""
    ties: dict[str, set[IdentityLink]]
    """The children that are one person, by the subject on which that was recorded."""
    findings: list[tuple[str, int]]


class LinkedSubjects(NamedTuple):
    """The subjects of one (united) episode, and all that was recorded on them."""

    lead: str
    subjects: tuple[str, ...]
    child: str
    person: str
    readings: list[EffectiveEntry]


def links(by_subject: Mapping[str, Sequence[EffectiveEntry]], known: Iterable[IdentityLink] = ()) -> Links:
    """Settle the links of each subject, then join what they join; `known`: ties from elsewhere."""
    found = Links(DisjointSet(), DisjointSet(), {}, {}, set(), defaultdict(set), [])
    for one, other in known:
        found.persons.join(one, other)
    sides = {subject: _Side(subject, readings) for subject, readings in sorted(by_subject.items())}
    asked = [(side, reading) for side in sides.values() for reading in side.links(found)]
    pairs = {(side.subject, r.fact.with_) for side, r in asked if isinstance(r.fact, EpisodesLinked)}
    wanted_leads: list[tuple[str, str]] = []
    for side in sides.values():
        found.children[side.subject] = side.child
    for side, reading in asked:
        if _consented(side, reading, sides, pairs):
            _join(side.subject, reading, found, wanted_leads)
        else:
            found.findings.append(("not_entitled", reading.entry.position))
    _move_together(found, sides)
    first_of: dict[str, str] = {}
    for subject, child in sorted(found.children.items()):
        _tie(found, subject, child, first_of.setdefault(found.episodes.of(subject), child))
    found.leads.update({found.episodes.of(subject): lead for subject, lead in wanted_leads})
    return found


class _Side:
    """One subject, for those who would link it: its child, and who may decide about it."""

    def __init__(self, subject: str, readings: Sequence[EffectiveEntry]) -> None:
        self.subject, self.readings = subject, readings
        self.child = min(readings, key=lambda r: r.entry.version).entry.child or ""

    @cached_property
    def entitlement(self) -> Entitlement:
        """By the facts of this subject alone."""
        return Entitlement(chronology(self.readings), [self.subject])

    def links(self, found: Links) -> list[EffectiveEntry]:
        """Its links and corrected children by those who may decide about this subject, in their own order."""
        if not any(isinstance(r.fact, LINKS) for r in self.readings):
            return []
        entitled = []
        for reading in sorted(apply_corrections(self.readings, self.entitlement).standing, key=own_moment):
            if isinstance(reading.fact, LINKS):
                if self.entitlement.may_decide(reading.entry.by, self.subject):
                    entitled.append(reading)
                else:
                    found.findings.append(("not_entitled", reading.entry.position))
        return entitled

    def consents(self, by: str) -> bool:
        """Whether somebody from elsewhere may unite this subject with theirs (decision 2)."""
        authority = self.entitlement.authority
        return by == (authority or namespace(self.subject)) or (authority is None and is_authority(by))


def _consented(
    side: _Side, reading: EffectiveEntry, sides: Mapping[str, _Side], pairs: set[tuple[str, str]]
) -> bool:
    """Whether the far side of a link that unites agrees: by who made it, or by a link of its own."""
    fact = reading.fact
    if not isinstance(fact, EpisodesLinked) or fact.relation != SAME_EPISODE:
        return True
    far = sides.get(fact.with_)
    return far is None or far.consents(reading.entry.by) or (fact.with_, side.subject) in pairs


def _join(subject: str, reading: EffectiveEntry, found: Links, leads: list[tuple[str, str]]) -> None:
    fact = reading.fact
    if isinstance(fact, ChildCorrected):
        found.children[subject] = fact.to
    elif isinstance(fact, ChildLinked):
        _tie(found, subject, fact.child, fact.same_as)
    elif isinstance(fact, EpisodesLinked) and fact.with_ != subject:
        found.linked.add(frozenset((subject, fact.with_)))
        if fact.relation == SAME_EPISODE:
            found.episodes.join(subject, fact.with_)
            if fact.lead is not None:
                leads.append((subject, fact.lead))


def _move_together(found: Links, sides: Mapping[str, _Side]) -> None:
    """An episode moves to another child whole: with what its other subjects recorded for the same wrong one."""
    moved = {
        (found.episodes.of(subject), side.child): child
        for subject, side in sides.items()
        if (child := found.children[subject]) != side.child
    }
    for subject, side in sides.items():
        if found.children[subject] == side.child:
            found.children[subject] = moved.get((found.episodes.of(subject), side.child), side.child)


def _tie(found: Links, subject: str, one: str, other: str) -> None:
    if one != other:
        found.persons.join(one, other)
        found.ties[subject].add((min(one, other), max(one, other)))


def groups(by_subject: Mapping[str, Sequence[EffectiveEntry]], found: Links) -> list[LinkedSubjects]:
    """The united episodes, each under its lead, in the order of the leads."""
    members: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(by_subject):
        members[found.episodes.of(subject)].append(subject)
    made = []
    for root, subjects in members.items():
        readings = [reading for subject in subjects for reading in by_subject[subject]]
        lead = _lead(found.leads.get(root), subjects, readings)
        child = found.children[lead]
        made.append(LinkedSubjects(lead, tuple(subjects), child, found.persons.of(child), readings))
    return sorted(made)


def _lead(wanted: str | None, subjects: Sequence[str], readings: Iterable[EffectiveEntry]) -> str:
    """The lead that a link names; else the responsible authority's subject; else the first by name."""
    if wanted is not None and wanted in subjects:
        return wanted
    if len(subjects) > 1:
        authority = Entitlement(chronology(readings), subjects).authority
        for subject in subjects:
            if namespace(subject) == authority:
                return subject
    return subjects[0]

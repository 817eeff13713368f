"""Children: whose each record is, once corrected, and which references are one person (assessment.md 1, step 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.assessment.chronology.keeping import UnitedRecords
from domain.assessment.chronology.ordering import EffectiveEntry
from domain.assessment.chronology.responsibility import responsible_authority
from domain.facts.amendments import ChildCorrected, ChildLinked, EpisodeRecordedInError
from domain.organisations import namespace

IdentityLink = tuple[str, str]
"""Two children that are one person: their stored ids, the smaller first."""


def identity_link(one: str, other: str) -> IdentityLink:
    """Return the link of two children."""
    return (min(one, other), max(one, other))


class CorrectedChildren(NamedTuple):
    """The child of each subject, and the corrections without effect."""

    of: dict[str, str]
    refused: list[EffectiveEntry]


def correct_children(united: UnitedRecords) -> CorrectedChildren:
    """Return whose each record is.

    An episode moves whole, with what its other subjects recorded for the same wrong child. The organisation that
    answers for all of it decides. The keeper of one of its records may only join the child that the others name.
    """
    children = {subject: record.child for subject, record in united.records.items()}
    refused: list[EffectiveEntry] = []
    for root in sorted({united.episodes.of(s) for s, record in united.records.items() if record.links}):
        asked = list(_corrections(united, root))
        decided = [(s, r, fact) for s, r, fact in asked if _decides(united, s, r, fact, asked)]
        for subject, _, fact in decided:
            children[subject] = fact.to
        _move_together(united, root, children)
        for subject, reading, fact in asked:
            if (subject, reading, fact) in decided:
                continue
            others = {children[s] for s in united.members(root) if s != subject}
            if fact.to in others and _keeps(united, subject, reading.entry.by):
                children[subject] = fact.to
            else:
                refused.append(reading)
    return CorrectedChildren(children, refused)


_Correction = tuple[str, EffectiveEntry, ChildCorrected]


def _corrections(united: UnitedRecords, root: str) -> Iterator[_Correction]:
    for subject in united.members(root):
        for reading in united.records[subject].links:
            if isinstance(reading.fact, ChildCorrected):
                yield subject, reading, reading.fact


def _decides(
    united: UnitedRecords,
    subject: str,
    reading: EffectiveEntry,
    fact: ChildCorrected,
    asked: Sequence[_Correction],
) -> bool:
    """Return whether a correction is for all records of the episode: by its authority, else by all that keep one."""
    by, authority = reading.entry.by, united.authority(subject)
    if authority is not None:
        return by == authority
    keepers = set(map(namespace, united.members(subject)))
    return by in keepers and keepers <= {r.entry.by for _, r, other in asked if other.to == fact.to}


def _keeps(united: UnitedRecords, subject: str, by: str) -> bool:
    """Return whether an organisation answers for one record, taken by itself."""
    alone = responsible_authority(united.records[subject].namings, [subject])
    return by == (alone or namespace(subject))


def _move_together(united: UnitedRecords, root: str, children: dict[str, str]) -> None:
    was = {subject: united.records[subject].child for subject in united.members(root)}
    moved = {was[subject]: children[subject] for subject in was if children[subject] != was[subject]}
    for subject, child in was.items():
        if children[subject] == child:
            children[subject] = moved.get(child, child)


class ChildStatement(NamedTuple):
    """An entry that says that two children are one person, and on which subject it stands."""

    subject: str
    reading: EffectiveEntry
    fact: ChildLinked

    def scheme(self, child: str) -> str | None:
        """Return in whose scheme the reference of a child stands; older entries do not say."""
        return self.fact.child_scheme if child == self.fact.child else self.fact.same_as_scheme


class LinkedChildren(NamedTuple):
    """Statements that children are one person."""

    effective: list[ChildStatement]
    proposed: list[ChildStatement]
    """Said, but not by both sides."""


def link_children(united: UnitedRecords, children: Mapping[str, str]) -> LinkedChildren:
    """Return which links of children both sides agree on: for each child, somebody who speaks for it."""
    pairs: dict[IdentityLink, list[ChildStatement]] = defaultdict(list)
    for subject, record in united.records.items():
        for reading in record.links:
            if isinstance(reading.fact, ChildLinked) and reading.fact.child != reading.fact.same_as:
                pair = identity_link(reading.fact.child, reading.fact.same_as)
                pairs[pair].append(ChildStatement(subject, reading, reading.fact))
    found = LinkedChildren([], [])
    speakers = _Speakers(united, children) if pairs else None
    for pair, statements in pairs.items():
        agreed = speakers is not None and all(
            any(speakers.speaks_for(statement, child) for statement in statements) for child in pair
        )
        (found.effective if agreed else found.proposed).extend(statements)
    return found


class _Speakers:
    """Who speaks for each child, by the episodes that count."""

    def __init__(self, united: UnitedRecords, children: Mapping[str, str]) -> None:
        self.known: dict[str, set[str]] = defaultdict(set)
        self.vouched: dict[str, set[str]] = defaultdict(set)
        for root in {united.episodes.of(subject) for subject in united.records}:
            members = united.members(root)
            if any(_in_error(united, subject) for subject in members):
                continue
            keepers, authority = set(map(namespace, members)), united.authority(root)
            for child in {children[subject] for subject in members}:
                self.known[child] |= keepers if authority is None else {authority}
                if authority is not None and keepers != {authority}:
                    self.vouched[child].add(authority)

    def speaks_for(self, statement: ChildStatement, child: str) -> bool:
        """Return whether a statement is by one who speaks for a child.

        That is the organisation in whose scheme the reference stands. It is also the responsible authority of an
        episode that another organisation recorded: a record of one's own about another's child gives no such right.
        """
        by, scheme = statement.reading.entry.by, statement.scheme(child)
        if scheme is None:
            return by in self.known[child] if child in self.known else True
        return by == scheme or by in self.vouched[child]


def _in_error(united: UnitedRecords, subject: str) -> bool:
    record = united.records[subject]
    return any(isinstance(r.fact, EpisodeRecordedInError) for r in record.readings) and any(
        isinstance(r.fact, EpisodeRecordedInError) and united.speaks_for(r.entry.by, subject)
        for r in record.effective
    )

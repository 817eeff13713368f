"""Linking: which subjects are one episode, whose it is, and who is one person (assessment.md 1, step 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.children import (
    ChildStatement,
    IdentityLink,
    correct_children,
    identity_link,
    link_children,
)
from domain.assessment.chronology.disjoint_set import DisjointSet
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.keeping import (
    SAME_EPISODE,
    KeptRecord,
    Statement,
    UnitedRecords,
    by_pair,
    statements_of,
    unite_records,
)
from domain.assessment.chronology.ordering import EffectiveEntry, chronology
from domain.organisations import namespace

CONTINUATION: Final = "continuation"
SAME_PERSON: Final = "same_person"


class Proposal(NamedTuple):
    """A link that takes no effect yet, because not both sides have said it. It is shown to both."""

    position: int
    by: str
    """For whom it was recorded."""
    subject: str
    """The subject on which it was recorded."""
    relation: str
    """same_episode, continuation, or same_person for a link of two children."""
    with_: str | None = None
    """The other subject; None for a link of two children."""


class Links(NamedTuple):
    """The effective links and corrections of children, and those that are only proposed."""

    episodes: DisjointSet
    persons: DisjointSet
    leads: dict[str, str]
    """Lead asked for, by the subject that stands for the group."""
    children: dict[str, str]
    """The child of each subject, corrected where it was."""
    linked: set[tuple[str, str]]
    """Pairs of subjects that are linked in any relation, each in both orders."""
    ties: dict[str, set[IdentityLink]]
    """The children that are one person, by the subject on which that was recorded."""
    findings: list[tuple[str, int]]
    proposals: dict[str, list[Proposal]]
    """The links that are proposed to or by each subject."""


class LinkedSubjects(NamedTuple):
    """The subjects of one (united) episode, and all that was recorded on them."""

    lead: str
    subjects: tuple[str, ...]
    child: str
    person: str
    readings: list[EffectiveEntry]


def links(by_subject: Mapping[str, Sequence[EffectiveEntry]], known: Iterable[IdentityLink] = ()) -> Links:
    """Settle the links of each subject, then join what they join; `known`: ties from elsewhere."""
    records = {subject: KeptRecord(subject, readings) for subject, readings in sorted(by_subject.items())}
    united, statements = UnitedRecords(records), statements_of(records)
    found = Links(united.episodes, DisjointSet(), {}, {}, set(), defaultdict(set), [], defaultdict(list))
    for one, other in known:
        found.persons.join(one, other)
    _link_episodes(united, statements, found)
    corrected = correct_children(united)
    found.children.update(corrected.of)
    found.findings.extend(("not_entitled", reading.entry.position) for reading in corrected.refused)
    first_of: dict[str, str] = {}
    for subject, child in sorted(found.children.items()):
        _tie(found, subject, child, first_of.setdefault(united.episodes.of(subject), child))
    _link_persons(united, found)
    return found


def _link_episodes(united: UnitedRecords, statements: Sequence[Statement], found: Links) -> None:
    same, next_ = by_pair(statements, SAME_EPISODE), by_pair(statements, CONTINUATION)
    effective = unite_records(united, same)
    for relation, pairs in ((SAME_EPISODE, same), (CONTINUATION, next_)):
        for pair, saying in pairs.items():
            if pair in effective or united.agreed(pair, saying) or united.waits(pair, saying):
                one, other = sorted(pair)
                found.linked.update({(one, other), (other, one)})
            else:
                _propose(found, relation, saying)
    for statement in statements:
        if statement.fact.relation == SAME_EPISODE and statement.fact.lead is not None:
            if (statement.subject, statement.fact.with_) in found.linked:
                found.leads[united.episodes.of(statement.subject)] = statement.fact.lead
        elif statement.fact.relation not in {SAME_EPISODE, CONTINUATION}:
            _relate(united, statement, found)


def _relate(united: UnitedRecords, statement: Statement, found: Links) -> None:
    """Note a link that joins nothing: one side is enough to say it."""
    entry = statement.reading.entry
    if any(united.speaks_for(entry.by, subject) for subject in statement.pair_from):
        found.linked.update({statement.pair_from, statement.pair_from[::-1]})
    else:
        found.findings.append(("not_entitled", entry.position))


def _propose(found: Links, relation: str, statements: Iterable[Statement]) -> None:
    for subject, reading, fact in statements:
        entry = reading.entry
        found.findings.append(("not_entitled", entry.position))
        proposal = Proposal(entry.position, entry.by, subject, relation, fact.with_)
        for side in (subject, fact.with_):
            found.proposals[side].append(proposal)


def _link_persons(united: UnitedRecords, found: Links) -> None:
    linked = link_children(united, found.children)
    for statement in linked.effective:
        _tie(found, statement.subject, statement.fact.child, statement.fact.same_as)
    if not linked.proposed:
        return
    of_child: dict[str, list[str]] = defaultdict(list)
    for subject, child in found.children.items():
        of_child[child].append(subject)
    for statement in linked.proposed:
        _propose_person(found, statement, of_child)


def _propose_person(found: Links, statement: ChildStatement, of_child: Mapping[str, list[str]]) -> None:
    entry = statement.reading.entry
    found.findings.append(("not_entitled", entry.position))
    proposal = Proposal(entry.position, entry.by, statement.subject, SAME_PERSON)
    sides = {statement.subject}.union(
        *(of_child.get(child, ()) for child in (statement.fact.child, statement.fact.same_as))
    )
    for subject in sides:
        found.proposals[subject].append(proposal)


def _tie(found: Links, subject: str, one: str, other: str) -> None:
    if one != other:
        found.persons.join(one, other)
        found.ties[subject].add(identity_link(one, other))


def groups(by_subject: Mapping[str, Sequence[EffectiveEntry]], found: Links) -> list[LinkedSubjects]:
    """Return the united episodes, each under its lead, in the order of the leads."""
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
    """Return the lead that a link names; else the responsible authority's subject; else the first by name."""
    if wanted is not None and wanted in subjects:
        return wanted
    if len(subjects) > 1:
        authority = Entitlement(chronology(readings), subjects).authority
        for subject in subjects:
            if namespace(subject) == authority:
                return subject
    return subjects[0]

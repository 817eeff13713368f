"""Responsibility: which authority answers for an episode, and whose naming or hand-over has no effect (events.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.facts.setting import Setting
from domain.organisations import is_authority, namespace


def setting(told: ChronologicalFact) -> Setting | None:
    """Return the setting that a fact describes, if its type has one and it was given."""
    return getattr(told.fact, "setting", None)


class Naming(NamedTuple):
    """A fact that names a responsible authority."""

    told: ChronologicalFact
    name: str

    @property
    def by_keeper(self) -> bool:
        """Return whether the organisation that keeps the record says so."""
        return self.told.entry.by == namespace(self.told.entry.subject)

    @property
    def by_itself(self) -> bool:
        """Return whether the organisation that is named says so."""
        return self.told.entry.by == self.name

    @property
    def counts(self) -> bool:
        """Return whether it can make an authority responsible: it is said by the keeper or by an authority."""
        return is_authority(self.name) and (self.by_keeper or is_authority(self.told.entry.by))


class Responsibility(NamedTuple):
    """The authority that answers for an episode."""

    authority: str | None
    """None while nobody is named."""
    ineffective: tuple[ChronologicalFact, ...]
    """The facts that would make another authority responsible, by somebody who may not."""
    unconfirmed: ChronologicalFact | None
    """The fact by which an authority that keeps the record names another, which was not handed it."""


def responsible_authority(facts: Sequence[ChronologicalFact], subjects: Iterable[str]) -> str | None:
    """Return the responsible authority, by facts in their order; None while nobody is named."""
    return responsibility(facts, subjects).authority


def responsibility(facts: Sequence[ChronologicalFact], subjects: Iterable[str]) -> Responsibility:
    """Return who is responsible: the receiver of the last effective transfer, else the authority that is named."""
    keepers = {namespace(subject) for subject in subjects}
    namings = [
        Naming(t, s.responsible_authority) for t in facts if (s := setting(t)) and s.responsible_authority
    ]
    named, unconfirmed = _named(namings, keepers)
    authority, refused = _handed_over(facts, named, keepers)
    ineffective = [n.told for n in namings if _in_vain(n, named)] + refused
    return Responsibility(authority, tuple(ineffective), unconfirmed if authority == named else None)


def _named(namings: Sequence[Naming], keepers: Iterable[str]) -> tuple[str | None, ChronologicalFact | None]:
    """Return the authority before any transfer, and the fact by which another authority's record names it."""
    counting = [naming for naming in namings if naming.counts]
    authorities = sorted(filter(is_authority, keepers))
    if not authorities:
        return _named_elsewhere(counting), None
    words = {n.told.entry.by: n for n in counting if n.by_keeper}  # the last word of each
    themselves = [n.name for n in words.values() if n.by_itself]
    if themselves:
        return max(themselves, key=lambda name: words[name].told.order), None
    silent = [name for name in authorities if name not in words]
    named = next((n for n in counting if n.name in silent), None)
    if named is not None:
        return named.name, None
    if silent:
        return silent[0], None
    last = max(words.values(), key=lambda n: n.told.order)
    return last.name, last.told


def _named_elsewhere(counting: Sequence[Naming]) -> str | None:
    """Return the authority that answers for records that no authority keeps."""
    by_keepers = [n.name for n in counting if n.by_keeper]
    by_itself = [n.name for n in counting if n.by_itself and {n.name}.issuperset(by_keepers)]
    if by_itself:
        return by_itself[-1]
    return next(iter(by_keepers), None) or next((n.name for n in counting), None)


def _handed_over(
    facts: Sequence[ChronologicalFact], authority: str | None, keepers: set[str]
) -> tuple[str | None, list[ChronologicalFact]]:
    """Return who answers after all acknowledged transfers, and the transfers without effect (decision 9)."""
    acknowledged = {t.fact.of for t in facts if isinstance(t.fact, HandoverAcknowledged)}
    refused = []
    for told in facts:
        if not isinstance(told.fact, ResponsibilityTransferred):
            continue
        by = told.entry.by
        keeper = by == namespace(told.entry.subject) and (authority is None or keepers == {by})
        if not is_authority(told.fact.to):
            refused.append(told)
        elif told.entry.key in acknowledged:
            if by == authority or keeper:
                authority = told.fact.to
            else:
                refused.append(told)
    return authority, refused


def _in_vain(naming: Naming, named: str | None) -> bool:
    """Return whether somebody other than the keeper names another, or one that is no authority is named."""
    if not is_authority(naming.name):
        return True
    return naming.name != named and not naming.by_keeper

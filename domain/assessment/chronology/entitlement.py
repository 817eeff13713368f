"""Entitlement: whose word changes other entries (events.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.chronology.responsibility import responsible_authority
from domain.entries.entry import Entry
from domain.organisations import namespace


class Entitlement:
    """The right to change other entries of one episode, by the facts as they were first recorded."""

    def __init__(self, facts_as_recorded: Sequence[ChronologicalFact], subjects: Iterable[str]) -> None:
        """Find the responsible authority by the facts as they were first recorded."""
        self.authority = responsible_authority(facts_as_recorded, subjects)

    def may_decide(self, by: str, subject: str) -> bool:
        """Return whether an organisation decides on links, reopening, errors and disputes.

        That is the responsible authority, and while none is named the organisation of the subject.
        """
        return by == (self.authority or namespace(subject))

    def may_correct(self, entry: Entry, target: Entry) -> bool:
        """Return whether an entry corrects or retracts another with effect.

        That is for the responsible authority, and for the source of the target when the same organisation sends:
        two organisations may use one system.
        """
        same_sender = (entry.source, entry.by) == (target.source, target.by)
        return same_sender or (self.authority is not None and entry.by == self.authority)

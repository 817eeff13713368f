"""Replies: the facts of an episode that answer a message, by the event that they name, or else by the role."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts import Fact
from domain.facts.casework import (
    ActionCancelled,
    ActionCompleted,
    NotificationAcknowledged,
    OversightRecorded,
)
from domain.facts.handover import HandoverAcknowledged

_NAMING: Final = (NotificationAcknowledged, HandoverAcknowledged, ActionCompleted, ActionCancelled)


class Replies:
    """The facts that may answer. Finding one costs little, however many there are."""

    def __init__(self, facts: Sequence[ChronologicalFact]) -> None:
        """Take the facts of an episode, in their order."""
        self._naming: dict[tuple[type[Fact], tuple[str, str]], ChronologicalFact] = {}
        self._acknowledged: dict[str, _OfRole] = defaultdict(_OfRole)
        self._overseen: dict[str, _OfRole] = defaultdict(_OfRole)
        for told in facts:
            fact = told.fact
            if isinstance(fact, _NAMING) and fact.of is not None:
                self._naming.setdefault((type(fact), fact.of), told)
            elif isinstance(fact, NotificationAcknowledged):
                self._acknowledged[fact.recipient_role].add(told)
            elif isinstance(fact, OversightRecorded) and fact.reviewer_role is not None:
                self._overseen[fact.reviewer_role].add(told)

    def naming(self, told: ChronologicalFact, type_: type[Fact]) -> ChronologicalFact | None:
        """Return the first fact of a type that names an event."""
        return self._naming.get((type_, told.entry.key))

    def acknowledged(self, told: ChronologicalFact, role: str) -> ChronologicalFact | None:
        """Return what first acknowledges a message: by naming it, or by the same role and not surely before it."""
        found = (self.naming(told, NotificationAcknowledged), self._acknowledged[role].first_for(told))
        return min((each for each in found if each is not None), key=lambda each: each.order, default=None)

    def overseen(self, told: ChronologicalFact, role: str) -> ChronologicalFact | None:
        """Return the first oversight by a role that is not surely before a message."""
        return self._overseen[role].first_for(told)


class _OfRole:
    """Replies of one role, in order, with the one among those before each that lasts longest."""

    def __init__(self) -> None:
        self._facts: list[ChronologicalFact] = []
        self._longest: list[ChronologicalFact] = []

    def add(self, told: ChronologicalFact) -> None:
        """Take the next one."""
        self._facts.append(told)
        before = self._longest[-1:]
        self._longest.append(max(*before, told, key=lambda each: each.latest) if before else told)

    def first_for(self, told: ChronologicalFact) -> ChronologicalFact | None:
        """Return the first that is not surely before a message; one that may be before it is as good as one after."""
        number = bisect_left(self._facts, told.earliest, key=lambda each: each.earliest)
        if number and (longest := self._longest[number - 1]).latest >= told.earliest:
            return longest
        return self._facts[number] if number < len(self._facts) else None

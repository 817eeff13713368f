"""Evidence: the entries that bear on a verdict, each with its part in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts import Fact
from domain.facts.casework import InformationShared, NotificationSent
from domain.facts.end import EndedOtherwise
from domain.facts.return_interview import (
    InterviewAttempted,
    InterviewDeclined,
    InterviewHeld,
    InterviewNotPossible,
    InterviewOffered,
)
from domain.moment import Instant, Moment

_DETAILS: Final[dict[type[Fact], str]] = {
    InterviewOffered: "to",
    InterviewDeclined: "by",
    InterviewAttempted: "outcome",
    InterviewNotPossible: "reason",
    EndedOtherwise: "reason",
    NotificationSent: "recipient_role",
    InformationShared: "recipient_role",
}
"""The member of a fact that a sentence names."""
MAY_PRECEDE: Final = "it may have come before "
"""How the reason begins where nobody can say whether a fact came too early to answer."""
CARES_FOR_CHILD, ALLOCATED_WORKER = "cares_for_child", "allocated_worker"
"""Who held an interview, where that matters more than who employed them."""


class Evidence(NamedTuple):
    """An entry that bears on a verdict: its position, its part in it, and why."""

    position: int
    role: str
    """`started`, `satisfied`, `excused`, `paused` or `considered`."""
    fact: str
    """The name of its type."""
    why: str
    when: Moment | None = None
    """When it happened, of what was considered and can be named."""
    detail: str | None = None
    """The code that a sentence names: who was asked, who declined, who held it, and so on."""


def evidence_of(told: ChronologicalFact, role: str, why: str, when: Moment | None = None) -> Evidence:
    """Return a fact as evidence."""
    return Evidence(told.entry.position, role, told.fact.NAME, why, when, detail_of(told.fact))


class ConsideredEvidence:
    """The evidence of what was considered under one rule. Each is made once: verdict after verdict considers it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._made: dict[tuple[int, Instant, Instant, str], Evidence] = {}

    def of(self, facts: Iterable[tuple[ChronologicalFact, str]], without: Collection[int]) -> list[Evidence]:
        """Return facts as evidence, each with why it was excluded, leaving out those at certain positions."""
        return [self._one(fact, why) for fact, why in facts if fact.entry.position not in without]

    def _one(self, fact: ChronologicalFact, why: str) -> Evidence:
        key = (fact.entry.position, fact.earliest, fact.latest, why)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = evidence_of(fact, "considered", why, fact.when)
        return found


def detail_of(fact: Fact) -> str | None:
    """Return the code of a fact that a sentence about it names; None when there is none."""
    if isinstance(fact, InterviewHeld):
        return _interviewer(fact)
    name = _DETAILS.get(type(fact))
    return None if name is None else getattr(fact, name)


def _interviewer(held: InterviewHeld) -> str | None:
    who = held.interviewer
    if who is None:
        return None
    if who.cares_for_child == "yes":
        return CARES_FOR_CHILD
    if who.allocated_worker_for_child == "yes" and held.independence == "partly":
        return ALLOCATED_WORKER
    return who.employer

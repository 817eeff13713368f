"""Hand-over: who answers for the child changes. Phase: after."""

from __future__ import annotations

from domain.facts.fact import Fact, fact
from domain.facts.members import chosen, code, event_ref, namespace
from domain.facts.value_kinds import EventRef
from domain.vocabulary import MOVED, TRANSFER_BASIS


@fact
class ResponsibilityTransferred(Fact):
    """Responsibility passes to another organisation; until it acknowledges, it stays where it was."""

    to: str = namespace(required=True, grants=True)
    what: str | None = chosen(MOVED)
    basis: str | None = chosen(TRANSFER_BASIS)
    from_: str | None = code()


@fact
class HandoverAcknowledged(Fact):
    """The receiving organisation takes it."""

    of: EventRef | None = event_ref()

"""Record: entries about other entries. Outside the order; cut by `known_at` only (assessment.md 1).

Anyone may record them; they take effect only from the entitled (events.md 3).
"""

from __future__ import annotations

from typing import Any

from domain.facts.correction_changes import ChangesKind
from domain.facts.fact import Fact, Phase, fact
from domain.facts.members import child, chosen, code, declare, event_ref, scheme, subject, words
from domain.facts.value_kinds import EventRef
from domain.vocabulary import RELATION


class Record(Fact):
    """A fact about the record, not about the child's absence."""

    __slots__ = ()
    PHASE = Phase.RECORD


@fact
class Corrected(Record):
    """An earlier event said it wrongly. The mistake stays readable and is marked as one."""

    target: EventRef = event_ref(required=True)
    changes: dict[str, Any] = declare(ChangesKind(), required=True)
    reason: str | None = words()


@fact
class Retracted(Record):
    """An earlier event did not happen as it says."""

    target: EventRef = event_ref(required=True)
    reason: str | None = words()


@fact
class Disputed(Record):
    """Someone contests an earlier event."""

    target: EventRef = event_ref(required=True)
    by: str | None = code()


@fact
class DisputeResolved(Record):
    """A dispute about an earlier event is settled."""

    target: EventRef = event_ref(required=True)
    outcome: str | None = code()


@fact
class ChildCorrected(Record):
    """The episode is about another child."""

    to: str = child(required=True)
    reason: str | None = words()
    authorised_by: str | None = code()


@fact
class ChildLinked(Record):
    """Two references are one person."""

    child_scheme: str | None = scheme()
    same_as: str = child(required=True)
    same_as_scheme: str | None = scheme()
    decided_by: str | None = code()


@fact
class EpisodesLinked(Record):
    """Two subjects belong together: one episode told twice, a continuation, or related."""

    with_: str = subject(required=True)
    relation: str = chosen(RELATION, required=True)
    lead: str | None = subject()


@fact
class EpisodeRecordedInError(Record):
    """There was no such episode. It stays visible to auditors and drops from the counts."""

    reason: str | None = words()
    authorised_by: str | None = code()

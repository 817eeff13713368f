"""Last heard: the fact of an episode that happened last, as at every instant.

Entries about the record, such as links and corrections, are not news of the child and do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.moment import FOREVER, Instant
from domain.spans import Span, joined


class LastHeard(NamedTuple):
    """A fact, by its entry; the span in which it is the last begins with its earliest."""

    latest: Instant
    type: str
    by: str
    position: int


def last_heard(facts: Sequence[ChronologicalFact]) -> tuple[Span[LastHeard], ...]:
    """Return which fact is the last, by spans of `as_at`; `facts` are in order, without those about the record."""
    ends = [*(told.earliest for told in facts[1:]), FOREVER]
    return joined(Span(told.earliest, end, _heard(told)) for told, end in zip(facts, ends, strict=False))


def _heard(told: ChronologicalFact) -> LastHeard:
    entry = told.entry
    return LastHeard(told.latest, entry.type, entry.by, entry.position)

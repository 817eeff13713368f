"""Covers: return interviews that are also about other episodes of the same person (events.md 2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts.return_interview import Interview


class Covering(NamedTuple):
    """A fact about an interview, and the other subjects that it says it covers."""

    told: ChronologicalFact
    subjects: frozenset[str]


def coverings(facts: Iterable[ChronologicalFact]) -> list[Covering]:
    """Those of the facts that cover other episodes."""
    return [
        Covering(t, frozenset(t.fact.covers))
        for t in facts
        if isinstance(t.fact, Interview) and t.fact.covers
    ]

"""Event types: one frozen dataclass for each, a file per group of the vocabulary.

A type's validation, JSON Schema, catalogue row, stored form and decoder follow from its one class.
"""

from __future__ import annotations

from domain.facts import (
    after_return as after,
)
from domain.facts import (
    amendments as record,
)
from domain.facts import (
    away,
    end,
    handover,
    start,
)
from domain.facts import (
    casework as telling,
)
from domain.facts import (
    return_interview as interview,
)
from domain.facts.fact import FACTS, Fact, Phase

__all__ = ["FACTS", "Fact", "Phase", "of_type"]

_GROUPS = (start, telling, away, end, after, interview, handover, record)

_BY_TYPE = {cls.TYPE: cls for cls in FACTS.values()}


def of_type(type_: str) -> type[Fact] | None:
    """Return the class of an event type such as `missing-episode.returned.v1`; None when there is none."""
    return _BY_TYPE.get(type_)

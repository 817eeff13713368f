"""What the rules look at in one episode, and what they point at as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import Told
from domain.assessment.standing.episode_state import Frame
from domain.assessment.standing.other_episode import Known
from domain.facts import Fact
from domain.spans import Span


class Evidence(NamedTuple):
    """An entry that bears on a verdict: its position, its part in it, and why."""

    position: int
    role: str
    """started, satisfied, excused, paused or considered."""
    fact: str
    """The name of its type."""
    why: str


class Matter(NamedTuple):
    """One episode, as the rules see it."""

    frames: Sequence[Frame]
    lasting: Sequence[Span[Frame]]
    """The same frames, each with the span over which it holds."""
    facts: Sequence[Told]
    covering: Sequence[Told]
    """Interview facts of the person's other episodes that cover this one."""
    others: Sequence[Known]
    """The person's other episodes."""
    retracted: Sequence[tuple[Told, Told]]
    """Facts that were retracted, each with its retraction."""
    in_error: Told | None
    types: frozenset[type[Fact]]
    """The types of its facts, of those retracted too: most rules find nothing here that could start them."""

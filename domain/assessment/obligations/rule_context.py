"""What the rules look at in one episode, and what they point at as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.episode_state import StateChange
from domain.assessment.standing.other_episode import OtherEpisode
from domain.facts import Fact
from domain.moment import Instant
from domain.spans import Span


class Evidence(NamedTuple):
    """An entry that bears on a verdict: its position, its part in it, and why."""

    position: int
    role: str
    """started, satisfied, excused, paused or considered."""
    fact: str
    """The name of its type."""
    why: str


class BirthMonth(NamedTuple):
    """A month of birth (2010-03, or 2010 where a setting keeps no month), and from when on it counts."""

    earliest: Instant
    month: str


class RuleContext(NamedTuple):
    """One episode, as the rules see it."""

    frames: Sequence[StateChange]
    lasting: Sequence[Span[StateChange]]
    """The same frames, each with the span over which it holds."""
    facts: Sequence[ChronologicalFact]
    covering: Sequence[ChronologicalFact]
    """Interview facts of the person's other episodes that cover this one."""
    others: Sequence[OtherEpisode]
    """The person's other episodes."""
    retracted: Sequence[tuple[ChronologicalFact, ChronologicalFact]]
    """Facts that were retracted, each with its retraction."""
    in_error: ChronologicalFact | None
    births: Sequence[BirthMonth]
    """The months of birth that facts give, each with when it counts from."""
    types: frozenset[type[Fact]]
    """The types of its facts, of those retracted too: most rules find nothing here that could start them."""

"""Rule context: one episode, as the rules see it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.episode_state import StateChange
from domain.assessment.standing.other_episode import OtherEpisode
from domain.facts import Fact, Phase
from domain.moment import Instant
from domain.spans import Span


class BirthMonth(NamedTuple):
    """A month of birth (2010-03, or 2010 where a setting keeps no month), and from when on it counts."""

    earliest: Instant
    month: str


@dataclass(frozen=True)
class RuleContext:
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

    @cached_property
    def ends(self) -> list[ChronologicalFact]:
        """Its facts that end it, in their order."""
        return [told for told in self.facts if told.fact.PHASE == Phase.END]

    @cached_property
    def _ats(self) -> list[Instant]:
        return [frame.at for frame in self.frames]

    def frame_number(self, at: Instant) -> int:
        """Return the number of the frame that holds at an instant; the first before it."""
        return max(0, bisect_right(self._ats, at) - 1)

"""Answer window: from when on a fact can answer a duty (assessment.md 3).

Nothing from before the episode began answers for it, and nothing from before a reopening answers for an end after it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.episode_state import StateChange, start_bounds
from domain.facts import Fact, Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.return_interview import InterviewSummaryRecorded
from domain.moment import BEGINNING, FOREVER, Instant

_HAPPENINGS = frozenset({Phase.START, Phase.AWAY, Phase.END})
"""Phases of facts that say where the child was; a fact that follows a return begins no episode."""
EPISODE_BEGAN: Final = "the episode began"
EPISODE_REOPENED: Final = "the episode was reopened"
AWAY_AGAIN: Final = "the child was away again"
CLOCK_STARTED: Final = "the clock started"


class WindowStart(NamedTuple):
    """A moment that an answer must not precede, and what happened then."""

    earliest: Instant
    latest: Instant
    event: str

    def surely_follows(self, latest: Instant) -> bool:
        """Return whether what happened by `latest` surely came before it."""
        return latest < self.earliest

    def may_follow(self, earliest: Instant, fact: Fact) -> bool:
        """Return whether a fact from `earliest` on may have come before it; a summary tells of what came later."""
        from_start = self.event == EPISODE_BEGAN and isinstance(fact, InterviewSummaryRecorded)
        return earliest < self.latest and not from_start


def episode_start(facts: Sequence[ChronologicalFact], frames: Sequence[StateChange]) -> WindowStart:
    """Return when an episode began; without a start fact it may have begun at any time before its first fact.

    A start fact surely after an end tells of what came later, and not of when the episode began.
    """
    earliest, latest = start_bounds(frames)
    ended = min((told.latest for told in facts if told.fact.PHASE == Phase.END), default=FOREVER)
    if not any(told.fact.PHASE == Phase.START and told.earliest <= ended for told in facts):
        earliest = BEGINNING
        latest = min((t.earliest for t in facts if t.fact.PHASE in _HAPPENINGS), default=latest)
    return WindowStart(earliest, latest, EPISODE_BEGAN)


def window_starts(
    trigger: ChronologicalFact, start: WindowStart, reopenings: Sequence[ChronologicalFact]
) -> Iterator[WindowStart]:
    """Yield what an answer to a duty must not precede: the episode's start, and what began its absence again."""
    yield start
    before = bisect_left(reopenings, trigger.order, key=lambda told: told.order)
    if before:
        last = reopenings[before - 1]
        event = EPISODE_REOPENED if isinstance(last.fact, EpisodeReopened) else AWAY_AGAIN
        yield WindowStart(last.earliest, last.latest, event)

"""Measure: one figure, with the episodes that it is about and those that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.measures.criteria import Criterion, Known

EPISODE, CHILD, INTERVIEW = "episode", "child", "interview"
COUNT, SHARE, MEAN = "count", "share", "mean"
SURELY, SURELY_NOT, CANNOT_TELL, APART = "y", "n", "?", "-"
"""The states that a measure gives an episode; APART: the measure is not about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure."""

    id: str
    definition: str
    """One sentence; {n} and {days} are what is asked of `repeat`, {limit} is the rulebook's for the interview."""
    of: Criterion
    """Which episodes it looks at: its denominator."""
    counts: Criterion
    """Which of them it counts: its numerator."""
    unit: str = EPISODE
    form: str = SHARE
    """A count has its numerator as value; a share is numerator by denominator; a mean likewise, by children."""
    period: bool = True
    """True when it is about episodes that started in the period, or about whatever is open as at the instant."""
    family: str = ""
    """Those of one family, whose numerators and denominators are one another's, are suppressed together."""

    def state(self, answers: Mapping[Criterion, Known]) -> str:
        """Return what it makes of an episode, given what its questions are answered."""
        inside, counted = answers[self.of], answers[self.counts]
        if inside is False:
            return APART
        if inside is None or counted is None:
            return CANNOT_TELL
        return SURELY if counted else SURELY_NOT

"""Pictures: what is true of an episode over a span of `as_at`, and what else the rules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.classifications import Category, Police, Risk
from domain.assessment.standing.episode_end import CountedEnd
from domain.assessment.standing.episode_start import Started
from domain.assessment.standing.prefix import Prefix
from domain.moment import FOREVER, Instant, Moment
from domain.spans import Span
from domain.vocabulary import OPEN


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """The state of an episode over one span of `as_at`, as far as it is known."""

    standing: str
    since: Moment | None = None
    started: Started | None = None
    end_contradicted: tuple[int, ...] = ()
    """The first MOST_NAMED positions of what contradicts the end."""
    category: dict[str, Category] = field(default_factory=dict)
    risk: dict[str, Risk] = field(default_factory=dict)
    police: Police = Police()
    responsible_authority: str | None = None
    host_authority: str | None = None
    last_seen: Moment | None = None
    last_seen_by: str | None = None
    end_possibly_contradicted: tuple[int, ...] = ()
    """The first positions of reports that may, but need not, be after the end."""
    moves: int = 0
    """How many changes of whereabouts came before: spells are made of these."""
    absences: tuple[int, int] = (0, 0)
    """From which to which of the episode's ended absences count: those followed by a further one."""
    absence: int = 0
    """The number of the last absence."""

    @property
    def open(self) -> bool:
        """Return whether the child is not back, or back but contradicted, or possibly so."""
        return self.standing in OPEN or bool(self.end_contradicted or self.end_possibly_contradicted)

    @property
    def possibly(self) -> bool:
        """Return whether the child is open only because a report may be after the end."""
        return bool(self.end_possibly_contradicted) and not (self.standing in OPEN or self.end_contradicted)


class StateChange(NamedTuple):
    """The facts that the rules need to know from one instant on, until the next change."""

    at: Instant
    picture: EpisodeState
    end: CountedEnd | None
    """The end of the last absence."""
    earlier: Prefix[CountedEnd]
    """The ends of the absences before it."""
    reopened: Prefix[tuple[ChronologicalFact, ChronologicalFact]]
    """Ends that a reopening excluded, each with the reopening."""
    ever: frozenset[str]
    """The standings that the child has been in."""
    since_by: ChronologicalFact | None
    """The fact that made the standing what it is, ends apart."""
    said: frozenset[str]
    """The standings in which facts put the child, before the end: missing, away or absence_noticed. Empty when none
    does; a fact surely after the end says nothing of what the child was before it."""

    @property
    def ends(self) -> Iterator[CountedEnd]:
        """Yield the end of each absence, in order."""
        yield from self.earlier
        if self.end is not None:
            yield self.end

    def was_ever(self, standings: frozenset[str]) -> bool | None:
        """Return whether the child was ever in one of these; None while that cannot be decided."""
        if standings & self.ever:
            return True
        return None if not self.said or standings & self.said else False


def state_spans(frames: Sequence[StateChange]) -> list[Span[StateChange]]:
    """Each frame with the span of `as_at` over which it holds."""
    ends = [*(frame.at for frame in frames[1:]), FOREVER]
    return [Span(frame.at, end, frame) for frame, end in zip(frames, ends, strict=False)]


def start_bounds(frames: Sequence[StateChange]) -> tuple[Instant, Instant]:
    """When an episode started, at the earliest and at the latest; with its first fact where nothing says more."""
    started, first = frames[-1].picture.started, frames[0].at
    earliest, latest = (first, first) if started is None else started.when
    if earliest is None:
        earliest = first if latest is None else latest
    return earliest, max(earliest, first) if latest is None else latest

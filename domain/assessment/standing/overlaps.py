"""Overlaps: episodes of one person that run at the same time and are not linked (events.md 4).

The only finding that depends on episodes to which nothing recorded ties this one; so it can be taken again
without assessing again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.finding import Finding
from domain.assessment.standing.episode_state import EpisodeState
from domain.moment import FOREVER, Instant
from domain.spans import Span

OVERLAPS: Final = "overlaps_episode"


class Extent(NamedTuple):
    """From when to when a child was away, as known; the end is not included."""

    start: Instant
    end: Instant

    def overlaps(self, other: Extent) -> bool:
        """Return whether some instant is in both."""
        return self.start < other.end and other.start < self.end


def extent(pictures: Sequence[Span[EpisodeState]]) -> Extent | None:
    """From when to when the child was away, as known; None when there was no such episode."""
    last = pictures[-1].value
    if last.standing in {"nothing", "in_error"}:
        return None
    ended = last.since.earliest if last.standing in {"returned", "ended"} and last.since is not None else None
    started = last.started.when.earliest if last.started is not None else None
    start = started if started is not None else pictures[1].start
    return Extent(start, FOREVER if ended is None else ended)


def overlapping(leads: Iterable[str]) -> list[Finding]:
    """The finding that episodes with these leads overlap; nothing when there are none."""
    others = tuple(sorted(set(leads)))
    return [Finding(OVERLAPS, (), others)] if others else []


def overlapped(findings: Iterable[Finding]) -> set[str]:
    """The leads of the episodes that findings say overlap."""
    return {lead for found in findings if found.finding == OVERLAPS for lead in found.subjects}


def with_overlaps(findings: Sequence[Finding], leads: Iterable[str]) -> tuple[Finding, ...]:
    """The same findings, but with these leads as the episodes that overlap."""
    return tuple(sorted([*(f for f in findings if f.finding != OVERLAPS), *overlapping(leads)]))

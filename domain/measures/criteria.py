"""Criteria: what figures ask of an episode as at an instant.

Each question answers yes, no, or None for cannot tell. Times are instants (microseconds, UTC); a moment
whose ends differ leaves open what depends on the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from domain.assessment.observations import countable_events as m
from domain.assessment.observations.countable_events import CountableEvent
from domain.moment import DAY, HOUR, Instant
from domain.vocabulary import MISSING

LONG: Final[Instant] = 24 * HOUR
"""The length of a long absence (reference/domain.md 6.2, over 24 hours), and when oversight is expected."""
WEEK: Final[Instant] = 7 * DAY
"""How long after the limit for holding an interview its outcome should be known at the latest."""

Known = bool | None
Interval = tuple[Instant, Instant]


@dataclass(frozen=True, kw_only=True)
class EpisodeAtInstant:
    """One episode as at an instant."""

    at: Instant
    standing: str
    contradicted: bool
    """Something says that the child was away after the end that counts."""
    started: Interval
    ended: Interval | None
    marks: tuple[CountableEvent, ...]
    """Those that count by then."""
    of_authority: bool
    """True when an authority has it under a reference of its own."""
    matched: bool
    """True when a police record is linked with it, or its reference was given."""
    area: str | None
    """own or hosted: placed in the responsible authority's area or another's."""
    due: Interval | None
    """The last instant at which an interview is held in time; None before the end, or without a limit."""

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its marks."""
        return frozenset([mark.kind for mark in self.marks])

    def of(self, *kinds: str) -> list[CountableEvent]:
        """Its marks of these kinds."""
        return [] if self.kinds.isdisjoint(kinds) else [mark for mark in self.marks if mark.kind in kinds]

    @cached_property
    def _answers(self) -> dict[Criterion, Known]:
        return {}

    def answer(self, question: Criterion) -> Known:
        """Return the answer to a question; several questions rest on the same ones, and each is asked once."""
        if question not in self._answers:
            self._answers[question] = question(self)
        return self._answers[question]


Criterion = Callable[[EpisodeAtInstant], Known]


def both(one: Known, other: Known) -> Known:
    """Return whether both hold."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def every(_: EpisodeAtInstant) -> Known:
    """It is an episode: one recorded in error is never read."""
    return True


def ever_missing(seen: EpisodeAtInstant) -> Known:
    """The child was missing at some time, not only away without authorisation; open while no start is known."""
    if MISSING in seen.kinds:
        return True
    return False if m.ORIGIN in seen.kinds and m.UNDECIDED not in seen.kinds else None


def missing_now(seen: EpisodeAtInstant) -> Known:
    """The whereabouts are unknown; open where the end is contradicted."""
    return None if seen.contradicted else seen.standing in {MISSING, "absence_noticed"}


def located_now(seen: EpisodeAtInstant) -> Known:
    """Whereabouts are known, and the child is not back."""
    return seen.standing == "located"


def out_of_area(seen: EpisodeAtInstant) -> Known:
    """At the start the child was placed in another authority's area."""
    return None if seen.area is None else seen.area == "hosted"


def of_authority(seen: EpisodeAtInstant) -> Known:
    """An authority has it under a reference of its own."""
    return seen.of_authority


def matched(seen: EpisodeAtInstant) -> Known:
    """A police record is linked with it, or its police reference was given."""
    return seen.matched or m.POLICE_REFERENCE in seen.kinds


def at_least(seen: EpisodeAtInstant, length: Instant) -> Known:
    """It lasted that long, or has by now."""
    first, last = seen.started
    if seen.ended is None:
        least, most = seen.at - last, seen.at - first
    else:
        least, most = seen.ended[0] - last, seen.ended[1] - first
    return True if least >= length else False if most < length else None


def long(seen: EpisodeAtInstant) -> Known:
    """It lasted 24 hours or more."""
    return at_least(seen, LONG)


def long_missing(seen: EpisodeAtInstant) -> Known:
    """The child was missing, and the episode lasted 24 hours or more."""
    return both(seen.answer(ever_missing), seen.answer(long))


def no_oversight(seen: EpisodeAtInstant) -> Known:
    """Nobody recorded that a manager looked."""
    return m.OVERSIGHT not in seen.kinds


def edges(started: Interval, ended_: Interval | None, due: Interval | None) -> set[Instant]:
    """The instants at which an answer may change although nothing happens."""
    if ended_ is None:
        return {end + LONG for end in started}
    return {end + WEEK + 1 for end in due or ()}

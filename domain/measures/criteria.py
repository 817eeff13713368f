"""What is seen of an episode as at an instant, and the questions that figures ask of it.

Each question answers yes, no, or None: nobody can tell. Times are instants (microseconds, UTC); a moment
whose ends differ leaves open what hangs on the difference.
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
"""What counts as a long absence (reference/domain.md 6.2, over 24 hours), and when oversight is expected."""
WEEK: Final[Instant] = 7 * DAY
"""How long after the limit for holding an interview its outcome should be known at the latest."""

Known = bool | None
Interval = tuple[Instant, Instant]


@dataclass(frozen=True, kw_only=True)
class EpisodeAtInstant:
    """What is seen of one episode as at an instant."""

    at: Instant
    standing: str
    contradicted: bool
    """Something says that the child was away after the end that counts."""
    started: Interval
    ended: Interval | None
    marks: tuple[CountableEvent, ...]
    """Those that count by then."""
    of_authority: bool
    """Whether an authority has it under a reference of its own."""
    matched: bool
    """Whether a police record is linked with it, or its reference was given."""
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
        """What a question is answered; several questions rest on the same ones, and each is asked once."""
        if question not in self._answers:
            self._answers[question] = question(self)
        return self._answers[question]


Criterion = Callable[[EpisodeAtInstant], Known]


def both(one: Known, other: Known) -> Known:
    """Whether both hold."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def every(_: EpisodeAtInstant) -> Known:
    """It is an episode: one recorded in error is never looked at."""
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


def ended(seen: EpisodeAtInstant) -> Known:
    """Over, the child found alive, and ever missing: what a return interview is for."""
    if seen.ended is None:
        return False
    ends = seen.of(m.FOUND, m.NOT_FOUND, m.OPEN_AGAIN)
    if not ends or ends[-1].kind != m.FOUND:
        return False
    return seen.answer(ever_missing)


def told(seen: EpisodeAtInstant, *kinds: str) -> Known:
    """Something of these kinds happened; open where a summary leaves it open."""
    found = [mark.sure for mark in seen.of(*kinds)]
    return True if any(found) else None if found else False


def offered(seen: EpisodeAtInstant) -> Known:
    """An interview was offered: accepted, held and declined ones were."""
    return told(seen, m.OFFERED, m.ACCEPTED, m.HELD, m.DECLINED)


def held(seen: EpisodeAtInstant) -> Known:
    """An interview was held."""
    return told(seen, m.HELD)


def ended_and_offered(seen: EpisodeAtInstant) -> Known:
    """Ended, and an interview offered."""
    return both(seen.answer(ended), seen.answer(offered))


def ended_and_held(seen: EpisodeAtInstant) -> Known:
    """Ended, and an interview held."""
    return both(seen.answer(ended), seen.answer(held))


def held_in_time(seen: EpisodeAtInstant) -> Known:
    """Held within the limit after the end; one held before it, at a police station say, is in time."""
    times = [mark for mark in seen.of(m.HELD) if mark.sure]
    if seen.ended is None or not times:
        return seen.answer(held)
    if seen.due is None:
        return None
    first, last = seen.due
    if any(mark.latest <= first for mark in times):
        return True
    return None if any(mark.earliest <= last for mark in times) else False


def declined(seen: EpisodeAtInstant) -> Known:
    """The last outcome is a refusal: not silence, nor missing again, nor an interview after all."""
    outcomes = seen.of(m.HELD, m.DECLINED, m.ATTEMPTED, m.NOT_POSSIBLE)
    sure = [mark for mark in outcomes if mark.sure]
    if not sure:
        return None if any(mark.kind == m.DECLINED for mark in outcomes) else False
    last = max(sure, key=lambda mark: (mark.earliest, mark.latest))
    rivals = {mark.kind for mark in sure if mark.latest >= last.earliest}
    return None if m.DECLINED in rivals and len(rivals) > 1 else last.kind == m.DECLINED


def overdue_outcome(seen: EpisodeAtInstant) -> Known:
    """Ended, and the limit for the interview has been over for a week."""
    inside = seen.answer(ended)
    if not seen.ended or inside is False:
        return False
    if seen.due is None:
        return None
    first, last = seen.due
    passed = True if seen.at > last + WEEK else False if seen.at <= first + WEEK else None
    return both(inside, passed)


def no_outcome(seen: EpisodeAtInstant) -> Known:
    """By a week after the limit nothing said that the interview was held, declined or not possible."""
    if seen.due is None:
        return None
    first, last = seen.due
    outcomes = seen.of(m.HELD, m.DECLINED, m.NOT_POSSIBLE)
    if any(mark.sure and mark.latest <= first + WEEK for mark in outcomes):
        return False
    return None if any(mark.earliest <= last + WEEK for mark in outcomes) else True


def edges(started: Interval, ended_: Interval | None, due: Interval | None) -> set[Instant]:
    """The instants at which an answer may change although nothing happens."""
    if ended_ is None:
        return {end + LONG for end in started}
    return {end + WEEK + 1 for end in due or ()}

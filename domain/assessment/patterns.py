"""Patterns: what a child's episodes show together, as at an instant. Nothing here is a duty or a judgement.

Episodes count by the earliest that their start can be; those in error never, those that had not begun not yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from domain.assessment.assess import EpisodeAssessment
from domain.assessment.observations import cross_episode_facts as t
from domain.assessment.observations.cross_episode_facts import CrossEpisodeFact
from domain.moment import HOUR, LONDON, SECOND, Instant, Moment, to_datetime
from domain.vocabulary import OVER

WINDOWS: Final = ((3, 30), (3, 90))
"""Episodes within days at which procedures commonly call a child's going missing repeated; named in each answer."""
_DAY: Final[Instant] = 24 * HOUR
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PARTS: Final = ("night", "morning", "afternoon", "evening")
"""Quarters of a London day from midnight on, six hours of the clock each."""
WEEKDAY, PART_OF_DAY = "weekday", "part_of_day"


class Begun(NamedTuple):
    """An episode that had begun."""

    lead: str
    start: Moment
    first: Instant
    """The earliest that the start can be."""
    end: Moment | None
    """When it ended; None while it had not."""
    traces: tuple[CrossEpisodeFact, ...]
    """Those that counted by then."""


class Repeat(NamedTuple):
    """How often the child went within a rolling window of days."""

    episodes: int
    days: int
    now: int
    """Episodes that began in the days up to `as_at`."""
    most: int
    """The most that ever began in so many days."""
    reached_by: tuple[str, ...]
    """The leads of the episodes with which there were as many as the window asks for, or more."""


class EpisodeInterval(NamedTuple):
    """From one episode to the next: seconds, at the least and at the most."""

    before: str
    after: str
    starts: tuple[int, int]
    """From start to start."""
    back: tuple[int, int] | None
    """From the end to the next start; None where the earlier had not ended by then, or ended surely after it."""


class Recurring(NamedTuple):
    """A code that more than one episode has, and which they are."""

    code: str
    leads: tuple[str, ...]


class Recurrence(NamedTuple):
    """The codes of one kind that recur, the most frequent first, and how many episodes do not say."""

    codes: tuple[Recurring, ...]
    not_known: int


class OpenAction(NamedTuple):
    """An action whose date surely passed, neither done nor cancelled."""

    lead: str
    position: int
    due: Moment


class Patterns(NamedTuple):
    """The patterns that a child's episodes show together."""

    repeats: tuple[Repeat, ...]
    intervals: tuple[EpisodeInterval, ...]
    recurring: dict[str, Recurrence]
    since_plan_review: int
    """Episodes that began after the last review of a plan; all of them when there was none."""
    plan_reviewed: Moment | None
    open_actions: tuple[OpenAction, ...]


def patterns(episodes: Iterable[EpisodeAssessment], as_at: Instant) -> Patterns:
    """The patterns of the episodes of one person, as at an instant."""
    begun = sorted(_begun(episodes, as_at), key=lambda e: (e.first, e.lead))
    reviews = (trace for e in begun for trace in e.traces if trace.kind == t.PLAN_REVIEWED)
    last = max(((review.earliest, review.latest) for review in reviews), default=None)
    return Patterns(
        repeats=tuple(_repeat(begun, count, days, as_at) for count, days in WINDOWS),
        intervals=tuple(_between(one, other) for one, other in pairwise(begun)),
        recurring={
            **{
                kind: _recurrence({e.lead: _places(e, kind) for e in begun})
                for kind in (t.EXPECTED, t.LOCATED)
            },
            WEEKDAY: _recurrence({e.lead: _same(_weekday, e.start) for e in begun}),
            PART_OF_DAY: _recurrence({e.lead: _same(_part_of_day, e.start) for e in begun}),
        },
        since_plan_review=sum(last is None or e.first > last[1] for e in begun),
        plan_reviewed=None if last is None else Moment(*last),
        open_actions=tuple(
            sorted(_open_actions(begun, as_at), key=lambda a: (a.due.latest or 0, a.position))
        ),
    )


def _begun(episodes: Iterable[EpisodeAssessment], as_at: Instant) -> Iterator[Begun]:
    for episode in episodes:
        picture = episode.picture(as_at)
        if picture.standing in {"nothing", "in_error"} or picture.started is None:
            continue
        start = picture.started.when
        first, _ = _ends(start)
        ended = picture.since if picture.standing in OVER else None
        counting = tuple(trace for trace in episode.traces if trace.earliest <= as_at)
        yield Begun(episode.lead, start, first, ended, counting)


def _repeat(begun: Sequence[Begun], count: int, days: int, as_at: Instant) -> Repeat:
    """A window that ends with each start, which it includes: as a rule counts episodes within days."""
    within = {e.lead: sum(e.first - days * _DAY < other.first <= e.first for other in begun) for e in begun}
    reached = tuple(lead for lead, found in within.items() if found >= count)
    now = sum(as_at - days * _DAY < e.first <= as_at for e in begun)
    return Repeat(count, days, now, max(within.values(), default=0), reached)


def _between(one: Begun, other: Begun) -> EpisodeInterval:
    ended = one.end is not None and not other.start.surely_before(one.end)
    back = _apart(one.end, other.start) if ended and one.end is not None else None
    return EpisodeInterval(one.lead, other.lead, _apart(one.start, other.start), back)


def _apart(one: Moment, other: Moment) -> tuple[int, int]:
    """Seconds from one moment to another that is not surely before it: at the least and at the most."""
    (first, last), (then, until) = _ends(one), _ends(other)
    return max(0, (then - last) // SECOND), (until - first) // SECOND


def _ends(moment: Moment) -> tuple[Instant, Instant]:
    """Both ends of a moment; where one is not known, the other."""
    known = [end for end in moment if end is not None]
    return min(known), max(known)


def _recurrence(said: Mapping[str, set[str]]) -> Recurrence:
    """`said`: the codes that each episode has, by its lead."""
    leads: dict[str, list[str]] = defaultdict(list)
    for lead, codes in said.items():
        for code in codes:
            leads[code].append(lead)
    several = [Recurring(code, tuple(found)) for code, found in leads.items() if len(found) > 1]
    return Recurrence(
        tuple(sorted(several, key=lambda r: (-len(r.leads), r.code))), sum(not c for c in said.values())
    )


def _places(episode: Begun, kind: str) -> set[str]:
    return {trace.code for trace in episode.traces if trace.kind == kind and trace.code is not None}


def _same(name: Callable[[datetime], str], moment: Moment) -> set[str]:
    """Return what all of a moment is called in London; nothing where its ends differ. A day ends before midnight."""
    first, last = _ends(moment)
    one, other = (to_datetime(at).astimezone(LONDON) for at in (first, max(first, last - 1)))
    return {name(one)} if one.date() == other.date() and name(one) == name(other) else set()


def _weekday(at: datetime) -> str:
    return _WEEKDAYS[at.weekday()]


def _part_of_day(at: datetime) -> str:
    return _PARTS[at.hour // 6]


def _open_actions(begun: Iterable[Begun], as_at: Instant) -> Iterator[OpenAction]:
    for episode in begun:
        for trace in episode.traces:
            due = trace.due
            if due is not None and due.latest is not None and due.latest < as_at < trace.until:
                yield OpenAction(episode.lead, trace.position, due)

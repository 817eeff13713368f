"""Standings of each episode, by spans of `as_at`, with the columns that lists filter by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from application.answers.as_json import start_of
from application.projections.assessed_episode import Assessed
from application.projections.table import Row, Table
from application.projections.table_query import TableQuery, Where
from application.store.database import Database
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.observations.waiting import WaitingItem
from domain.assessment.standing.episode_state import EpisodeState
from domain.facts.value_kinds import ChildRef
from domain.moment import BEGINNING, FOREVER, Instant
from domain.spans import Span, joined
from domain.vocabulary import OPEN, OVER

_COLUMNS: Final = {
    "lead": "text",
    "since": "bigint",
    "until": "bigint",
    "standing": "text",
    "open": "boolean",
    "started": "bigint",
    "authorities": "text[]",
    "namespaces": "text[]",
    "categories": "text[]",
    "placement_type": "text",
    "linked": "boolean",
    "waiting": "boolean",
    "ended": "bigint",
}
TABLE: Final = Table("standings", _COLUMNS, key=2)


def rows(found: Assessed) -> list[Row]:
    """Return a row for each span in which nothing that is listed or filtered by changes."""
    spans = [
        Span(since, until, _values(found, since, picture, waiting=waits))
        for since, until, (picture, waits) in _split(found.episode)
        if picture.standing != "nothing"
    ]
    return [(found.episode.lead, since, until, *values) for since, until, values in joined(spans)]


def _split(episode: EpisodeAssessment) -> Iterator[Span[tuple[EpisodeState, bool]]]:
    """Yield what is true over each span, and whether anything waits for a reply through all of it."""
    changes = _changes(episode.waiting)
    for start, end, picture in episode.pictures:
        inside = changes[bisect_right(changes, start) : bisect_left(changes, end)]
        for since, until in pairwise([start, *inside, end]):
            waits = bisect_right(changes, since) % 2 == 1
            yield Span(since, until, (picture, waits))


def _changes(waiting: Iterable[WaitingItem]) -> list[Instant]:
    """Return the instants at which an episode begins to have something that waits, and has nothing, in turn."""
    changes: list[Instant] = []
    for item in sorted(waiting):
        if changes and item.start <= changes[-1]:
            changes[-1] = max(changes[-1], item.end)
        else:
            changes += (item.start, item.end)
    return changes


def _values(found: Assessed, since: Instant, picture: EpisodeState, *, waiting: bool) -> Row:
    episode = found.episode
    return (
        picture.standing,
        picture.open,
        _started(since, picture),
        found.authorities(picture.responsible_authority, picture.host_authority),
        found.namespaces,
        sorted({category.current for category in picture.category.values()}),
        episode.profile.get("placement_type"),
        len(episode.subjects) > 1 or bool(episode.related),
        waiting,
        _ended(picture),
    )


def _started(since: Instant, picture: EpisodeState) -> Instant:
    """Return when an episode started, for the order of lists; one that never started comes last."""
    known = start_of(picture)
    return known if known is not None else FOREVER if since == BEGINNING else since


def _ended(picture: EpisodeState) -> Instant | None:
    """Return when an episode that is over ended, at the earliest, as far as that was told."""
    when = picture.since if picture.standing in OVER else None
    return None if when is None else when.latest if when.earliest is None else when.earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFilters:
    """Filters of a list of episodes; None does not filter. Instants are microseconds, UTC."""

    open: bool | None = None
    """Not back, or back but contradicted; False: the others."""
    unmatched: bool | None = None
    """Linked with nothing in any relation; False: the others."""
    standing: str | None = None
    authority: str | None = None
    """Namespace: the responsible or host authority, or the subject's."""
    child: ChildRef | None = None
    """Any episode of the person that this child is."""
    category: str | None = None
    """Current, in any scheme."""
    placement_type: str | None = None
    """At the start."""
    from_: Instant | None = None
    """Started at or after."""
    to: Instant | None = None
    """Started before."""
    waiting: bool | None = None
    """With a message that nobody acknowledged, or an action or a review past its time; False: the others."""
    ended_from: Instant | None = None
    """Ended, at the earliest, at or after."""
    ended_to: Instant | None = None
    """Ended, at the earliest, before."""


class Key(NamedTuple):
    """The place of an episode in the list."""

    started: Instant
    lead: str


_CONDITIONS: Final = {
    "unmatched": "linked <> %s",
    "standing": "standing = %s",
    "category": "%s = any(categories)",
    "placement_type": "placement_type = %s",
    "from_": "started >= %s",
    "to": "started < %s",
    "ended_from": "ended >= %s",
    "ended_to": "ended < %s",
}


def page(
    database: Database, filters: EpisodeFilters, asked: TableQuery[Key], leads: list[str] | None
) -> list[Key]:
    """Return the next episodes in the order of their start; `leads`: of these only."""
    few = filters.open or filters.standing in OPEN
    where = Where(asked.as_at, "open" if few else None)
    if filters.open is False:
        where.add("not open")
    if filters.waiting is not None:
        where.add("waiting" if filters.waiting else "not waiting")
    for name, condition in _CONDITIONS.items():
        where.given(condition, getattr(filters, name))
    where.given("namespaces @> array[%s] and %s = any(authorities)", filters.authority, times=2)
    where.given("lead = any(%s)", leads)
    where.given("namespaces && %s", asked.names)
    where.given("lead <> all(%s)", asked.hidden)
    if asked.after is not None:
        where.add("(started, lead) > (%s, %s)", *asked.after)
    query = where.query("views.standings", "started, lead", "started, lead", asked.limit)
    return [Key(*row) for row in database.rows(*query)]


def holds(row: Row, as_at: Instant) -> bool:
    """Return whether a row's span holds at an instant."""
    return bool(row[1] <= as_at < row[2])


def key(row: Row) -> Key:
    """Return the place of a row in a list."""
    return Key(row[5], row[0])


def matches(row: Row, filters: EpisodeFilters) -> bool:
    """Return whether a row that is not stored would be listed: the same conditions, without as_at and child."""
    held = dict(zip(_COLUMNS, row, strict=True))
    return (
        (filters.open is None or held["open"] == filters.open)
        and (filters.unmatched is None or held["linked"] != filters.unmatched)
        and filters.waiting in {None, held["waiting"]}
        and filters.standing in {None, held["standing"]}
        and (filters.authority is None or filters.authority in held["authorities"])
        and (filters.category is None or filters.category in held["categories"])
        and filters.placement_type in {None, held["placement_type"]}
        and (filters.from_ is None or held["started"] >= filters.from_)
        and (filters.to is None or held["started"] < filters.to)
        and _within(held["ended"], filters.ended_from, filters.ended_to)
    )


def _within(ended: Instant | None, from_: Instant | None, to: Instant | None) -> bool:
    """Return whether an end is in a period; what has not ended is in none that is asked for."""
    if from_ is None and to is None:
        return True
    return ended is not None and (from_ is None or ended >= from_) and (to is None or ended < to)

"""Past: what a list held as known at an earlier position. No view keeps that; it is replayed.

Persons come in the order in which their first stream was first recorded on, each whole, through the same
`assess` and the same rows. A page replays a bounded number of streams, so it may hold fewer items than
were asked for, or none, and still have a next one: its cost hangs on the page, never on the ledger.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

import psycopg

from application.histories import person_of
from application.store.database import Database
from application.views.assessed import Assessed
from application.views.redo import assessed, lines_of
from application.views.units import Unit, persons
from domain.rulebook import Rulebook

_log: Final = logging.getLogger(__name__)
STREAMS: Final = 1_000
"""Streams at which a page of a past list begins to replay, at most."""
_PAGE: Final = 100

T = TypeVar("T")


class Place(NamedTuple):
    """Where a past list goes on: after an item of the person whose first stream this is, or after all of theirs."""

    stream: int
    item: int | None = None


_ONLY: Final = Place(1)
"""Where the person comes of whom alone is asked."""


class Wanted(NamedTuple):
    """Whose past is asked for, and by which rulebook it is judged."""

    known_at: int
    book: Rulebook
    scope: frozenset[str] | None
    child: str | None = None
    """A stored id: their person's only."""


def page(
    database: Database, wanted: Wanted, after: Place, limit: int, items: Callable[[list[Assessed]], list[T]]
) -> tuple[list[T], Place | None]:
    """Items from the place on, at most `limit`; and where to go on, None at the end.

    `items`: what the list holds of one person, in order.
    """
    found: list[T] = []
    with database.connection() as connection:
        for place, episodes in _persons(connection, wanted, after):
            if episodes is None:
                return found, place
            skip = after.item + 1 if place.stream == after.stream and after.item is not None else 0
            rest, room = items(episodes)[skip:], limit - len(found)
            found += rest[:room]
            if len(rest) > room:
                return found, Place(place.stream, skip + room - 1)
            if len(found) == limit:
                return found, place
    return found, None


def _persons(
    connection: psycopg.Connection[Any], wanted: Wanted, after: Place
) -> Iterator[tuple[Place, list[Assessed] | None]]:
    """Each person in turn with their episodes; a place without episodes when this page has replayed enough."""
    if wanted.child is not None:
        if after.item is not None or after.stream < _ONLY.stream:
            yield _ONLY, _of_child(connection, wanted, wanted.child)
        return
    last = after.stream if after.item is None else after.stream - 1
    for _ in range(STREAMS // _PAGE):
        streams = _streams(connection, wanted, last)
        if not streams:
            return
        yield from _of_page(connection, wanted, streams)
        last = streams[-1]
    yield Place(last), None


def _of_page(
    connection: psycopg.Connection[Any], wanted: Wanted, streams: list[int]
) -> Iterator[tuple[Place, list[Assessed]]]:
    """The persons whose first visible stream is in the page; the others came with an earlier one.

    Who was a person, and so with which stream they come, is decided as it was known then: what ties persons
    now may be told between two pages.
    """
    units = persons(connection, streams)
    found: dict[int, list[Assessed]] = {}
    for unit, lines in zip(units, lines_of(connection, units, wanted.known_at), strict=True):
        seen = {stream.subject: stream.no for stream in unit.streams if stream.visible(wanted.scope)}
        for episodes in _by_person(_assessed(unit, lines, wanted)):
            numbers = [seen[s] for each in episodes for s in each.episode.subjects if s in seen]
            if numbers:
                found[min(numbers)] = episodes
    for no in streams:
        if no in found:
            yield Place(no), found[no]


def _assessed(unit: Unit, lines: list[bytes], wanted: Wanted) -> list[Assessed]:
    """The episodes of a unit; none when they cannot be assessed: the answer says how many there are of these."""
    try:
        return assessed(unit, lines, wanted.book)
    except Exception as error:  # noqa: BLE001  # whatever it is: these are left out, the rest goes on
        _log.error("not assessable: up to position %d, %s", wanted.known_at, type(error).__name__)
        return []


def _by_person(episodes: list[Assessed]) -> Iterable[list[Assessed]]:
    grouped: dict[str, list[Assessed]] = defaultdict(list)
    for each in episodes:
        grouped[each.episode.person].append(each)
    return grouped.values()


def _of_child(connection: psycopg.Connection[Any], wanted: Wanted, child: str) -> list[Assessed]:
    """The episodes of the person that a child is; any stream that names the child leads to all of them."""
    some = _streams(connection, wanted._replace(scope=None), 0)[:1]
    units = persons(connection, some)
    lines = lines_of(connection, units, wanted.known_at)
    found = [
        each for unit, of_unit in zip(units, lines, strict=True) for each in _assessed(unit, of_unit, wanted)
    ]
    person = person_of(child, [each.episode for each in found])
    return [each for each in found if each.episode.person == person]


def _streams(connection: psycopg.Connection[Any], wanted: Wanted, after: int) -> list[int]:
    """The next streams of which something was known; they are numbered as they were first seen."""
    scope = None if wanted.scope is None else sorted(wanted.scope)
    found = connection.execute(
        "select s.no from ledger.streams s"
        " join ledger.entries e on e.stream_no = s.no and e.version = 1 and e.position <= %(known_at)s"
        " where s.no > %(after)s and s.subject not like 'ledger/%%'"
        " and (%(scope)s::text[] is null or split_part(s.subject, '/', 1) = any(%(scope)s)"
        "  or exists (select from ledger.stream_names n where n.stream_no = s.no and n.namespace = any(%(scope)s)))"
        " and (%(child)s::text is null or exists (select from ledger.children c where c.id = %(child)s::text::uuid"
        "  and (exists (select from ledger.stream_children a where a.child_no = c.no and a.stream_no = s.no)"
        "   or exists (select from ledger.child_mentions m where m.child_no = c.no and m.stream_no = s.no))))"
        " order by s.no limit %(page)s",
        {"known_at": wanted.known_at, "after": after, "scope": scope, "child": wanted.child, "page": _PAGE},
    )
    return [no for (no,) in found]

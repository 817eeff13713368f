"""A page of a past list, as known at an earlier position. No table keeps that, so it is replayed.

Persons come in the order in which their first stream was first recorded on. Each comes whole, through the same `assess`
and the same rows. A page replays a bounded number of streams and of entries: its cost depends on the page, never on
the ledger. So it may hold fewer items than requested, or none, and still have a next one. A person who cannot be
assessed is named on the page on which they would be.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Generic, NamedTuple, TypeVar

import psycopg

from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit, Stream, persons
from application.projections.reassess import assessed_in_scope, lines_of
from application.queries.episodes.entry_loader import person_of
from application.store.database import Database
from domain.rules.rulebook import Rulebook

_log: Final = logging.getLogger(__name__)
STREAMS: Final = 1_000
"""Streams at which a page of a past list begins to replay, at most."""
ENTRIES: Final = 3_000
"""Entries that a page of a past list replays, at most: about a second of processor time."""
_PAGE: Final = 100

T = TypeVar("T")


class ReplayKey(NamedTuple):
    """The place where a past list goes on: after an item of the person with this first stream, or after them all."""

    stream: int
    item: int | None = None


_ONLY: Final = ReplayKey(1)
"""The key of the only person, where one child is asked about."""


class ReplayedPerson(NamedTuple):
    """One person of a past list: their place, and their episodes as known at that position."""

    place: ReplayKey
    episodes: list[Assessed]
    aside: tuple[Stream, ...] = ()
    """The streams of a person who cannot be assessed, as far as the reader may see them; there are then no episodes."""


class ReplayQuery(NamedTuple):
    """The position, the reader, and the rulebook that judges."""

    known_at: int
    book: Rulebook
    scope: frozenset[str] | None
    child: str | None = None
    """A child's stored id: only their person is listed."""
    not_applicable: bool = False
    """Include the obligations that do not apply."""


class ReplayedPage(NamedTuple, Generic[T]):
    """A page of a past list."""

    items: list[T]
    aside: list[Stream]
    """Streams of persons on this page that could not be assessed."""
    next: ReplayKey | None
    """The key after which the list goes on; None at the end."""


def page(
    database: Database,
    wanted: ReplayQuery,
    after: ReplayKey,
    limit: int,
    items: Callable[[ReplayedPerson], list[T]],
) -> ReplayedPage[T]:
    """Return the items after a key, at most `limit`. `items`: the list's items of one person, in order."""
    found: list[T] = []
    aside: list[Stream] = []
    with database.connection() as connection:
        for person in _persons(connection, wanted, after):
            if isinstance(person, ReplayKey):
                return ReplayedPage(found, aside, person)
            place = person.place
            skip = after.item + 1 if place.stream == after.stream and after.item is not None else 0
            rest, room = items(person)[skip:], limit - len(found)
            found += rest[:room]
            aside += person.aside
            if len(rest) > room:
                return ReplayedPage(found, aside, ReplayKey(place.stream, skip + room - 1))
            if len(found) == limit:
                return ReplayedPage(found, aside, place)
    return ReplayedPage(found, aside, None)


def _persons(
    connection: psycopg.Connection[Any], wanted: ReplayQuery, after: ReplayKey
) -> Iterator[ReplayedPerson | ReplayKey]:
    """Yield each person in turn; a place alone when this page has replayed enough."""
    if wanted.child is not None:
        if after.item is not None or after.stream < _ONLY.stream:
            yield _of_child(connection, wanted, wanted.child)
        return
    last, budget = after.stream if after.item is None else after.stream - 1, _Budget()
    for _ in range(STREAMS // _PAGE):
        streams = _streams(connection, wanted, last)
        if not streams:
            return
        for person in _of_page(connection, wanted, streams, budget):
            yield person
            if isinstance(person, ReplayKey):
                return
        last = streams[-1]
    yield ReplayKey(last)


class _Budget:
    """The entries that one page may still replay; the first person of a page is read however long it is."""

    def __init__(self) -> None:
        self._left, self._used = ENTRIES, False

    def take(self, entries: int) -> bool:
        """Return whether so many may be replayed, and count them."""
        if self._used and entries > self._left:
            return False
        self._left, self._used = self._left - entries, True
        return True


def _of_page(
    connection: psycopg.Connection[Any], wanted: ReplayQuery, streams: list[int], budget: _Budget
) -> Iterator[ReplayedPerson | ReplayKey]:
    """Yield the persons whose first visible stream is in the page; the others came with an earlier one.

    Each is read when its turn comes, so that a page that is full, or has replayed enough, reads no more.
    The person of each stream, and so the stream with which they come, is the one known at that position.
    """
    unit_of = {stream.no: unit for unit in persons(connection, streams) for stream in unit.streams}
    read: set[int] = set()
    found: dict[int, ReplayedPerson] = {}
    for no in streams:
        unit = unit_of[no]
        if not read.issuperset(unit.numbers) and not _came_before(unit, no, wanted.scope):
            [lines] = lines_of(connection, [unit], wanted.known_at)
            if not budget.take(len(lines)):
                yield ReplayKey(no - 1)
                return
            read |= unit.numbers
            found |= {each.place.stream: each for each in _of_unit(connection, unit, lines, wanted)}
        if no in found:
            yield found[no]


def _came_before(unit: AssessmentUnit, no: int, scope: frozenset[str] | None) -> bool:
    """Return whether a unit is one person for certain, who came with an earlier stream of theirs."""
    return len(unit.children) == 1 and any(s.no < no and s.visible(scope) for s in unit.streams)


def _of_unit(
    connection: psycopg.Connection[Any], unit: AssessmentUnit, lines: list[bytes], wanted: ReplayQuery
) -> Iterator[ReplayedPerson]:
    """Yield the persons of a unit whom the reader may see; all as one where they cannot be assessed."""
    episodes = _assessed(unit, lines, wanted)
    if episodes is None:
        if aside := _aside(connection, unit, wanted):
            yield ReplayedPerson(ReplayKey(min(stream.no for stream in aside)), [], aside)
        return
    seen = {stream.subject: stream.no for stream in unit.streams if stream.visible(wanted.scope)}
    for of_one in _by_person(episodes):
        numbers = [seen[s] for each in of_one for s in each.episode.subjects if s in seen]
        if numbers:
            yield ReplayedPerson(ReplayKey(min(numbers)), of_one)


def _aside(
    connection: psycopg.Connection[Any], unit: AssessmentUnit, wanted: ReplayQuery
) -> tuple[Stream, ...]:
    """Return the streams of a unit with entries at that position, as far as the reader may see them."""
    query = (
        "select stream_no from ledger.entries where stream_no = any(%s) and version = 1 and position <= %s"
    )
    then = {no for (no,) in connection.execute(query, (list(unit.numbers), wanted.known_at))}
    return tuple(s for s in unit.streams if s.no in then and s.visible(wanted.scope))


def _assessed(unit: AssessmentUnit, lines: list[bytes], wanted: ReplayQuery) -> list[Assessed] | None:
    """Return the episodes of a unit; None when they cannot be assessed: the answer names them."""
    try:
        return assessed_in_scope(unit, lines, wanted.book, wanted.scope, not_applicable=wanted.not_applicable)
    except Exception as error:  # noqa: BLE001  # any error: these are left out, the rest goes on
        _log.error("not assessable: up to position %d, %s", wanted.known_at, type(error).__name__)
        return None


def _by_person(episodes: list[Assessed]) -> Iterable[list[Assessed]]:
    grouped: dict[str, list[Assessed]] = defaultdict(list)
    for each in episodes:
        grouped[each.episode.person].append(each)
    return grouped.values()


def _of_child(connection: psycopg.Connection[Any], wanted: ReplayQuery, child: str) -> ReplayedPerson:
    """Return the person that a child is; any stream that names the child leads to all of their episodes."""
    some = _streams(connection, wanted, 0)[:1]
    units = persons(connection, some)
    lines = lines_of(connection, units, wanted.known_at)
    found: list[Assessed] = []
    aside: list[Stream] = []
    for unit, of_unit in zip(units, lines, strict=True):
        episodes = _assessed(unit, of_unit, wanted)
        found += episodes or []
        aside += _aside(connection, unit, wanted) if episodes is None else ()
    person = person_of(child, [each.episode for each in found])
    return ReplayedPerson(_ONLY, [each for each in found if each.episode.person == person], tuple(aside))


def _streams(connection: psycopg.Connection[Any], wanted: ReplayQuery, after: int) -> list[int]:
    """Return the next streams with entries at that position; they are numbered in the order of their first entries."""
    scope = None if wanted.scope is None else sorted(wanted.scope)
    found = connection.execute(
        "select s.no from ledger.streams s"
        " join ledger.entries e on e.stream_no = s.no and e.version = 1 and e.position <= %(known_at)s"
        " where s.no > %(after)s and s.subject not like 'ledger/%%'"
        " and (%(scope)s::text[] is null or split_part(s.subject, '/', 1) = any(%(scope)s)"
        "  or exists (select from ledger.grants n where n.stream_no = s.no and n.namespace = any(%(scope)s)))"
        " and (%(child)s::text is null or exists (select from ledger.children c where c.id = %(child)s::text::uuid"
        "  and (exists (select from ledger.stream_children a where a.child_no = c.no and a.stream_no = s.no)"
        "   or exists (select from ledger.child_mentions m where m.child_no = c.no and m.stream_no = s.no))))"
        " order by s.no limit %(page)s",
        {"known_at": wanted.known_at, "after": after, "scope": scope, "child": wanted.child, "page": _PAGE},
    )
    return [no for (no,) in found]

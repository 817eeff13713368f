"""Verdict changes between two positions of the ledger, and the entries that made them, in pages.

Only persons with entries between the two are read, each whole. Once a rulebook was adopted between them, all persons
are read. They come in the order of their first entry there. A page reads a bounded number of entries. So it may hold
fewer items than requested, or none, and still have a next one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import psycopg

from application.access.grants import settle_for
from application.access.scope import Scope
from application.answers import cursor
from application.answers.as_json import Json, child, entry_note, known
from application.answers.cursor import Cursor
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, disclosed_by
from application.projections.assessment_units import AssessmentUnit, Stream, persons
from application.projections.reassess import lines_of
from application.queries.lists.page import disclosed_aside, set_aside
from application.queries.lists.person_verdict_changes import PositionRange, VerdictChange, changes_of_person
from application.store.adopted_rulebooks import Adopted, adoptions, judging
from application.store.database import Database
from application.store.line_codec import read_line
from application.store.vault import Vault
from domain.entries.entry import Entry
from domain.moment import Instant, rfc3339

_log: Final = logging.getLogger(__name__)
MOST: Final = 20_000
"""Entries after which a page stops reading, though it is not full."""
_CHUNK: Final = 200
"""Entries from which it finds the next persons."""


class ChangesKey(NamedTuple):
    """The place where the list goes on: after an item of the person with this first entry, or after them all."""

    position: int
    item: int | None = None


class ChangesQuery(NamedTuple):
    """The query: between which positions, by whom, and which page."""

    between: PositionRange
    ledger_size: int
    scope: Scope
    limit: int
    cursor: str | None
    named_as_at: Instant | None = None
    """The time that the query names; None goes on with a cursor's, or with now."""


class _Found(NamedTuple):
    """The changes found for a page, and where to go on."""

    moved: list[VerdictChange]
    aside: list[Stream]
    """Streams that could not be assessed, and so are not compared."""
    next: ChangesKey | None


class Changes:
    """Answers about verdict changes."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Say where entries are, and which vault knows the child behind an id."""
        self._database, self._vault = database, vault

    def page(self, asked: ChangesQuery) -> DisclosingAnswer:
        """Return a page of verdict changes; InvalidCursor when the cursor is of another question.

        `as_at` is the first page's on every page.
        """
        between = asked.between
        of = cursor.checksum("changes", between.start, between.end, asked.scope)
        place = ChangesKey(0)
        if asked.cursor is not None:
            following = cursor.read(asked.cursor, of)
            following.check(asked.named_as_at, None)
            between, place = between._replace(as_at=following.as_at), following.key(ChangesKey)
        with self._database.connection() as connection:
            settle_for(connection, asked.scope)
            found = _look(connection, asked._replace(between=between), place)
        items = self._items(found.moved)
        said = {
            "items": [item.json for item in items],
            "next": None if found.next is None else cursor.write(_cursor(of, between, found.next)),
            "from": between.start,
            "to": between.end,
            "as_at": rfc3339(between.as_at),
            "known_at": between.end,
            "complete_to": between.end,
            "ledger_size": asked.ledger_size,
            "rulebook": judging(self._database, between.end).answer(),
            **set_aside(found.aside),
        }
        return DisclosingAnswer(said, disclosed_by(items) | disclosed_aside(found.aside))

    def _items(self, moved: Sequence[VerdictChange]) -> list[DisclosingAnswer]:
        references = self._vault.references({move.episode.child for move in moved})
        return [_item(move, child(references.get(move.episode.child))) for move in moved]


def _item(move: VerdictChange, of_child: Json | None) -> DisclosingAnswer:
    said = {
        "subject": move.episode.lead,
        "child": of_child,
        "rule": move.rule,
        "trigger": move.trigger,
        **known(before=move.before, after=move.after),
        "entries": [entry_note(entry) for entry in move.entries],
    }
    positions = {move.trigger, *(entry.position for entry in move.entries)}
    return DisclosingAnswer(said, DisclosedRecords({move.episode.child}, positions))


def _cursor(of: int, between: PositionRange, place: ChangesKey) -> Cursor:
    return Cursor(of, between.as_at, between.end, list(place))


def _look(connection: psycopg.Connection[Any], asked: ChangesQuery, place: ChangesKey) -> _Found:
    """Read persons in turn, until the page is full or has read enough."""
    books = adoptions(connection, asked.between.end)
    page, after = _Page(asked.limit, place), place.position if place.item is None else place.position - 1
    after = max(after, _since(books, asked.between))
    while page.looked_at < MOST:
        heads = _heads(connection, asked, after)
        if not heads:
            return _Found(page.found, page.aside, None)
        page.looked_at += len(heads)
        for person in _persons(connection, asked, books, heads):
            if (following := page.take(person)) is not None:
                return _Found(page.found, page.aside, following)
        after = heads[-1].position
    return _Found(page.found, page.aside, ChangesKey(after))


def _since(books: Sequence[Adopted], between: PositionRange) -> int:
    """Return the position after which an entry makes a person a candidate: 0 if a rulebook was adopted meanwhile."""
    return 0 if any(book.entry.position > between.start for book in books) else between.start


class _Head(NamedTuple):
    position: int
    stream_no: int
    visible: bool


def _heads(connection: psycopg.Connection[Any], asked: ChangesQuery, after: int) -> list[_Head]:
    """Return the next entries, and whether the reader may see the episode."""
    found = connection.execute(
        "select e.position, e.stream_no, %(scope)s::text[] is null or split_part(s.subject, '/', 1) = any(%(scope)s)"
        "  or exists (select from ledger.grants n where n.stream_no = s.no and n.namespace = any(%(scope)s))"
        " from (select position, stream_no from ledger.entries where position > %(after)s and position <= %(end)s"
        "  and child_no is not null order by position limit %(chunk)s) e"
        " join ledger.streams s on s.no = e.stream_no order by e.position",
        {
            "scope": None if asked.scope is None else sorted(asked.scope),
            "after": after,
            "end": asked.between.end,
            "chunk": _CHUNK,
        },
    )
    return [_Head(*row) for row in found]


class _Person(NamedTuple):
    """A person, or some whom a link may join."""

    at: int
    """Their first entry that may have changed a verdict."""
    entries: list[Entry]
    moved: list[VerdictChange]
    aside: list[Stream]
    """The visible streams of a person who cannot be assessed; there are then no changes."""


def _persons(
    connection: psycopg.Connection[Any], asked: ChangesQuery, books: Sequence[Adopted], heads: Sequence[_Head]
) -> Iterator[_Person]:
    """Yield those whose first entry is one of these; others came with an earlier one."""
    units = persons(connection, {head.stream_no for head in heads if head.visible})
    lines = lines_of(connection, units, asked.between.end)
    here = {head.position for head in heads}
    found = [
        (first, unit, entries)
        for unit, of_unit in zip(units, lines, strict=True)
        if (entries := sorted(map(read_line, of_unit), key=lambda entry: entry.position))
        and (first := _first(unit, entries, asked, books)) in here
    ]
    for first, unit, entries in sorted(found, key=lambda each: each[0]):
        moved = _moved(unit, entries, asked, books)
        aside = [] if moved is not None else [s for s in unit.streams if s.visible(asked.scope)]
        yield _Person(first, entries, moved or [], aside)


def _first(
    unit: AssessmentUnit, entries: Sequence[Entry], asked: ChangesQuery, books: Sequence[Adopted]
) -> int:
    """Return the position of the first visible entry on these episodes that may have changed a verdict."""
    seen, since = _visible(unit, asked.scope), _since(books, asked.between)
    return next(entry.position for entry in entries if entry.position > since and entry.subject in seen)


def _visible(unit: AssessmentUnit, scope: Scope) -> set[str]:
    """Return the subjects that a reader may see."""
    return {stream.subject for stream in unit.streams if stream.visible(scope)}


def _moved(
    unit: AssessmentUnit, entries: Sequence[Entry], asked: ChangesQuery, books: Sequence[Adopted]
) -> list[VerdictChange] | None:
    """Return the changes in the episodes that the reader may see; None when they cannot be assessed."""
    seen = _visible(unit, asked.scope)
    try:
        found = changes_of_person(entries, books, asked.between)
        linked = {
            s for each in found if not seen.isdisjoint(each.episode.subjects) for s in each.episode.subjects
        }
        if hidden := linked - seen:  # linked then, and not now
            rest = [entry for entry in entries if entry.subject not in hidden]
            found = changes_of_person(rest, books, asked.between)
    except Exception as error:  # noqa: BLE001  # any error: these are counted as not assessable
        _log.error("not assessable: %s", type(error).__name__)
        return None
    return [move for move in found if not seen.isdisjoint(move.episode.subjects)]


class _Page:
    """The content of a page so far."""

    def __init__(self, limit: int, place: ChangesKey) -> None:
        self._limit, self._place = limit, place
        self.found: list[VerdictChange] = []
        self.aside: list[Stream] = []
        self.looked_at = 0

    def take(self, person: _Person) -> ChangesKey | None:
        """Add a person's changes; return where the next page begins, when this one is full."""
        self.looked_at += len(person.entries)
        self.aside += person.aside
        begun = person.at == self._place.position and self._place.item is not None
        skip = (self._place.item or 0) + 1 if begun else 0
        rest, room = person.moved[skip:], self._limit - len(self.found)
        self.found += rest[:room]
        if len(rest) > room:
            return ChangesKey(person.at, skip + room - 1)
        full = len(self.found) == self._limit or self.looked_at >= MOST
        return ChangesKey(person.at) if full else None

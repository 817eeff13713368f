"""A page of a list: its query, its moment, its first item, and the answer around its items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from application.access.grants import hidden_leads
from application.access.scope import Scope
from application.answers import cursor
from application.answers.as_json import Json, known
from application.answers.cursor import Cursor
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, disclosed_by
from application.projections import progress
from application.projections.assessment_units import Stream
from application.projections.not_assessable import count_in_scope
from application.projections.table_query import LIMIT, MOST, TableQuery
from application.queries.checks import check_as_at
from application.queries.episodes.person_loader import KnownAt
from application.queries.lists.replayed_page import ReplayKey
from application.store.adopted_rulebooks import judging
from application.store.database import Database
from domain.moment import Instant, rfc3339

T = TypeVar("T")


class NamedTimes(NamedTuple):
    """The two times as a query gives them; None goes on with a cursor's time, or with now."""

    as_at: Instant | None = None
    known_at: tuple[int | None, Instant | None] | None = None
    """A position or a time. A time in the future may come to mean another position; an answered one does not."""


class ListQuery(NamedTuple):
    """The query of every list: as at when, as known when (None: now), by whom, and which page."""

    as_at: Instant
    known_at: KnownAt | None = None
    scope: Scope = None
    limit: int = LIMIT
    cursor: str | None = None
    named: NamedTimes = NamedTimes()


class Page:
    """One page of one list: its moment, its first item, and the answer around its items."""

    def __init__(self, database: Database, question: ListQuery, of: tuple[Any, ...]) -> None:
        """Find the first item. Raise InvalidCursor, or UnanswerableQuery when nothing had begun by a named `as_at`."""
        with database.connection() as connection:
            self._hidden = hidden_leads(connection, question.scope)
            self._aside = count_in_scope(connection, question.scope)
            if question.known_at is None and question.named.as_at is not None:
                check_as_at(connection, question.named.as_at, question.scope)
        self._lag = progress.lag(database)  # before any row is read: the promised rows are surely there
        asked = question.known_at
        judged_by = None if asked is None else asked.judged_by
        self._of = cursor.checksum(*of, question.scope, judged_by and judged_by.name)
        self._cursor = None if question.cursor is None else cursor.read(question.cursor, self._of)
        named = question.named
        self._known_as = None if named.known_at is None else cursor.checksum(*named.known_at)
        if self._cursor is not None:
            self._cursor.check(named.as_at, self._known_as)
            self._known_as = self._cursor.known_as
        self._question, self.scope = question, question.scope
        self.limit = max(1, min(question.limit, MOST))
        self.as_at = question.as_at if self._cursor is None else self._cursor.as_at
        # A caller who names a position gets the ledger of that position, also where the tables are not there yet.
        then = None if asked is None else asked.position
        self.past = then if self._cursor is None else self._cursor.known_at
        self.known_at = self._lag.position if self.past is None else self.past
        self.judged_by = judged_by or judging(database, self.known_at)

    @property
    def place(self) -> ReplayKey:
        """The key after which a past list goes on."""
        return ReplayKey(0) if self._cursor is None else self._cursor.key(ReplayKey)

    def asked(self, key: type[T]) -> TableQuery[T]:
        """Return the query for a projection table."""
        after = None if self._cursor is None else self._cursor.key(key)
        hidden = self._hidden or None
        return TableQuery(as_at=self.as_at, scope=self.scope, hidden=hidden, after=after, limit=self.limit)

    def answer(
        self,
        items: Sequence[DisclosingAnswer],
        last: tuple[Any, ...] | None,
        aside: Sequence[Stream] | None = None,
    ) -> DisclosingAnswer:
        """Return the list as the contract says it; `last` is the key after which it goes on, None at the end.

        `aside`: the streams of a replayed page that are not assessable; None for a page that is not replayed.
        """
        following = None
        if last is not None:
            following = cursor.write(Cursor(self._of, self.as_at, self.past, list(last), self._known_as))
        asked = self._question.known_at
        said = {
            "items": [item.json for item in items],
            "next": following,
            "complete_to": self.known_at,
            "ledger_size": self._lag.ledger_size,
            "as_at": rfc3339(self.as_at),
            "known_at": self.known_at,
            "rulebook": self.judged_by.answer(),
            **({"past_head": True} if asked is not None and asked.past_head else {}),
            **(known(not_assessable=self._aside or None) if aside is None else set_aside(aside)),
        }
        return DisclosingAnswer(said, disclosed_by(items) | disclosed_aside(aside or ()))


def set_aside(streams: Sequence[Stream]) -> Json:
    """Return the subjects that were not assessable at that position; nothing where all were."""
    subjects = sorted(stream.subject for stream in streams)
    return {"not_assessable": len(subjects), "set_aside": subjects} if subjects else {}


def disclosed_aside(streams: Sequence[Stream]) -> DisclosedRecords:
    """Return the records that the subjects which were not assessable disclose."""
    return DisclosedRecords({stream.child.hex for stream in streams if stream.child is not None})

"""Pages of a history: the entries of one episode, so many at a time, all as known at the position of the first page."""

from __future__ import annotations

from typing import Final, NamedTuple

from application.access.scope import Scope
from application.answers import cursor
from application.answers.cursor import Cursor, InvalidCursor
from application.queries.episodes.person_loader import KnownAt
from domain.errors import Fault

_PAGE: Final = 50


class HistoryQuery(NamedTuple):
    """The part of a history that is asked for; without limit and cursor the whole."""

    by_happened: bool = False
    backwards: bool = False
    limit: int | None = None
    cursor: str | None = None
    names_known_at: bool = False
    """Whether `known_at` was given: then it must be that of the first page."""


class _Begin(NamedTuple):
    skipped: int
    """Number of entries on the pages before."""


class HistoryPage:
    """One page: where it begins, how long it may be, and the cursor to the next."""

    def __init__(self, query: HistoryQuery, subject: str, scope: Scope, rulebook: str | None) -> None:
        """Read the cursor; raise InvalidCursor unless it is of this history, in this order, by this rulebook."""
        self._of = cursor.checksum("history", subject, scope, query.by_happened, query.backwards, rulebook)
        self._cursor = None if query.cursor is None else cursor.read(query.cursor, self._of)
        self._names_known_at = query.names_known_at
        self.begin = 0 if self._cursor is None else self._cursor.key(_Begin).skipped
        self.limit = _PAGE if query.limit is None and self._cursor is not None else query.limit

    def known(self, asked: KnownAt) -> KnownAt:
        """Return what all pages know; raise InvalidCursor when another position is named than the first page had."""
        if self._cursor is None or self._cursor.known_at in {None, asked.position}:
            return asked
        if self._names_known_at:
            what = "is of a history as known at another time"
            raise InvalidCursor(f"The parameter cursor {what}.", (Fault("/cursor", what),))
        return asked._replace(position=self._cursor.known_at)

    def following(self, entries: int, known_at: int) -> str | None:
        """Return the cursor to the next page; None when no entry is left."""
        end = entries if self.limit is None else self.begin + self.limit
        return None if end >= entries else cursor.write(Cursor(self._of, 0, known_at, [end]))

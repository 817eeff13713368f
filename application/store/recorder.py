"""The library's recorder on our tables: position is the notification id, a line is a state.

Its real method is `append`. Nothing here retries a write: the writer sends the same requests again and lets source
and id decide. Readers can trust the order: positions are gapless and become visible in commit order.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from application.store.append import AppendResult, Request, append
from application.store.database import Database
from application.store.entry_listener import EntryListener
from application.store.group_commit_writer import Writer
from application.store.line_codec import Encoded, read_line
from application.store.logs import EPISODES
from domain.errors import NotRecorded

_PAGE: Final = 500
_PAUSE: Final = 0.1
"""Seconds before a subscription connects again."""


class LedgerRecorder(ApplicationRecorder):
    """Writes through the writer, reads through the pool."""

    def __init__(self, database: Database, writer: Writer) -> None:
        """Say where to read and who writes."""
        self.database, self._writer = database, writer

    def append(
        self, requests: Sequence[Request], *, atomic: bool = False, dry_run: bool = False
    ) -> list[AppendResult]:
        """Record requests and answer for each, in order; `atomic` all or none; `dry_run` decides only."""
        if not requests:
            return []
        if dry_run:
            return self._decide(requests, atomic=atomic)
        return self._writer.write(requests, atomic=atomic)

    def _decide(self, requests: Sequence[Request], *, atomic: bool) -> list[AppendResult]:
        """The answers of a dry run; raise NotRecorded when the database gives none."""
        try:
            with self.database.connection() as connection:
                return append(connection, requests, atomic=atomic, dry_run=True)
        except psycopg.Error as error:
            raise NotRecorded("the database cannot decide now; ask again") from error

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Record encoded submissions, all or none; raise IntegrityError when one is refused."""
        if any(value is not None for value in kwargs.values()):
            raise TypeError(f"nothing else is recorded with events: {', '.join(kwargs)}")
        requests = [event.request for event in stored_events if isinstance(event, Encoded)]
        if len(requests) != len(stored_events):
            raise TypeError("only what our codec encoded can be recorded")
        answers = self.append(requests, atomic=True)
        refused = {answer.status for answer in answers} - {"recorded", "duplicate", "atomic"}
        if refused:
            raise IntegrityError(", ".join(sorted(refused)))
        return [answer.position or 0 for answer in answers]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The entries of one stream, by version."""
        rows = self.database.rows(
            "select e.version, e.line from ledger.entries e join ledger.streams s on s.no = e.stream_no"
            " where s.subject = %s and e.version > %s and e.version <= %s"
            " order by case when %s then -e.version else e.version end limit %s",
            (str(originator_id), gt or 0, 2**31 - 1 if lte is None else lte, desc, limit),
        )
        return [StoredEvent(str(originator_id), version, "", line) for version, line in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Entries in the order recorded; `topics` are not supported (a position must never be passed over)."""
        if topics:
            raise ValueError("entries are read whole: a reader that skips cannot say how far it is")
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        rows = self.database.rows(
            "select e.position, s.subject, e.version, e.line from ledger.entries e"
            " join ledger.streams s on s.no = e.stream_no"
            " where e.position > %s and e.position <= %s order by e.position limit %s",
            (after, 2**62 if stop is None else stop, limit),
        )
        return [
            Notification(subject, version, "", line, position) for position, subject, version, line in rows
        ]

    def max_notification_id(self) -> int | None:
        """The position of the last entry; None before the first."""
        position: int = self.database.rows("select position from ledger.heads where log = 1")[0][0]
        return position or None

    def namespace_of(self, position: int) -> str | None:
        """For whom the entry at a position was recorded; None when there is none."""
        rows = self.database.rows("select line from ledger.entries where position = %s", (position,))
        return read_line(rows[0][0]).by if rows else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> EntrySubscription:
        """Return every entry after a position: those that are there, then each one that comes."""
        return EntrySubscription(self, gt, topics)


class EntrySubscription(Subscription[LedgerRecorder]):
    """The entries of the episode log as they come. A broken connection is replaced, and nothing is skipped."""

    def __init__(self, recorder: LedgerRecorder, gt: int | None, topics: Sequence[str]) -> None:
        """Begin after a position (0 when not given)."""
        super().__init__(recorder, gt or 0, topics)
        self._page: list[Notification] = []
        self._stop = threading.Event()
        self._listener = EntryListener(
            recorder.database.connect,
            EPISODES,
            self._stop,
            prepare=lambda connection: connection,
            pause=_PAUSE,
            troubles=(psycopg.Error, NotRecorded),
        )

    def stop(self) -> None:
        """Stop waiting; the iteration ends."""
        super().stop()
        self._stop.set()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        """Stop, and close the connection that listens."""
        super().__exit__(*args, **kwargs)
        self._listener.close()

    def __next__(self) -> Notification:
        """Return the next entry; wait for it. StopIteration once stopped."""
        if not self._page:
            self._page = self._listener.until(lambda _: self._next_page()) or []
        if not self._page or self._has_been_stopped:
            raise StopIteration
        found = self._page.pop()
        self._last_notification_id = found.id
        return found

    def _next_page(self) -> list[Notification] | None:
        """Return the entries after the last one, in reverse; None when there are none yet."""
        after = self._last_notification_id
        page = self._recorder.select_notifications(after, _PAGE, None, self._topics, inclusive_of_start=False)
        return list(reversed(page)) or None

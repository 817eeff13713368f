"""The library's recorder on our tables: position is the notification id, a line is a state.

Its real method is `append`. Nothing here retries a write: the writer sends the same requests again and lets source
and id decide. Readers can trust the order: positions are gapless and become visible in commit order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
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
from application.store.group_commit_writer import Writer
from application.store.line_codec import Encoded, StoredLine, read_line
from application.store.notification_log import notifications
from domain.errors import NotRecorded


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
            "select e.version, e.line, e.leaf_hash from ledger.entries e join ledger.streams s on s.no = e.stream_no"
            " where s.subject = %s and e.version > %s and e.version <= %s"
            " order by case when %s then -e.version else e.version end limit %s",
            (str(originator_id), gt or 0, 2**31 - 1 if lte is None else lte, desc, limit),
        )
        return [StoredLine(str(originator_id), version, "", line, leaf) for version, line, leaf in rows]

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
        return notifications(self.database.rows, after, limit, stop)

    def max_notification_id(self) -> int | None:
        """The position of the last entry; None before the first."""
        position: int = self.database.rows("select position from ledger.heads where log = 1")[0][0]
        return position or None

    def namespace_of(self, position: int) -> str | None:
        """For whom the entry at a position was recorded; None when there is none."""
        rows = self.database.rows("select line from ledger.entries where position = %s", (position,))
        return read_line(rows[0][0]).by if rows else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[LedgerRecorder]:
        """Refuse: entries are waited for by `EntryListener` and read from the notification log, in pages."""
        raise NotImplementedError("wait with EntryListener, and read with select_notifications")

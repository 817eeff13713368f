"""Rows of earlier extracts: what a source said before, read from the ledger for the rows that a file holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from application.store.database import Database
from application.store.line_codec import read_line
from domain.entries.entry import Entry


class RecordedRows:
    """The entries that one source has in the ledger."""

    def __init__(self, database: Database, source: str) -> None:
        """Say where entries are, and of which source."""
        self._database, self._source = database, source

    def entries_of(self, subjects: Collection[str]) -> dict[str, list[Entry]]:
        """Return the entries of the source on each of these episodes, in the order recorded."""
        rows = self._database.rows(
            "select e.line from ledger.streams s join ledger.entries e on e.stream_no = s.no"
            " where s.subject = any(%s) order by e.position",
            (list(subjects),),
        )
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in (read_line(line) for (line,) in rows):
            if entry.source == self._source:
                found[entry.subject].append(entry)
        return found

    def vanished(self, namespace: str, subjects_in_file: Collection[str]) -> Iterator[str]:
        """Yield the episodes of a namespace that an earlier extract of the source had, without those seen now."""
        with (
            self._database.connection() as connection,
            connection.transaction(),
            connection.cursor(name="told") as cursor,
        ):
            cursor.execute(
                "select %s || '/' || left(i.id, -length(':start')) from ledger.sources o"
                " join ledger.event_ids i on i.source_no = o.no where o.source = %s and i.id like '%%:start'"
                " and exists (select from ledger.streams s"
                "  where s.subject = %s || '/' || left(i.id, -length(':start')))"
                " order by i.id",
                (namespace, self._source, namespace),
            )
            yield from (subject for (subject,) in cursor if subject not in subjects_in_file)

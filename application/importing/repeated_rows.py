"""Rows of one extract with the id of an earlier row: the same again is harmless, anything else is not taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

import msgspec

from application.importing.report import Row, RowNotTaken
from application.importing.ssd_mapping import ID

_REPEATED: Final = "row {} has the same id and says otherwise; not taken"


class RepeatedRows:
    """The episodes of the rows that went through."""

    def __init__(self) -> None:
        """Begin before the first row."""
        self.subjects: set[str] = set()
        """The episodes of all rows, also of those that were not taken."""
        self._taken: dict[str, tuple[int, bytes]] = {}
        """By episode the number of its first row with events, and a digest of these."""

    def checked(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the same rows. One that repeats an id with other content has a fault in place of its events."""
        for row in rows:
            self.subjects.add(row.subject)
            if not row.events:
                yield row
                continue
            digest = blake2b(msgspec.json.encode([one.event for one in row.events]), digest_size=16).digest()
            first, same = self._taken.setdefault(row.subject, (row.number, digest))
            if digest == same:
                yield row
            else:
                fault = RowNotTaken(row.number, "repeated-id", ID, _REPEATED.format(f"{first:,}"))
                yield row._replace(events=(), faults=(fault,))

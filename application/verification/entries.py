"""Entries, one after the other: each line against its position and the columns that are stored with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise, repeat
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from application.store.logs import Log
from application.verification.discrepancies import Discrepancies
from application.verification.implied_pages import ImpliedPages
from application.verification.implied_rows import StoredEntry
from application.verification.line_forms import PLACE, form_of
from domain.merkle.tree import leaf_hash
from domain.moment import from_datetime, rfc3339

_PAGE: Final = 5_000
_FORM: Final = 1
_STREAM: Final = 2
"""Which column of the episode log's form holds the stream's number."""


class Leaves(NamedTuple):
    """Some entries' places in the tree, by their lines: positions, and at the same place the hashes."""

    positions: Sequence[int]
    hashes: list[bytes]


class Entries:
    """The entries of a log, read through once, in one transaction's view of the database."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        findings: Discrepancies,
        implied: ImpliedPages | None = None,
    ) -> None:
        """Remember what to read; `implied` takes the rows that the lines of the episode log imply."""
        self._connection, self._form, self._findings = connection, form_of(log), findings
        self._implied = implied
        self.last = datetime.min.replace(tzinfo=UTC)
        """The time of the entry that was read last."""

    def pages(self, after: int) -> Iterator[Leaves]:
        """Yield the leaves after a position, by pages, as the lines give them; compare the rest of the lines."""
        with self._connection.cursor("entries") as cursor:
            cursor.execute(self._form.query, {"after": after}, binary=True)
            while rows := cursor.fetchmany(_PAGE):
                positions, lines, stored, *columns = zip(*rows, strict=True)
                of_line, implied = columns[: self._form.columns], columns[self._form.columns :]
                if self._implied is not None:
                    self._implied.take(list(map(StoredEntry, positions, lines, columns[_STREAM], *implied)))
                if len(rows) < positions[-1] - after:
                    self._gaps(after, positions)
                hashes = [leaf_hash(line) for line in lines]
                self._compare_hashes(positions, hashes, stored)
                self._compare_lines(positions, lines, self._form.named(self._connection, of_line))
                yield Leaves(positions, hashes)
                after = positions[-1]

    def _gaps(self, after: int, positions: Sequence[int]) -> None:
        for before, position in pairwise((after, *positions)):
            for missing in range(before + 1, position):
                self._findings.add("missing", missing, "an entry", "none")

    def _compare_hashes(
        self, positions: Sequence[int], hashes: Sequence[bytes], stored: Sequence[bytes]
    ) -> None:
        for position, leaf, kept in zip(positions, hashes, stored, strict=True):
            if leaf != kept:
                self._findings.add("leaf_hash", position, leaf, kept)

    def _compare_lines(
        self, positions: Sequence[int], lines: Sequence[bytes], beside: Sequence[Sequence[Any]]
    ) -> None:
        """Compare all that lines say with their positions and their columns."""
        expected = zip(repeat(_FORM), positions, *beside, strict=False)
        for position, line, stored in zip(positions, lines, expected, strict=True):
            try:
                of_line = self._form.columns_of(line)
            except (msgspec.MsgspecError, ValueError):
                self._findings.add("line", position, "a line of form 1", "something else")
                continue
            if of_line != stored:
                self._tell(position, stored, of_line)
            at = of_line[3]
            if at < self.last:
                self._fallen(position, at)
            self.last = at

    def _tell(self, position: int, stored: tuple[Any, ...], of_line: tuple[Any, ...]) -> None:
        """Add the part of a line that differs: its position, its columns, or both."""
        if of_line[:PLACE] != stored[:PLACE]:
            self._findings.add("line", position, _place(*stored[:3]), _place(*of_line[:3]))
        if of_line[PLACE:] != stored[PLACE:]:
            self._findings.add(self._form.kind, position, self._form.expected, "others, or none")

    def _fallen(self, position: int, recorded_at: datetime) -> None:
        """Add that an entry says that it was recorded before the one before it."""
        later = f"{rfc3339(from_datetime(self.last))} or later"
        self._findings.add("recorded_at", position, later, rfc3339(from_datetime(recorded_at)))


def _place(form: int, position: int, version: int) -> str:
    """Return where an entry stands, and nothing of its content."""
    return f"form {form}, position {position}, version {version}, of its own subject and time"

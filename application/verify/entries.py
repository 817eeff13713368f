"""Entries, one after the other: what each line says of itself, against where it stands and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from application.logs import Log
from application.verify.findings import Findings
from application.verify.forms import form_of
from domain.merkle import leaf_hash
from domain.moment import from_datetime, rfc3339

_PAGE: Final = 2_000


class Leaves(NamedTuple):
    """Some entries' places in the tree, by their lines: positions, and at the same place the hashes."""

    positions: list[int]
    hashes: list[bytes]


class Entries:
    """The entries of a log, read through once, in one transaction's view of the database."""

    def __init__(self, connection: psycopg.Connection[Any], log: Log, findings: Findings) -> None:
        self._connection, self._form, self._findings = connection, form_of(log), findings
        self._last = datetime.min.replace(tzinfo=UTC)
        """The time of the entry before."""

    def pages(self) -> Iterator[Leaves]:
        """The leaves as the lines give them, a page at a time; all else about the entries is compared meanwhile."""
        after = 0
        with self._connection.cursor("entries") as cursor:
            cursor.execute(self._form.query, binary=True)
            while rows := cursor.fetchmany(_PAGE):
                positions = [row[0] for row in rows]
                if len(rows) < positions[-1] - after:
                    self._gaps(after, positions)
                yield Leaves(
                    positions, [self._leaf(*row) for row in self._form.named(self._connection, rows)]
                )
                after = positions[-1]

    def _gaps(self, after: int, positions: Sequence[int]) -> None:
        for before, position in pairwise((after, *positions)):
            for missing in range(before + 1, position):
                self._findings.add("missing", missing, "an entry", "none")

    def _leaf(
        self,
        position: int,
        line: bytes,
        stored: bytes,
        version: int,
        recorded_at: datetime,
        subject: str | None,
        *beside: Any,
    ) -> bytes:
        """The hash of a line, once all it says is compared with where it stands and what is stored beside it."""
        leaf = leaf_hash(line)
        if leaf != stored:
            self._findings.add("leaf_hash", position, leaf, stored)
        try:
            read = self._form.read(line)
            said_beside = self._form.beside(read)
        except (msgspec.MsgspecError, ValueError):
            self._findings.add("line", position, "a line of form 1", "something else")
            return leaf
        said = (read.v, read.position, read.version, read.event.subject, read.recorded_at)
        if said != (1, position, version, subject, recorded_at):
            self._findings.add("line", position, _place(1, position, version), _place(*said[:3]))
        if said_beside != beside:
            self._findings.add(self._form.kind, position, self._form.expected, "others, or none")
        if read.recorded_at < self._last:
            self._fallen(position, read.recorded_at)
        self._last = read.recorded_at
        return leaf

    def _fallen(self, position: int, recorded_at: datetime) -> None:
        """An entry says that it was recorded before the one before it."""
        later = f"{rfc3339(from_datetime(self._last))} or later"
        self._findings.add("recorded_at", position, later, rfc3339(from_datetime(recorded_at)))


def _place(form: int, position: int, version: int) -> str:
    """Where an entry stands; nothing of what it says."""
    return f"form {form}, position {position}, version {version}, of its own subject and time"

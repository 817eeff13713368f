"""Entries, one after the other: what each line says of itself, against where it stands and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from application.logs import Log
from application.verify.findings import Findings
from application.verify.forms import form_of
from domain.merkle import leaf_hash

_PAGE: Final = 2_000


class Leaf(NamedTuple):
    """An entry's place in the tree, by its line."""

    position: int
    hash: bytes


class Entries:
    """The entries of a log, read through once, in one transaction's view of the database."""

    def __init__(self, connection: psycopg.Connection[Any], log: Log, findings: Findings) -> None:
        self._connection, self._form, self._findings = connection, form_of(log), findings
        self._last = ""
        """The time of the entry before."""

    def pages(self) -> Iterator[list[Leaf]]:
        """The leaves as the lines give them, a page at a time; all else about the entries is compared meanwhile."""
        after = 0
        with self._connection.cursor("entries") as cursor:
            cursor.execute(self._form.query, binary=True)
            while rows := cursor.fetchmany(_PAGE):
                if len(rows) < rows[-1][0] - after:
                    self._gaps(after, [row[0] for row in rows])
                for row in rows:
                    self._line(*row)
                yield [Leaf(row[0], self._hashed(*row[:3])) for row in rows]
                after = rows[-1][0]

    def _gaps(self, after: int, positions: Sequence[int]) -> None:
        for before, position in pairwise((after, *positions)):
            for missing in range(before + 1, position):
                self._findings.add("missing", missing, "an entry", "none")

    def _hashed(self, position: int, line: bytes, stored: bytes) -> bytes:
        leaf = leaf_hash(line)
        if leaf != stored:
            self._findings.add("leaf_hash", position, leaf, stored)
        return leaf

    def _line(
        self,
        position: int,
        line: bytes,
        _: bytes,
        version: int,
        recorded_at: datetime,
        subject: str,
        *beside: Any,
    ) -> None:
        """Compare what a line says with where it stands, and with what is stored beside it."""
        try:
            read = self._form.read(line)
            at, said_beside = datetime.fromisoformat(read.recorded_at), self._form.beside(read)
        except (msgspec.MsgspecError, ValueError):
            self._findings.add("line", position, "a line of form 1", "something else")
            return
        said = (read.v, read.position, read.version, read.event.subject, at)
        if said != (1, position, version, subject, recorded_at):
            self._findings.add("line", position, _place(1, position, version), _place(*said[:3]))
        if said_beside != tuple(beside):
            self._findings.add(self._form.kind, position, self._form.expected, "others, or none")
        if read.recorded_at < self._last:
            self._findings.add("recorded_at", position, f"{self._last} or later", read.recorded_at)
        self._last = read.recorded_at


def _place(form: int, position: int, version: int) -> str:
    """Where an entry stands; nothing of what it says."""
    return f"form {form}, position {position}, version {version}, of its own subject and time"

"""Namespaces that entries give access to each episode, against the table of access."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

import msgspec
import psycopg

from application.store.line_codec import read_line
from application.verification.discrepancies import Discrepancies
from domain.facts import of_type
from domain.facts.member_walk import granted, walk

_ROWS: Final = "select stream_no, namespace from ledger.stream_names order by stream_no"
_LINES: Final = "select position, line from ledger.entries where stream_no = %s order by version"
_KIND: Final = "names on the episode"


class GrantedNames:
    """Sets of namespaces by stream. Different sets are few, so a stream takes only the number of one."""

    def __init__(self) -> None:
        """Begin without any."""
        self._sets: list[frozenset[str]] = [frozenset()]
        self._numbers: dict[frozenset[str], int] = {frozenset(): 0}
        self._of_stream = array("I")

    def add(self, names: Iterable[tuple[int, str]]) -> None:
        """Add streams, each with a namespace."""
        for stream, namespace in names:
            if stream >= len(self._of_stream):
                self._of_stream.extend([0] * (stream + 1 - len(self._of_stream)))
            held = self._sets[self._of_stream[stream]]
            if namespace not in held:
                self._of_stream[stream] = self._number(held | {namespace})

    def _number(self, names: frozenset[str]) -> int:
        if names not in self._numbers:
            self._numbers[names] = len(self._sets)
            self._sets.append(names)
        return self._numbers[names]

    def streams(self) -> Iterator[int]:
        """Yield the streams that have a name."""
        yield from (stream for stream, number in enumerate(self._of_stream) if number)

    def of(self, stream: int) -> frozenset[str]:
        """Return the names of a stream."""
        return self._sets[self._of_stream[stream]] if stream < len(self._of_stream) else frozenset()

    def check(self, connection: psycopg.Connection[Any], findings: Discrepancies, *, is_whole: bool) -> None:
        """Compare with the table; `is_whole`: all entries were added, so that nothing else may stand there."""
        last = 0
        with connection.cursor("names") as cursor:
            for stream, rows in groupby(cursor.execute(_ROWS), key=lambda row: int(row[0])):
                for between in range(last + 1, stream):
                    self._compare(connection, findings, between, set(), is_whole=is_whole)
                self._compare(connection, findings, stream, {name for _, name in rows}, is_whole=is_whole)
                last = stream
        for after in range(last + 1, len(self._of_stream)):
            self._compare(connection, findings, after, set(), is_whole=is_whole)

    def _compare(
        self,
        connection: psycopg.Connection[Any],
        findings: Discrepancies,
        stream: int,
        stored: set[str],
        *,
        is_whole: bool,
    ) -> None:
        implied = self.of(stream)
        wrong = implied ^ stored if is_whole else implied - stored
        if wrong:
            position = _position(connection, stream, wrong)
            findings.add(
                _KIND, position, "that which its entries give", f"more or less (stream number {stream})"
            )


def _position(connection: psycopg.Connection[Any], stream: int, names: frozenset[str] | set[str]) -> int:
    """Return the first entry of a stream that gives one of these access, else the stream's last entry."""
    position = 0
    for position, line in connection.execute(_LINES, (stream,), binary=True):
        try:
            entry = read_line(line)
        except (msgspec.MsgspecError, ValueError):
            continue
        cls = of_type(entry.type)
        if cls is not None and names & granted(walk(cls, entry.data)):
            return int(position)
    return position

"""Files of CloudEvents: one to a line (NDJSON), or one JSON array of them; in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from application.importing.line_reader import BOM, LONGEST, lines
from application.importing.report import Row, RowEvent, RowNotTaken
from domain.errors import InvalidJson

ReadJson = Callable[[bytes], Any]
"""How the door reads JSON: it raises InvalidJson, with a sentence that repeats nothing."""

_CHUNK: Final = 1 << 16
_SPACE: Final = b" \t\r\n"
_MARKS: Final = re.compile(rb'[][{}",\\]')
_TOO_LARGE: Final = ("too-large", "it is longer than any event may be")
_UNFINISHED: Final = (
    "invalid-json",
    "the array is not closed, or something follows it: what is last was not taken",
)


class _Piece(NamedTuple):
    """The bytes of one event, or why there are none: reason and sentence."""

    number: int
    bytes_read: int
    text: bytes = b""
    fault: tuple[str, str] | None = None


def read_cloudevents(file: BinaryIO, read_json: ReadJson) -> Iterator[Row]:
    """Each event as a row with its line number, or its number in the array. `file` must be seekable.

    Only the JSON is judged here; whether it is an event of ours is the ledger's to say.
    """
    start = file.read(_CHUNK).removeprefix(BOM).lstrip(_SPACE)
    file.seek(0)
    pieces = _elements(file) if start.startswith(b"[") else _lines(file)
    return (_row(piece, read_json) for piece in pieces)


def _lines(file: BinaryIO) -> Iterator[_Piece]:
    for line in lines(file):
        if line.text is None:
            yield _Piece(line.number, line.bytes_read, fault=_TOO_LARGE)
        elif line.text.strip(_SPACE):
            yield _Piece(line.number, line.bytes_read, line.text)


def _row(piece: _Piece, read_json: ReadJson) -> Row:
    fault = piece.fault
    if fault is None:
        try:
            event = read_json(piece.text)
        except InvalidJson as error:
            fault = (error.reason, error.detail)
        else:
            if isinstance(event, dict):
                return Row(piece.number, piece.bytes_read, (RowEvent(event),))
            fault = ("invalid-cloudevent", "it must be a CloudEvent: a JSON object")
    return Row(piece.number, piece.bytes_read, faults=(RowNotTaken(piece.number, fault[0], "", fault[1]),))


def _elements(file: BinaryIO) -> Iterator[_Piece]:
    """The elements of one array, each as its bytes; what is no JSON in them shows when they are read."""
    splitter, bytes_read, number = _Splitter(), 0, 0
    while chunk := file.read(_CHUNK):
        piece = chunk if bytes_read else chunk.removeprefix(BOM)
        bytes_read += len(chunk)
        for text in splitter.feed(piece):
            number += 1
            yield _Piece(number, bytes_read, text or b"", _TOO_LARGE if text is None else None)
    if splitter.unfinished:
        yield _Piece(number + 1, bytes_read, fault=_UNFINISHED)


class _Splitter:
    """Splits an array at its own commas: those outside of strings and of what is nested deeper."""

    def __init__(self) -> None:
        self._depth, self._in_string, self._too_long = 0, False, False
        self._escaped = False
        """True where the last piece ended with the backslash of an escape."""
        self._held = bytearray()

    @property
    def unfinished(self) -> bool:
        """True where the array was not closed, or something follows it."""
        return self._depth != 0 or bool(self._held.strip(_SPACE))

    def feed(self, piece: bytes) -> Iterator[bytes | None]:
        """The elements that end in this piece of the file; None for one that is too long."""
        begin, skip = 0, 0 if self._escaped else -1
        for mark in _MARKS.finditer(piece):
            at, sign = mark.start(), mark.group()
            if at == skip:
                continue
            if sign == b"\\":
                skip = at + 1
            elif sign == b'"':
                self._in_string = not self._in_string
            elif not self._in_string and self._ends(sign):
                self._hold(piece[begin:at])
                begin = at + 1
                text = self._taken()
                if text != b"" or sign == b",":
                    yield text
        self._escaped = skip == len(piece)
        self._hold(piece[begin:])

    def _ends(self, sign: bytes) -> bool:
        """Return whether an element ends with this sign, or the array begins; keep count of the depth."""
        if sign == b",":
            return self._depth == 1
        opens = sign in b"[{"
        self._depth += 1 if opens else -1
        return self._depth == (1 if opens else 0)

    def _hold(self, piece: bytes) -> None:
        self._too_long = self._too_long or len(self._held) + len(piece) > LONGEST
        if not self._too_long:
            self._held += piece

    def _taken(self) -> bytes | None:
        text = None if self._too_long else bytes(self._held).strip(_SPACE)
        self._held.clear()
        self._too_long = False
        return text

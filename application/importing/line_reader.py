"""A file's lines in bounded memory, with how many bytes were read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

LONGEST: Final = 1 << 20
"""Bytes of one line, or of one element of an array; an event may have 256 KiB (contract.md 1)."""
BOM: Final = b"\xef\xbb\xbf"


class UnreadableFile(ValueError):
    """The file as a whole is not of the format that it should be. The sentence says why."""


class FileLine(NamedTuple):
    """One line without its end; `text` is None when it is too long to be anything that we read."""

    number: int
    text: bytes | None
    bytes_read: int


def lines(file: BinaryIO) -> Iterator[FileLine]:
    """Each line of a file, whose ends may be of Unix or of Windows. A byte order mark is no part of it."""
    number = bytes_read = 0
    while piece := file.readline(LONGEST):
        number += 1
        bytes_read += len(piece)
        fits = piece.endswith(b"\n") or len(piece) < LONGEST
        while not piece.endswith(b"\n") and len(piece) == LONGEST:
            piece = file.readline(LONGEST)
            bytes_read += len(piece)
        text = piece.rstrip(b"\r\n") if fits else None
        yield FileLine(number, text.removeprefix(BOM) if text and number == 1 else text, bytes_read)

"""Records of a CSV file in bounded memory (RFC 4180): a quoted cell may hold line ends.

A quotation mark that is astray opens a cell that never ends well. So lines are only joined where the joined record
has as many cells as the header. Otherwise the first line is spoilt, and reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from application.importing.line_reader import LONGEST, FileLine

_MOST: Final = 200
"""Lines of one record at most."""


class CsvRecord(NamedTuple):
    """One record: its number as a spreadsheet counts rows, and its cells; None where they cannot be read."""

    number: int
    cells: list[str] | None
    bytes_read: int


def read_cells(text: bytes, delimiter: str) -> list[str] | None:
    """Return the cells of a record, without the space around them; None when the quotation marks do not match.

    Bytes that are not UTF-8 become a character that no reference and no word can have.
    """
    try:
        rows = list(csv.reader([text.decode("utf-8", "replace")], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in rows[0]] if len(rows) == 1 else None


def records(lines: Iterable[FileLine], delimiter: str, width: int, first: int) -> Iterator[CsvRecord]:
    """Yield the records of lines, those of blank lines too; `width`: the header's cells, `first`: the first number."""
    ahead = _Ahead(lines)
    for number, line in enumerate(ahead, first):
        cells = None if line.text is None else read_cells(line.text, delimiter)
        if line.text is not None and cells is None:
            joined = ahead.join(line.text, lambda text: _fits(read_cells(text, delimiter), width))
            cells = None if joined is None else read_cells(joined, delimiter)
        yield CsvRecord(number, cells, ahead.bytes_read)


def _fits(cells: list[str] | None, width: int) -> bool:
    return cells is not None and len(cells) == width


class _Ahead:
    """Lines, of which some can be read ahead and given back."""

    def __init__(self, lines: Iterable[FileLine]) -> None:
        self._rest, self._held = iter(lines), deque[FileLine]()
        self.bytes_read = 0

    def __iter__(self) -> Iterator[FileLine]:
        while (line := self._next()) is not None:
            self.bytes_read = line.bytes_read
            yield line

    def _next(self) -> FileLine | None:
        return self._held.popleft() if self._held else next(self._rest, None)

    def join(self, text: bytes, fits: Callable[[bytes], bool]) -> bytes | None:
        """Return a text with the lines after it that make it whole; None, and none taken, when no lines do."""
        taken, size = list[FileLine](), len(text)
        while len(taken) < _MOST and (line := self._next()) is not None:
            taken.append(line)
            size += len(line.text or b"")
            if line.text is None or size > LONGEST:
                break
            joined = b"\n".join(chain([text], (each.text or b"" for each in taken)))
            if b'"' in line.text and fits(joined):
                self.bytes_read = line.bytes_read
                return joined
        self._held.extendleft(reversed(taken))
        return None

"""The table `ssd_missing` of the Standard Safeguarding Dataset (items MISS001A to MISS007A), as CSV.

Local authorities build it from every case system in use. One row is one episode: its start gives a
`reported`, its end a `returned`, its two answers about the return interview one undated
`interview-summary-recorded`. A stray quotation mark spoils its own row and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from application.importing.csv_records import CsvRecord, read_cells, records
from application.importing.line_reader import FileLine, UnreadableFile, lines
from application.importing.report import Row, RowNotTaken
from application.importing.ssd_mapping import COLUMNS, END, ID, START, Mapping, RowReading
from domain.facts.members import NAMESPACE_KIND
from domain.facts.value_kinds import ORIGIN
from domain.moment import read_moment

SENTENCES: Final = {
    "id-reused": "told before about another person, or otherwise than by an extract; not taken",
    "child-differs": "the row is about another person than in the earlier extract; not taken",
}
"""How the ledger's refusals read for a row of an extract."""

_OTHER_NAMES: Final = {
    "miss_missing_episode_start": START,
    "miss_missing_episode_end": END,
    **{f"miss{n:03d}a": name for n, name in enumerate(COLUMNS, 1)},
}
_BLANK: Final = frozenset({"", "null"})
"""Some databases write a missing value as the word NULL."""
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_SPOILT: Final = "the row is too long, or a quotation mark is astray"


def read_ssd_missing(
    file: BinaryIO,
    namespace: str,
    source: str,
    *,
    extracted_at: str | None = None,
    exact_midnight: bool = False,
) -> Iterator[Row]:
    """Each row as the events it stands for. Raise UnreadableFile when the file has not all the columns.

    `extracted_at` is when the extract was made (RFC 3339 with offset, or a date): the authority's knowledge
    is of that time. Without it events have no `learned_at`, and the summary happened at some time since the
    episode's start. The clock's time and the file's are not used: the events are then the same whenever and from
    whichever copy they are read. So a second import has no effect, nor have the unchanged rows of a later extract.
    Raise ValueError when an argument is malformed.
    """
    if not NAMESPACE_KIND.fits(namespace):
        raise ValueError(f"the namespace must be {NAMESPACE_KIND.noun}")
    if not re.fullmatch(ORIGIN, source, re.ASCII):
        raise ValueError("the source must be 1 to 128 of letters, digits and . _ : ~ / + = -")
    mapping = Mapping(namespace, source, _extraction(extracted_at), exact_midnight)
    all_lines = lines(file)
    header = _header(next(all_lines, FileLine(1, b"", 0)))
    found = records(all_lines, header.delimiter, len(header.names), first=2)
    return (_row(each, header, mapping) for each in found if each.cells is None or any(each.cells))


def _extraction(text: str | None) -> Any:
    """The moment of the extraction in its sent form."""
    if text is None:
        return None
    moment = {"date": text} if len(text) == len("2026-03-01") else text
    try:
        read_moment(moment)
    except ValueError as error:
        raise ValueError(f"the time of the extraction {error}") from None
    return moment


class _Header(NamedTuple):
    """The first line: what separates the cells, and the columns by their proper names."""

    delimiter: str
    names: list[str]


def _header(line: FileLine) -> _Header:
    if line.text is None or line.text.startswith(_UTF16):
        raise UnreadableFile("this is not a CSV in UTF-8; save it as such and import it again")
    found = [_Header(delimiter, _names(line.text, delimiter)) for delimiter in ",;\t|"]
    header = next((one for one in found if ID in one.names), found[0])
    if lacking := [name for name in COLUMNS if header.names.count(name) != 1]:
        raise UnreadableFile(f"the first line must name each of these columns once: {', '.join(lacking)}")
    return header


def _names(text: bytes, delimiter: str) -> list[str]:
    cells = (cell.casefold() for cell in read_cells(text, delimiter) or ())
    return [_OTHER_NAMES.get(cell, cell) for cell in cells]


def _row(record: CsvRecord, header: _Header, mapping: Mapping) -> Row:
    cells = record.cells
    if cells is None:
        return _unreadable(record, _SPOILT)
    if len(cells) != len(header.names):
        return _unreadable(record, f"the row has {len(cells)} cells, the header {len(header.names)}")
    values = {
        name: "" if cell.casefold() in _BLANK else cell
        for name, cell in zip(header.names, cells, strict=True)
    }
    reading = RowReading(values, mapping)
    events = tuple(reading.events())
    faults, warnings = (
        tuple(RowNotTaken(record.number, *each) for each in found)
        for found in (reading.faults, reading.warnings)
    )
    subject = f"{mapping.namespace}/{values[ID]}"
    return Row(record.number, record.bytes_read, events, faults, subject, warnings if events else ())


def _unreadable(record: CsvRecord, why: str) -> Row:
    fault = RowNotTaken(record.number, "unreadable-row", "", why)
    return Row(record.number, record.bytes_read, faults=(fault,))

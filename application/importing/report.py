"""The account of an import, row by row and in sum. Nothing here holds a value from the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class RowNotTaken(NamedTuple):
    """Something in a row that was not recorded, and why."""

    row: int
    """The row of the file as a spreadsheet counts it, from 1 for the header; of events the line or the element."""
    reason: str
    """In kebab-case: the file's faults, or the reason of the ledger's refusal."""
    column: str
    """Where: a column's name, a JSON pointer, or nothing when it is the whole row."""
    detail: str
    """One sentence, without the value."""


class RowEvent(NamedTuple):
    """One event of a row, and the column that it stands for."""

    event: dict[str, Any]
    column: str = ""
    change: str = ""
    """The change to an earlier extract: corrected, retracted or restored; nothing when the event is new."""


class Changed(NamedTuple):
    """A value that is another than in an earlier extract."""

    row: int
    column: str
    change: str
    """corrected, retracted (it is blank now) or restored (it was blank meanwhile)."""


class Row(NamedTuple):
    """One row as read: its events, or its faults. A row with a fault gives no events at all."""

    number: int
    bytes_read: int
    """How far into the file we are, for progress."""
    events: tuple[RowEvent, ...] = ()
    faults: tuple[RowNotTaken, ...] = ()
    subject: str = ""
    """The episode of an extract's row, where it can be read."""
    warnings: tuple[RowNotTaken, ...] = ()
    """Warnings about a row that is taken."""


@dataclass(slots=True)
class ImportReport:
    """The account of one import: every row read was taken whole, or is in `not_taken`."""

    rows: int = 0
    taken: int = 0
    """Rows of which everything is in the ledger now, be it since today or before."""
    recorded: int = 0
    """Events recorded now; in a dry run, those that would be."""
    duplicates: int = 0
    """Events that were in the ledger already, with the same content."""
    refused: Counter[str] = field(default_factory=Counter)
    """By reason: how often something was not taken, be it by the reader or by the ledger."""
    not_taken: list[RowNotTaken] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    """Changes recorded now, where an earlier extract said otherwise."""
    warnings: list[RowNotTaken] = field(default_factory=list)
    """Warnings about rows that were taken."""
    vanished: list[str] = field(default_factory=list)
    """Episodes that an earlier extract of the source had, and this one has not."""

    @property
    def complete(self) -> bool:
        """True where every row was taken whole."""
        return not self.not_taken

    def add(self, wrong: list[RowNotTaken], warnings: Iterable[RowNotTaken] = ()) -> None:
        """Account for one row, with what of it was not taken and what looks wrong in it."""
        self.warnings += warnings
        self.rows += 1
        self.taken += not wrong
        self.refused.update(what.reason for what in wrong)
        self.not_taken += wrong

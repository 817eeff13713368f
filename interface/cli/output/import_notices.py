"""The line about something that was not taken: where, and why; never with its values."""

from __future__ import annotations

from application.importing import RowNotTaken


def not_taken_line(one: RowNotTaken, what: str = "event") -> str:
    """One line of a report."""
    where = f", {one.column}" if one.column else ""
    return f"{what} {one.row:,}{where}: {one.reason}: {one.detail}"

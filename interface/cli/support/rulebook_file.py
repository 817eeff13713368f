"""The text of a rulebook file."""

from __future__ import annotations

from pathlib import Path

from interface.cli.support.exit_status import Failed


def text_of(file: Path) -> str:
    """The text of a rulebook's file; Failed when it is not UTF-8."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Failed(f"{file}:{line}: this is not UTF-8; save the rulebook in that encoding.") from None

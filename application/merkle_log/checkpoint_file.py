"""The greatest checkpoint released, in a file outside the database.

It lies next to the signing key, so that restoring a database does not restore the file. A database that comes back
shorter or different is noticed by it. Its content is the signed note itself.
"""

from __future__ import annotations

from pathlib import Path

from application.crypto.durable_file import write_durably


class CheckpointFile:
    """One file, written whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Say where; the folder must exist when it is written."""
        self.path = path

    def read(self) -> str | None:
        """The note; None when none was ever written here."""
        try:
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return None

    def write(self, note: str) -> None:
        """Put it in the place of the last one. When this returns it is on disk."""
        write_durably(self.path, note)

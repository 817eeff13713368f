"""A folder as a place: a file for each checkpoint, so that a copy is outside the database and can be carried away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.crypto.durable_file import write_durably
from application.crypto.signed_note import Note
from application.merkle_log.publishing.target import Delivery, DeliveryFailed
from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint

_LATEST: Final = "latest"


class FolderTarget:
    """`<folder>/<origin>/<size>`, and the newest once more as `<folder>/<origin>/latest`: each the signed note.

    Files are written whole or not at all, and none is ever changed. A checkpoint that contradicts one there is
    refused. So a database that was put back cannot hide what it showed before.
    """

    name: Final = "folder"

    def __init__(self, path: Path) -> None:
        """Say which; it must be there when it is written to."""
        self._path = path

    def take(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        checkpoint: SignedCheckpoint,
        before: Delivery | None,
    ) -> None:
        """Write the checkpoint."""
        del connection, log, before
        folder = self._path / Checkpoint.read(Note.read(checkpoint.note)).origin
        file, latest = folder / str(checkpoint.size), folder / _LATEST
        if self._path.is_dir():  # else it is said below: nothing is made where nothing is mounted
            folder.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.read_text("utf-8", "replace") != checkpoint.note:
            raise DeliveryFailed(
                f"another checkpoint of {checkpoint.size} entries lies there: see `ledger verify`"
            )
        if (there := _size(latest)) > checkpoint.size:
            raise DeliveryFailed(
                f"the folder has a checkpoint of {there} entries, the ledger's last is of {checkpoint.size}."
                " The database is an earlier state"
            )
        if not file.exists():
            write_durably(file, checkpoint.note)
        write_durably(latest, checkpoint.note)


def _size(latest: Path) -> int:
    """How many entries are under the newest checkpoint there; 0 without one. NotANote when it is something else."""
    return Checkpoint.read(Note.read(latest.read_text("utf-8", "replace"))).size if latest.exists() else 0

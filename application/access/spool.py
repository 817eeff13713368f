"""A folder for disclosures that the database cannot take now: each is safe on this disk before its answer leaves.

`waiting.ndjson` takes what comes, a line for each, under a lock that all processes of this host share. To record
what is there it is first renamed, so that nobody waits meanwhile. A file goes only when all of it is recorded. A line
that is sent twice after an interruption is known by its id and recorded once.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_WAITING: Final = "waiting.ndjson"
_TAKEN: Final = "taken-*.ndjson"


class Spool:
    """One folder, which must be there and belong to the service."""

    def __init__(self, folder: Path) -> None:
        """Remember where it is; nothing is opened yet."""
        self._folder = folder

    def keep(self, line: bytes) -> None:
        """Put a line down, and return when it would outlive a power cut. OSError when it cannot be."""
        with self._locked(), (self._folder / _WAITING).open("ab") as waiting:
            waiting.write(line + b"\n")
            waiting.flush()
            os.fsync(waiting.fileno())
            self._sync()

    def taken(self) -> Iterator[Path]:
        """The files to record, the oldest first, with what has come until now; unlink each when that is done."""
        waiting = self._folder / _WAITING
        if waiting.exists():
            with self._locked():
                if waiting.exists():  # else another process was quicker
                    waiting.rename(self._folder / f"taken-{time.time_ns():020}-{os.getpid()}.ndjson")
                    self._sync()
        yield from sorted(self._folder.glob(_TAKEN))

    def count(self) -> int:
        """How many lines wait here."""
        files = [self._folder / _WAITING, *self._folder.glob(_TAKEN)]
        return sum(len(lines(file)) for file in files)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
            yield

    def _sync(self) -> None:
        """Make the folder's own entries safe."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def lines(file: Path) -> list[bytes]:
    """The whole lines of a file; nothing when it is gone. One that a crash cut short was never acknowledged."""
    try:
        return [line[:-1] for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    except FileNotFoundError:
        return []

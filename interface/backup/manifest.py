"""A backup's folder, and the file in it that says what it holds.

    <folder>/backup.json   the manifest, written last: without it the backup was cut short
    <folder>/database/     what pg_dump wrote

The secrets are never in it: they are not in the database.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from application.store.inventory import Inventory
from domain.errors import LedgerError
from interface.backup.copy_progress import TableCopy

FORMAT: Final = 1
_CHUNK: Final = 1 << 20

OnBytes = Callable[[int, int], None]
"""Told how many bytes are read, and of how many."""


class BackupUnusable(LedgerError):
    """It is no backup, not a whole one, or not as it was made; nothing was restored from it."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a backup."""

    format: int = FORMAT
    taken_at: str
    """When its snapshot was taken, RFC 3339."""
    contents: Inventory
    migrations: list[int]
    """Those that its database had: it is put back into a database with exactly these."""
    pg_dump: int
    """The major version of the program that wrote it; an older pg_restore may not read it."""
    tables: dict[str, TableCopy]
    """How much each table held, for the progress of a restore."""
    files: dict[str, str]
    """SHA-256 of every file, in hex, by its path in the folder."""


class _Kept(msgspec.Struct, frozen=True):
    """The manifest as it lies in its file, with its own hash."""

    sha256: str
    manifest: Manifest


class BackupFolder:
    """A backup's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "database"
        self._file = path / "backup.json"

    def make(self) -> None:
        """Make it, closed to others; BackupUnusable when something is there already."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise BackupUnusable(f"{self.path} is there already: name a new or empty folder")
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def hashes(self, on_bytes: OnBytes) -> dict[str, str]:
        """SHA-256 of every file that pg_dump wrote, by its path; symbolic links are none of them."""
        found = sorted(file for file in self.database.rglob("*") if file.is_file() and not file.is_symlink())
        total, done, hashes = sum(file.stat().st_size for file in found), 0, {}
        for path in found:
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    done += len(chunk)
                    on_bytes(done, total)
            hashes[path.relative_to(self.path).as_posix()] = digest.hexdigest()
        return hashes

    def write(self, manifest: Manifest) -> None:
        """Write the manifest: from now on the backup is whole. When this returns all of it is on disk."""
        with self._file.open("xb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(_Kept(_sha256(manifest), manifest))))
        for path in (*self.database.rglob("*"), self.database, self._file, self.path):
            number = os.open(path, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)

    def read(self) -> Manifest:
        """The manifest, if it is one of ours and unchanged; else BackupUnusable."""
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except FileNotFoundError:
            raise BackupUnusable(
                f"{self.path} holds no backup.json: it is no backup, or one that was cut short"
            ) from None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            raise BackupUnusable(f"{self._file} cannot be read as the manifest of a backup") from None
        if kept.sha256 != _sha256(kept.manifest) or kept.manifest.format != FORMAT:
            raise BackupUnusable(f"{self._file} is not as it was written")
        return kept.manifest

    def check(self, manifest: Manifest, on_bytes: OnBytes) -> None:
        """Read every file; BackupUnusable, naming the first, when one is missing, changed, or too many."""
        found = self.hashes(on_bytes)
        for name in sorted(found.keys() | manifest.files.keys()):
            if found.get(name) != manifest.files.get(name):
                how = "missing" if name not in found else "not as it was backed up"
                raise BackupUnusable(f"this backup is damaged: {name} is {how}; take another one")


def _sha256(manifest: Manifest) -> str:
    return hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()

"""A small file that must survive: written whole or not at all, and on disk before anybody goes on."""

from __future__ import annotations

import os
from pathlib import Path


def write_durably(path: Path, text: str, mode: int = 0o644) -> None:
    """Put a file in the place of the one that was there, if any, with its owner; `mode` is what the mask leaves of it.

    Raise OSError when it cannot be written: what was there before is untouched then.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # what a killed one left
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        os.chown(fresh, path.stat().st_uid, path.stat().st_gid)  # root may do this for the service's account
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

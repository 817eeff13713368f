"""A backup, described for --json."""

from __future__ import annotations

from typing import Any

from interface.backup.manifest import Manifest


def described(manifest: Manifest) -> dict[str, Any]:
    """Return what a backup holds, for --json."""
    held = manifest.contents
    return {
        "name": held.founding["name"],
        "position": held.position,
        "leaf_hash": held.leaf_hash,
        "access_position": held.access_position,
        "taken_at": manifest.taken_at,
    }

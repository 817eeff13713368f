"""Errors of PostgreSQL in a sentence: what is wrong, and what to do. Nothing that was recorded stands in one."""

from __future__ import annotations

from typing import Final

import psycopg

from application.store.database import Unreachable
from application.store.entry_listener import interruption

_ADVICE: Final = {
    "53100": "Make room on the disk of the database.",
    "53200": "Give the database more memory.",
    "53300": "Raise max_connections, or end other connections.",
    "53400": "Raise that limit, or make room on the disk of the database.",
    "25006": "The database takes no writes now. Connect to the primary, or find out what made the database read-only.",
}
_GONE: Final = ("08", "57P")
"""SQLSTATEs, by their first characters, of a connection that broke or could not be made."""
_LOOK: Final = "The log of the database says more."


def refusal(error: BaseException) -> tuple[str, str] | None:
    """Return what a database that answers refused and what to do; None when the database cannot be reached."""
    cause = error.__cause__ if isinstance(error, Unreachable) else error
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if not isinstance(cause, psycopg.Error) or (
        isinstance(cause, psycopg.OperationalError) and (state is None or state.startswith(_GONE))
    ):
        return None
    return f"The database refused: {interruption(cause)}.", _ADVICE.get(state or "", _LOOK)


def unreachable(error: BaseException) -> str:
    """Return why the database cannot be reached, without the address: an address may hold a password."""
    cause = error if isinstance(error, psycopg.OperationalError) else error.__cause__
    reason = str(cause or "").rpartition("failed: ")[2]  # what stands before it is the address
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    return f"The database cannot be reached: {'. '.join(lines) or 'it does not answer'}"

"""Progress of the projection tables. Each writer locks its row first."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

from application.store.database import Database


class FollowerProgress(NamedTuple):
    """The position to which the tables are complete, and that of the rulebook's adoption (None: none yet)."""

    position: int
    rulebook_position: int | None


class Lag(NamedTuple):
    """The distance between the tables and the last recorded entry."""

    position: int
    ledger_size: int
    rulebook_position: int | None
    aside: int
    """Number of subjects that could not be assessed."""

    @property
    def behind(self) -> int:
        """Recorded entries that no table shows yet."""
        return self.ledger_size - self.position


def locked(connection: psycopg.Connection[Any]) -> FollowerProgress:
    """Return the progress; nobody else writes the tables until this transaction ends."""
    row = connection.execute("select position, rulebook_position from progress for update").fetchone()
    assert row is not None  # the migration wrote it
    return FollowerProgress(*row)


def shared(connection: psycopg.Connection[Any]) -> None:
    """Let others write other persons until this transaction ends; nobody else writes the same ones, or progress."""
    connection.execute("select from progress for share")


def write(connection: psycopg.Connection[Any], progress: FollowerProgress) -> None:
    """Write the progress, in the transaction that made it."""
    connection.execute(
        "update progress set position = %s, rulebook_position = %s, updated_at = now()", progress
    )


def lag(database: Database) -> Lag:
    """Return the position of the live tables, and that of the last entry."""
    rows = database.rows(
        "select p.position, (select h.position from ledger.heads h where h.log = 1), p.rulebook_position,"
        " (select count(*) from views.aside) from views.progress p"
    )
    position, size, rulebook, aside = rows[0]
    return Lag(position, max(size, position), rulebook, aside)

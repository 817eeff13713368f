"""Progress: how far the views have come. Its row is locked first by whoever writes any of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

from application.store.database import Database


class FollowerProgress(NamedTuple):
    """The views are complete to a position, and judged by the rulebook that an entry adopted (None: none yet)."""

    position: int
    rulebook_position: int | None


class Lag(NamedTuple):
    """How far the views are behind what is recorded."""

    position: int
    ledger_size: int
    rulebook_position: int | None
    aside: int
    """How many subjects could not be assessed."""

    @property
    def behind(self) -> int:
        """Entries recorded that no view shows yet."""
        return self.ledger_size - self.position


def locked(connection: psycopg.Connection[Any]) -> FollowerProgress:
    """How far they are; nobody else writes them until this transaction ends."""
    row = connection.execute("select position, rulebook_position from progress for update").fetchone()
    assert row is not None  # the migration wrote it
    return FollowerProgress(*row)


def shared(connection: psycopg.Connection[Any]) -> None:
    """Write beside others who write other persons, until this transaction ends; nobody else does, or says how far."""
    connection.execute("select from progress for share")


def write(connection: psycopg.Connection[Any], progress: FollowerProgress) -> None:
    """Say how far they have come, in the transaction that brought them there."""
    connection.execute(
        "update progress set position = %s, rulebook_position = %s, updated_at = now()", progress
    )


def lag(database: Database) -> Lag:
    """How far the live views are, and how far the ledger is."""
    rows = database.rows(
        "select p.position, (select h.position from ledger.heads h where h.log = 1), p.rulebook_position,"
        " (select count(*) from views.aside) from views.progress p"
    )
    position, size, rulebook, aside = rows[0]
    return Lag(position, max(size, position), rulebook, aside)

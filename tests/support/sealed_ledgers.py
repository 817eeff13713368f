"""What the tests of sealing and verifying do to a ledger."""

from __future__ import annotations

import psycopg

from application.recording.ledger import Ledger
from application.store import tree_rows as tree
from application.store.logs import EPISODES, Log
from tests.support.submission_builder import submission


def record(ledger: Ledger, count: int) -> None:
    """Record so many entries, each in an episode of its own."""
    ledger.record([submission(episode=f"ME-{n}") for n in range(count)])


def lines(ledger: Ledger) -> list[bytes]:
    """What is recorded, in order."""
    return [line for (line,) in ledger.database.rows("select line from ledger.entries order by position")]


def change(dsn: str, statement: str) -> None:
    """Do something to the database as its superuser, past every function and trigger."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement.encode())


def last_note(ledger: Ledger, log: Log = EPISODES) -> str:
    """The last checkpoint."""
    released = tree.released(ledger.database.rows, log)
    assert released is not None
    return released.note


def flipped(column: str, byte: str | int) -> str:
    """SQL of a column with one bit of a byte changed: a constant could be there already."""
    return f"set_byte({column}, {byte}, get_byte({column}, {byte}) # 1)"

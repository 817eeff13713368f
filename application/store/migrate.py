"""Bring a database to the newest form: numbered SQL files, each applied once, in order.

Each file is applied in a transaction of its own, under an advisory lock that all processes of one database share.
Its SHA-256 is stored with it: an applied file never changes again.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Final, NamedTuple

import psycopg

from domain.errors import LedgerError

_LOCK: Final = 7_301_150_114
"""The advisory lock of migrations: any fixed number that nothing else here uses."""
_BEGIN: Final = """
create schema if not exists ledger;
create table if not exists ledger.migrations (
    number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now()
);
"""


class MigrationChanged(LedgerError):
    """A migration that this database has applied is not the file that we hold."""


class Migration(NamedTuple):
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The hash of its text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Return every migration that we hold, in order."""
    folder = files("application.store").joinpath("migrations")
    found = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    return sorted(Migration(int(f.name[:4]), f.name[5:-4], f.read_text("utf-8")) for f in found)


def migrate(dsn: str, held: list[Migration] | None = None) -> list[Migration]:
    """Apply what is missing and return it; raise MigrationChanged when an applied file differs from ours.

    Any number of processes may call this at once: one applies, the others wait and find nothing to do.
    """
    held = migrations() if held is None else held
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        with connection.transaction():
            connection.execute(_BEGIN)
        rows = connection.execute("select number, sha256 from ledger.migrations").fetchall()
        missing = _missing(held, dict(rows))
        for migration in missing:
            _apply(connection, migration)
    return missing


def _missing(held: list[Migration], applied: dict[int, str]) -> list[Migration]:
    """Return the files that are not applied yet; raise MigrationChanged when an applied one differs from ours."""
    ours = {migration.number: migration for migration in held}
    for number, sha256 in applied.items():
        if number in ours and ours[number].sha256 != sha256:
            raise MigrationChanged(
                f"migration {number:04} ({ours[number].name}) was changed after this database applied it. "
                "Restore the released file, and put the change into a new file"
            )
    return [migration for migration in held if migration.number not in applied]


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    """Run one file and remember it, both or neither."""
    with connection.transaction():
        connection.execute(
            "insert into ledger.migrations (number, name, sha256) values (%s, %s, %s)",
            (migration.number, migration.name, migration.sha256),
        )
        connection.execute(migration.sql.encode())  # last, since a file may go on in another role

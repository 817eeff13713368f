"""Putting a backup back into a database in which nothing is recorded.

The database is given the form that the backed up one had. The rows are loaded in one transaction. Then the database is
brought to this release's form. What is derived is not in a backup: the follower makes it again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg

from application.store.inventory import inventory
from application.store.migrate import migrate, migrations
from interface.backup.copy_progress import OnTable, Watch
from interface.backup.manifest import BackupFolder, BackupUnusable, Manifest
from interface.backup.pg_programs import environment, run
from interface.postgres.binaries import clients

_APPLIED: Final = "select number from ledger.migrations"
_NOT_LOADED: Final = " TABLE DATA ledger migrations "
_LOADED_FIRST: Final = " TABLE DATA ledger heads "
"""Tables that others refer to by foreign keys. pg_restore loads by name when it loads rows alone."""
_RECORDED: Final = "select exists (select from ledger.entries) or exists (select from ledger.children)"


def restore(
    dsn: str, folder: BackupFolder, manifest: Manifest, bindir: Path | None, on_table: OnTable
) -> None:
    """Load a backup that was checked into the database at this address, its owner's.

    Raise BackupUnusable when something is recorded there, or when this release is older than the backup. A restore that
    was stopped while rows were loaded leaves none of them: the same command begins again.
    """
    held = [each for each in migrations() if each.number in manifest.migrations]
    if len(held) < len(manifest.migrations):
        raise BackupUnusable("this backup was made by a newer release: restore it with that one")
    _check_empty(dsn, manifest)
    migrate(dsn, held)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("delete from ledger.heads")  # the backup brings its own
        major = max(connection.info.server_version // 10_000, manifest.pg_dump)
        watch = Watch(connection, manifest.tables, on_table)
        _load(environment(connection), folder, clients(bindir, major).folder / "pg_restore", watch)
        if inventory(connection) != manifest.contents:
            raise BackupUnusable("what was restored is not what the backup says that it holds")
        connection.execute("analyze")
    migrate(dsn)


def _check_empty(dsn: str, manifest: Manifest) -> None:
    """Nothing is recorded in the database, and it has no form that the backup does not have."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("select to_regclass('ledger.migrations')").fetchone() == (None,):
            return
        applied = {number for (number,) in connection.execute(_APPLIED)}
        if applied and connection.execute(_RECORDED).fetchone() == (True,):
            raise BackupUnusable("something is recorded in this database: restore into an empty one")
    if applied - set(manifest.migrations):
        raise BackupUnusable("this database has the form of a newer release: restore into an empty one")


def _load(env: Mapping[str, str], folder: BackupFolder, program: Path, watch: Watch) -> None:
    """Let pg_restore load the rows of every table but that of migrations, all or none."""
    with tempfile.TemporaryDirectory() as scratch:
        listed, wanted = Path(scratch, "listed"), Path(scratch, "wanted")
        only: list[str | Path] = [program, "--data-only", "--schema=ledger"]
        run([*only, "--list", f"--file={listed}", folder.database.absolute()], env)
        lines = [line for line in listed.read_text().splitlines() if _NOT_LOADED not in line]
        wanted.write_text("\n".join(sorted(lines, key=lambda line: _LOADED_FIRST not in line)))
        options = ("--single-transaction", "--exit-on-error", "--verbose", f"--use-list={wanted}")
        run([*only, *options, "--dbname=", folder.database.absolute()], env, watch)

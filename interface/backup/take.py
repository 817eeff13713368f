"""Taking a backup while everything goes on: one snapshot, from which pg_dump and the manifest both speak."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import psycopg

from application.store.clock import now
from application.store.inventory import inventory
from domain.moment import rfc3339
from interface.backup.copy_progress import OnTable, TableCopy, Watch, extents
from interface.backup.manifest import BackupFolder, Manifest, OnBytes
from interface.backup.pg_programs import environment, run
from interface.postgres.binaries import clients

_APPLIED: Final = "select coalesce(array_agg(number order by number), '{}') from ledger.migrations"
_DERIVED: Final = "views*.*"
"""Schemas that can be rebuilt from the rest: their tables are kept, their rows are not."""


def back_up(
    dsn: str, folder: BackupFolder, bindir: Path | None, on_table: OnTable, on_bytes: OnBytes
) -> Manifest:
    """Write a backup of the ledger at this address, its owner's, into a new folder; whole, or nothing is left.

    `bindir`: where PostgreSQL's programs are, if it is set. Everything acknowledged before this was called is in it.
    """
    with psycopg.connect(dsn) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        taken_at, held = rfc3339(now()), inventory(connection)
        [(applied,)] = connection.execute(_APPLIED)
        tables = extents(connection)
        programs = clients(bindir, connection.info.server_version // 10_000)
        folder.make()
        try:
            _dump(connection, programs.folder / "pg_dump", folder, tables, on_table)
            manifest = Manifest(
                taken_at=taken_at, contents=held, migrations=applied, pg_dump=programs.major,
                tables=tables, files=folder.hashes(on_bytes),
            )  # fmt: skip
            folder.write(manifest)
        except BaseException:
            shutil.rmtree(folder.path)
            raise
    return manifest


def _dump(
    connection: psycopg.Connection[Any],
    program: Path,
    folder: BackupFolder,
    tables: dict[str, TableCopy],
    on_table: OnTable,
) -> None:
    """Let pg_dump write what this connection's transaction sees."""
    [(snapshot,)] = connection.execute("select pg_export_snapshot()")
    options = (
        f"--snapshot={snapshot}",
        "--format=directory",
        f"--file={folder.database.absolute()}",
        "--verbose",
    )
    watch = Watch(connection, tables, on_table)
    run([program, *options, f"--exclude-table-data={_DERIVED}"], environment(connection), watch)

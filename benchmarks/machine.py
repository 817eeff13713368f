"""The PostgreSQL that everything is measured on, and what machine it was."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from application.crypto.keys import Keys
from application.recording.ledger import Ledger
from application.store.migrate import migrate
from domain.rules.rulebook import england
from interface.postgres import EmbeddedPostgres
from interface.postgres.binaries import choose
from interface.postgres.os_account import account_for
from interface.settings import Settings, from_environment
from interface.wiring.open_ledger import opened

_LEDGER: Final = "benchmarks"
"""The name of every ledger here."""
_PLACE: Final = Path("/var/tmp")
"""Where a disk is: on many systems /tmp is memory, and a commit there costs nothing."""
_NUMBERS: Final = itertools.count(1)


@dataclass(frozen=True)
class Machine:
    """A server as `ledger run` starts it, with secrets; any number of ledgers in it."""

    postgres: EmbeddedPostgres
    keys_file: Path
    pgbench: Path

    def dsn(self, database: str) -> str:
        """The owner's address of a database."""
        return make_conninfo(self.postgres.dsn, dbname=database)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as the owner; the rows of the last, if it gives any."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new_ledger(self) -> str:
        """The address of a migrated, founded, otherwise empty ledger in a database of its own."""
        name = f"ledger_{next(_NUMBERS)}"
        self.execute(f"create database {name}")
        migrate(self.dsn(name))
        with self.opened(self.dsn(name)) as ledger:
            ledger.initialise(england().text)
        return self.dsn(name)

    def opened(self, dsn: str) -> AbstractContextManager[Ledger]:
        """The ledger at an address, for a while."""
        return opened(self.settings(dsn))

    def settings(self, dsn: str) -> Settings:
        """How any part of the program finds the ledger at an address."""
        kept = self.keys_file.with_name(f"{database_of(dsn)}.checkpoint")
        return Settings(name=_LEDGER, dsn=dsn, keys=self.keys_file, checkpoint=kept)

    def described(self) -> dict[str, Any]:
        """What a figure must be read with; nothing that names the machine."""
        [(version, fsync, commit)] = self.execute(
            "select current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit')"
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return {
            "date": date.today().isoformat(),  # noqa: DTZ011  the reader's own calendar
            "cores": os.cpu_count(),
            "memory_gib": round(memory, 1),
            "load_before": round(os.getloadavg()[0], 2),
            "python": platform.python_version(),
            "postgresql": version,
            "fsync": fsync,
            "synchronous_commit": commit,
        }


def database_of(dsn: str) -> str:
    """The name of the database at an address."""
    return str(conninfo_to_dict(dsn)["dbname"])


@contextmanager
def machine() -> Iterator[Machine]:
    """A server in a folder that is gone afterwards."""
    bindir = from_environment().pg_bindir
    with tempfile.TemporaryDirectory(prefix="ledger-bench-", dir=_PLACE) as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's account passes through
        keys_file = folder / "keys"
        Keys.new(keys_file)
        postgres = EmbeddedPostgres(folder / "data", bindir)
        try:
            postgres.start()
            yield Machine(postgres, keys_file, _pgbench(postgres, bindir))
        finally:
            postgres.remove()


def _pgbench(postgres: EmbeddedPostgres, bindir: Path | None) -> Path:
    """The pgbench that belongs to the server's own binaries."""
    folder = postgres.folder
    found = choose(bindir, account_for(folder.cluster), folder.made_by()).folder / "pgbench"
    subprocess.run([found, "--version"], check=True, capture_output=True)
    return found

"""A real PostgreSQL for the whole run, and a migrated database to itself for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo

from application.crypto.keys import Keys
from application.recording.ledger import Ledger
from application.store.migrate import migrate
from domain.rules.rulebook import england
from interface.postgres import EmbeddedPostgres
from tests.support.databases import Databases, template

_NUMBERS = itertools.count(1)

settings.register_profile("ledger", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ledger")
"""How long an example takes says something of the machine and of what else it does, nothing of us."""


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A run that a script starts with & ignores interrupts, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


CHROMIUM: Final = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a browser where there is none. `.ci/run` installs one, so that there nothing is left out."""
    if CHROMIUM is None:
        kept = [item for item in items if not item.path.name.startswith("test_browser_")]
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if CHROMIUM is None:
        terminalreporter.write_line("Tests in a browser are left out: install chromium to run them.")


class Server:
    """The PostgreSQL of the tests: the trial's own, which can be stopped and crashed."""

    def __init__(self, folder: Path) -> None:
        bindir = os.environ.get("LEDGER_PG_BINDIR")
        self._embedded = EmbeddedPostgres(folder, Path(bindir) if bindir else None)
        self.start()

    def start(self) -> None:
        """Start, and return when it answers."""
        self._embedded.start()
        self._dsn = self._embedded.dsn

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: in good order, or with SIGQUIT as in a crash."""
        process = self._embedded._process
        assert process is not None
        process.send_signal(how)
        process.wait()
        self._embedded.stop()

    def remove(self) -> None:
        """Stop, and leave nothing."""
        self._embedded.remove()

    def dsn(self, database: str) -> str:
        """The owner's address of a database; the same after a restart."""
        return make_conninfo(self._dsn, dbname=database)

    def execute(self, statement: str) -> None:
        """Run a statement as the owner, outside any database of a test."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of this run, with the migrated database that the tests' own are copied from."""
    server = Server(tmp_path_factory.mktemp("postgres") / "data")
    try:
        server.execute("create database migrated")
        migrate(server.dsn("migrated"))
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def databases(postgres: Server) -> Databases:
    """Migrated databases in which nothing is recorded."""
    return Databases(postgres.dsn("postgres"), template(postgres.dsn("migrated"), "migrated"))


@pytest.fixture
def empty_dsn(postgres: Server) -> Iterator[str]:
    """The owner's address of an empty database."""
    name = f"t{next(_NUMBERS)}"
    postgres.execute(f"create database {name} template template0")
    yield postgres.dsn(name)
    postgres.execute(f"drop database {name} with (force)")


@pytest.fixture
def dsn(databases: Databases) -> Iterator[str]:
    """The owner's address of a migrated database in which nothing is recorded."""
    taken = databases.take()
    yield taken
    databases.give_back(taken)


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the secrets made for this run."""
    file = tmp_path_factory.mktemp("keys") / "secrets.json"
    Keys.new(file)
    return file


@pytest.fixture(scope="session")
def keys(secrets: Path) -> Keys:
    """Secrets made for this run."""
    return Keys.load(secrets)


@pytest.fixture
def open_ledger(dsn: str, keys: Keys) -> Iterator[Callable[..., Ledger]]:
    """Open one more ledger on the test's database, as another process would; all are closed at the end."""
    opened: list[Ledger] = []

    def open_(**given: float) -> Ledger:
        opened.append(Ledger(dsn, keys, "test", **given))
        return opened[-1]

    yield open_
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(open_ledger: Callable[..., Ledger]) -> Ledger:
    """A founded ledger: positions 1 and 2 are its own."""
    ledger = open_ledger()
    ledger.initialise(england().text)
    return ledger

"""A database that answers and refuses: commands say what is wrong with it, and not that it cannot be reached."""

from __future__ import annotations

import json

import psycopg
import pytest

from application.store.database import Unreachable
from domain.rules.rulebook import england
from interface.cli import main
from interface.cli.support.exit_status import run_command
from interface.settings import from_environment
from interface.wiring.open_ledger import opened

READ_ONLY = "default_transaction_read_only = on"
NO_ROOM = "temp_file_limit = '64kB'"


@pytest.fixture
def founded(dsn, secrets, monkeypatch):
    """Run commands on a founded ledger whose database has a setting."""
    for name, value in (("DSN", dsn), ("KEYS", secrets), ("NAME", "test")):
        monkeypatch.setenv(f"LEDGER_{name}", str(value))
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)

    def run(setting, *arguments):
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute(f"alter database {owner.info.dbname} set {setting}".encode())
        try:
            return main([*arguments])
        finally:
            with psycopg.connect(
                f"{dsn} options='-c default_transaction_read_only=off'", autocommit=True
            ) as owner:
                owner.execute(f"alter database {owner.info.dbname} reset all".encode())

    return run


@pytest.mark.parametrize(
    ("setting", "said", "advice"),
    [
        (READ_ONLY, "the database is read-only", "Connect to the primary"),
        (NO_ROOM, "temporary file size exceeds", "make room"),
    ],
)
def test_the_doctor_says_what_is_wrong(founded, capsys, setting, said, advice):
    assert founded(setting, "doctor", "--json") == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["writing"]["level"] == "bad"
    assert said in checks["writing"]["finding"]
    assert advice in checks["writing"]["advice"]
    assert "database" not in checks


def test_a_rebuild_says_that_the_database_takes_no_writes(founded, capsys):
    assert founded(READ_ONLY, "rebuild", "--check") == 1
    said = capsys.readouterr().err
    assert "in a read-only transaction" in said
    assert "Connect to the primary" in said
    assert "reached" not in said


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (psycopg.errors.DiskFull("No space"), 1,
         "The database refused: DiskFull 53100. Make room on the disk of the database.\n"),
        (psycopg.errors.TooManyConnections("x"), 1,
         "The database refused: TooManyConnections 53300. Raise max_connections, or end other connections.\n"),
        (psycopg.OperationalError("connection failed: it is away"), 4, "The database cannot be reached: it is away\n"),
        (psycopg.errors.AdminShutdown("x"), 4, "The database cannot be reached: x\n"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_from_what_is_away(capsys, error, status, said, wrapped):
    def fail():
        if wrapped:
            raise Unreachable("the database cannot be reached") from error
        raise error

    assert run_command(fail) == status
    assert capsys.readouterr().err == said


def test_no_value_is_repeated_from_an_error(capsys):
    def fail():
        raise psycopg.errors.InvalidTextRepresentation('invalid input syntax: "Jane Smith"')

    assert run_command(fail) == 1
    assert "Jane" not in capsys.readouterr().err

"""`ledger doctor`: what is wrong with a deployment."""

from __future__ import annotations

import psycopg

from application.access.spool import Spool
from interface.cli import main
from tests.support.deployed_commands import found

pytest_plugins = ["tests.support.command_fixtures"]


def test_the_doctor_names_disclosures_that_are_not_in_the_access_log(
    ledger_at, tmp_path, monkeypatch, capsys
):
    found()
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setenv("LEDGER_BREAK_GLASS", str(spool))
    assert ledger_at(["doctor"]) == 0
    assert "ok    break glass" in capsys.readouterr().out
    Spool(spool).keep(b"{}")
    assert ledger_at(["doctor"]) == 1
    assert "bad   break glass" in capsys.readouterr().out


def test_doctor_finds_a_sound_deployment_good_and_names_what_is_not(ledger_at, dsn, answer, tmp_path, capsys):
    found()
    assert ledger_at(["doctor", "--json"]) == 0
    levels = {check["name"]: check["level"] for check in answer()["checks"]}
    assert "bad" not in levels.values()
    assert levels["ledger"] == levels["migrations"] == levels["entries"] == "ok"
    (tmp_path / "ledger.keys").chmod(0o644)
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("grant insert on ledger.entries to ledger_service")
    assert ledger_at(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "bad   secrets" in said
    assert "bad   roles" in said


def test_doctor_knows_secrets_of_another_ledger_and_a_missing_migration(
    ledger_at, dsn, answer, tmp_path, monkeypatch
):
    found()
    assert main(["keys", "new", str(tmp_path / "other.keys")]) == 0
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "other.keys"))
    assert ledger_at(["doctor", "--json"]) == 1
    assert {check["name"] for check in answer()["checks"] if check["level"] == "bad"} == {"ledger"}
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("delete from ledger.migrations where number = 4")
    assert ledger_at(["doctor", "--json"]) == 1
    assert "migrations" in {check["name"] for check in answer()["checks"] if check["level"] == "bad"}


def test_doctor_says_what_it_can_of_a_deployment_whose_database_does_not_answer(
    ledger_at, answer, tmp_path, monkeypatch
):
    monkeypatch.setenv("LEDGER_DSN", f"host={tmp_path} user=u password=hidden-word")
    assert ledger_at(["doctor", "--json"]) == 4
    checks = {check["name"]: check for check in answer()["checks"]}
    assert checks["secrets"]["level"] == "ok"
    assert checks["database"]["level"] == "bad"
    assert checks["database"]["finding"].startswith(
        "The database cannot be reached: No such file or directory."
    )
    assert "hidden-word" not in str(checks)

"""`ledger migrate` and `ledger tokens`: what an operator does first."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import make_conninfo

from tests.support.deployed_commands import deployed

pytest_plugins = ["tests.support.command_fixtures"]


def test_migrate_applies_what_is_missing_once(empty_dsn, tmp_path, monkeypatch, answer):
    run = deployed(empty_dsn, tmp_path, monkeypatch)
    assert run(["migrate", "--json"]) == 0
    assert answer()["applied"][0] == "0001_tables"
    assert run(["migrate", "--json"]) == 0
    assert answer() == {"applied": []}


def test_a_part_that_finds_no_migrations_says_what_to_run(empty_dsn, tmp_path, monkeypatch, capsys):
    run = deployed(empty_dsn, tmp_path, monkeypatch)
    for part in ("serve", "follow"):
        assert run([part, "--wait", "0"]) == 1
        assert "ledger migrate" in capsys.readouterr().err


def test_a_part_whose_login_was_granted_nothing_says_what_to_grant(ledger_at, dsn, monkeypatch, capsys):
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("create role ledger_stranger login")
        try:
            monkeypatch.setenv("LEDGER_DSN", make_conninfo(dsn, user="ledger_stranger"))
            assert ledger_at(["follow", "--wait", "0"]) == 1
            assert "grant it ledger_service and ledger_follower" in capsys.readouterr().err
        finally:
            owner.execute("drop role ledger_stranger")


def test_a_credential_is_made_listed_and_revoked(ledger_at, answer, capsys):
    given = ["--role", "recorder", "--role", "reader", "--namespace", "E08000025", "--source", "urn:x:lcs"]
    assert ledger_at(["tokens", "new", *given, "--label", "case system", "--days", "30", "--json"]) == 0
    made = answer()
    assert made["token"].startswith("ledger_")
    assert made["roles"] == ["reader", "recorder"]
    assert made["namespace"] == "E08000025"
    assert ledger_at(["tokens", "list", "--json"]) == 0
    [listed] = answer()["items"]
    assert listed["id"] == made["id"]
    assert "token" not in listed
    assert ledger_at(["tokens", "revoke", made["id"], "--json"]) == 0
    assert answer() == {"revoked": 1, "revoked_before": 0}
    assert ledger_at(["tokens", "list", "--json"]) == 0
    assert answer() == {"items": []}
    assert ledger_at(["tokens", "revoke", "c_unknown"]) == 1
    assert "no credential c_unknown" in capsys.readouterr().err


def test_a_token_can_carry_a_purpose_of_the_list(ledger_at, answer, capsys):
    assert ledger_at(["tokens", "new", "--role", "reader", "--purpose", "care", "--json"]) == 0
    assert answer()["purpose"] == "care"
    assert ledger_at(["tokens", "list"]) == 0
    assert "purpose care" in capsys.readouterr().out
    assert ledger_at(["tokens", "new", "--role", "reader", "--purpose", "curiosity"]) == 2
    assert "safeguarding" in capsys.readouterr().err

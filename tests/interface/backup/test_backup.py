"""Backup and restore as operators use them: taken while events come in, refused when damaged or of another ledger."""

from __future__ import annotations

import dataclasses
import gzip
import json
import threading
from pathlib import Path

import msgspec
import pytest

from application.crypto.keys import Keys
from application.projections.follower import Follower
from application.recording.ledger import WrongLedger
from application.recording.outcomes import Duplicate, Recorded
from domain.errors import NotRecorded
from domain.rules.rulebook import england
from interface.backup.manifest import BackupFolder
from interface.cli import main
from interface.settings import from_environment
from interface.trial.installation import Trial
from interface.wiring.open_ledger import opened
from interface.wiring.sealers import sealer
from tests.support.primary_and_standby import rows
from tests.support.sealed_ledgers import change
from tests.support.submission_builder import submission
from tests.support.waiting import until

LINES = "select position, line from ledger.entries order by position"


@pytest.fixture
def deployed(dsn, tmp_path, monkeypatch):
    """A founded ledger, named in the environment, with secrets of its own; gives it opened."""
    secrets = tmp_path / "ledger.keys"
    Keys.new(secrets)
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(secrets))
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)
        yield ledger


@pytest.fixture
def run(capsys):
    """Run a command with --json; its status and what it answered, or what it said when that was no answer."""

    def run(*arguments):
        capsys.readouterr()
        status = main([*map(str, arguments), "--json"])
        said = capsys.readouterr()
        return status, json.loads(said.out) if said.out else said.err

    return run


@pytest.fixture
def trial(tmp_path):
    """A new folder for a trial, which is deleted afterwards wherever its database lies."""
    made = Trial(tmp_path / "restored", from_environment())
    yield made
    made.remove()


@pytest.fixture
def backup(deployed, run, tmp_path):
    """A backup of a ledger with three entries beside its own two."""
    deployed.record([submission(episode=f"ME-{n}", note="hidden words") for n in range(3)])
    status, _ = run("backup", tmp_path / "backup")
    assert status == 0
    return tmp_path / "backup"


def test_a_backup_taken_while_events_come_in_holds_all_that_was_acknowledged_before(
    deployed, dsn, run, tmp_path, trial
):
    acknowledged, done = [], threading.Event()

    def post():
        while not done.is_set():
            [outcome] = deployed.record([submission(episode=f"ME-{len(acknowledged) % 9}")])
            acknowledged.append(outcome.receipt.position)

    posting = threading.Thread(target=post)
    posting.start()
    until(lambda: len(acknowledged) > 30)
    before = acknowledged[-1]
    status, taken = run("backup", tmp_path / "backup")
    until(lambda: acknowledged[-1] > taken["position"])
    done.set()
    posting.join()
    assert status == 0
    assert taken["position"] >= before

    assert run("restore", tmp_path / "backup", "--data", trial.data)[0] == 0
    with trial.postgres:
        restored = rows(trial.postgres.dsn, LINES)
        assert restored == rows(dsn, LINES)[: taken["position"]]
        assert [position for position, _ in restored] == list(range(1, taken["position"] + 1))
        Follower(trial.postgres.dsn).catch_up()
        status, rebuilt = run("rebuild", "--data", trial.data)
        assert (status, rebuilt["differences"], rebuilt["episodes"]) == (0, [], 9)


def test_a_restored_ledger_goes_on_where_the_backup_ended(deployed, backup, run, empty_dsn, monkeypatch):
    lost = submission()
    deployed.record([lost])
    monkeypatch.setenv("LEDGER_DSN", empty_dsn)
    assert run("restore", backup)[0] == 0
    with opened(from_environment()) as restored:
        [again, new] = restored.record([lost, submission(episode="ME-NEW", child="C-NEW", note="words")])
    assert isinstance(again, Recorded), "what was acknowledged after the backup is posted again"
    assert (again.receipt.position, new.receipt.position) == (6, 7)
    with opened(from_environment()) as restored:
        assert isinstance(restored.record([lost])[0], Duplicate)


def test_a_verified_restore_is_the_history_that_was_sealed(deployed, run, tmp_path, empty_dsn, monkeypatch):
    deployed.record([submission()])
    sealer(from_environment()).catch_up()
    run("backup", tmp_path / "backup")
    monkeypatch.setenv("LEDGER_DSN", empty_dsn)
    status, said = run("restore", tmp_path / "backup", "--verify")
    assert (status, said["verdict"], said["position"], said["sealed"]) == (0, "good", 3, 3)


def test_a_verified_restore_says_from_where_on_sealed_entries_are_not_in_it(
    deployed, backup, run, empty_dsn, monkeypatch
):
    deployed.record([submission()])
    sealer(from_environment()).catch_up()
    monkeypatch.setenv("LEDGER_DSN", empty_dsn)
    status, said = run("restore", backup, "--verify")
    assert (status, said["verdict"]) == (1, "disagrees")
    assert [(one["kind"], one["position"]) for one in said["findings"]] == [("against", 6)]


def test_a_backup_of_a_database_that_is_read_only_is_read_only_where_it_is_put_back(
    deployed, dsn, run, tmp_path, empty_dsn, monkeypatch
):
    change(dsn, "insert into ledger.halts default values")
    assert run("backup", tmp_path / "backup")[0] == 0
    monkeypatch.setenv("LEDGER_DSN", empty_dsn)
    assert run("restore", tmp_path / "backup")[0] == 0
    with opened(from_environment()) as restored, pytest.raises(NotRecorded, match="ledger recover"):
        restored.record([submission()])


def test_no_secret_and_no_personal_word_is_in_a_backup(backup, tmp_path):
    kept = json.loads((tmp_path / "ledger.keys").read_text())
    hidden = [kept["signing"], kept["lookup"], kept["keks"]["1"], "hidden words"]
    files = [file for file in backup.rglob("*") if file.is_file()]
    assert {file.relative_to(backup).parts[0] for file in files} == {"backup.json", "database"}
    for file in files:
        held = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        assert not any(secret.encode() in held for secret in hidden)
    assert backup.stat().st_mode & 0o077 == 0


def _flip(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[len(held) // 2] ^= 1
    file.write_bytes(held)


def _largest(folder: Path) -> Path:
    return max((folder / "database").iterdir(), key=lambda file: file.stat().st_size)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: _flip(_largest(folder)), "is not as it was backed up"),
        (lambda folder: _largest(folder).unlink(), "is missing"),
        (lambda folder: (folder / "database" / "more").touch(), "is not as it was backed up"),
        (lambda folder: _flip(folder / "backup.json"), "backup.json"),
        (lambda folder: (folder / "backup.json").unlink(), "cut short"),
    ],
    ids=["a byte", "a file", "one too many", "the manifest", "cut short"],
)
def test_a_damaged_backup_is_refused_before_anything_is_made(backup, run, trial, damage, sentence):
    damage(backup)
    status, said = run("restore", backup, "--data", trial.data)
    assert status == 1
    assert sentence in said
    assert not trial.data.exists()


def test_secrets_or_a_name_of_another_ledger_are_named_as_such(backup, run, trial, tmp_path, monkeypatch):
    Keys.new(tmp_path / "other.keys")
    status, said = run("restore", backup, "--data", trial.data, "--keys", tmp_path / "other.keys")
    assert (status, said) == (1, "This is the ledger 'ledger', and the secrets given are another's.\n")
    monkeypatch.setenv("LEDGER_NAME", "elsewhere")
    status, said = run("restore", backup, "--data", trial.data)
    assert (status, said) == (
        1,
        "This is the ledger 'ledger', not 'elsewhere': set LEDGER_NAME to its name.\n",
    )
    assert not trial.data.exists()


def test_a_ledger_with_a_name_is_restored_and_goes_on_without_being_told_it(
    dsn, run, trial, tmp_path, monkeypatch
):
    Keys.new(tmp_path / "ledger.keys")
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "ledger.keys"))
    monkeypatch.setenv("LEDGER_NAME", "kent")
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)
        assert run("backup", tmp_path / "backup")[0] == 0
    monkeypatch.delenv("LEDGER_NAME")
    status, said = run("restore", tmp_path / "backup", "--data", trial.data, "--verify")
    assert (status, said["findings"], said["key"].partition("/")[0]) == (3, [], "kent")  # nothing is sealed
    assert run("verify", "--data", trial.data)[0] in {0, 3}
    trial.start()  # as `ledger run --data` does
    with opened(trial.settings) as ledger:
        assert isinstance(ledger.record([submission()])[0], Recorded)
    assert run("verify", "--data", trial.data)[0] in {0, 3}  # beside the running database
    monkeypatch.setenv("LEDGER_NAME", "essex")
    other = Trial(trial.data, from_environment())
    other.join()
    with pytest.raises(WrongLedger, match="set LEDGER_NAME"), opened(other.settings) as ledger:
        ledger.initialise(england().text)


def test_nothing_is_restored_over_anything(backup, run, trial):
    status, said = run("restore", backup)
    assert (status, "something is recorded in this database" in said.lower()) == (1, True)
    assert run("restore", backup, "--data", trial.data)[0] == 0
    status, said = run("restore", backup, "--data", trial.data)
    assert (status, "There is a trial in" in said) == (1, True)
    status, said = run("backup", backup)
    assert (status, "is there already" in said) == (1, True)


def test_a_restore_that_failed_leaves_nothing_and_can_be_done_again(
    backup, run, tmp_path, empty_dsn, monkeypatch
):
    broken = tmp_path / "broken"
    broken.mkdir()
    for program, script in (
        ("pg_dump", "echo 'pg_dump (PostgreSQL) 99.0'"),
        ("pg_restore", "echo 'pg_restore: error: it broke' >&2; exit 1"),
    ):
        (broken / program).write_text(f"#!/bin/sh\n{script}\n")
        (broken / program).chmod(0o755)
    monkeypatch.setenv("LEDGER_DSN", empty_dsn)
    with monkeypatch.context() as while_broken:
        while_broken.setenv("LEDGER_PG_BINDIR", str(broken))
        assert run("restore", backup) == (1, "PostgreSQL's pg_restore failed: pg_restore: error: it broke.\n")
    assert run("restore", backup)[0] == 0


def test_what_a_backup_does_not_hold_although_it_says_so_is_noticed_and_no_trial_is_left(backup, run, trial):
    folder = BackupFolder(backup)
    manifest = folder.read()
    (backup / "backup.json").unlink()
    more = dataclasses.replace(manifest.contents, position=manifest.contents.position + 1)
    folder.write(msgspec.structs.replace(manifest, contents=more))
    status, said = run("restore", backup, "--data", trial.data)
    assert (status, "not what the backup says that it holds" in said) == (1, True)
    assert list(trial.data.iterdir()) == []


def test_a_ledger_in_which_nothing_is_recorded_leaves_no_backup(dsn, run, tmp_path, monkeypatch):
    monkeypatch.setenv("LEDGER_DSN", dsn)
    status, said = run("backup", tmp_path / "backup")
    assert (status, said) == (1, "Nothing is recorded in this database.\n")
    assert not (tmp_path / "backup").exists()

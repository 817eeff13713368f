"""A database put back to an earlier state: reads only, until a new epoch begins that says what was left."""

from __future__ import annotations

import json
import threading

import psycopg
import pytest

from application.crypto.checkpoint import Checkpoint
from application.crypto.keys import Keys, KeysUnusable
from application.crypto.signed_note import Note, Verifier
from application.merkle_log.recovery import CannotRecover
from application.merkle_log.tree_builder import DatabaseRolledBack, SealingRefused
from application.store.line_codec import read_line
from interface.cli import main
from interface.cli.commands.doctor import ledger as recorded
from interface.cli.commands.doctor.check import Level
from interface.wiring.sealers import sealers
from tests.support.http_client import SUBJECT, bad, event
from tests.support.memory_tree import GrowingTree
from tests.support.sealed_ledgers import change, lines
from tests.support.waiting import until

pytest_plugins = ["tests.support.installation_fixtures"]

BEGAN = "update ledger.entries set line = convert_to({}, 'UTF8') where position = 5"
MORE_LEFT = BEGAN.format("""replace(convert_from(line, 'UTF8'), '"size":4', '"size":99')""")
OTHER_ROOT = BEGAN.format(
    """regexp_replace(convert_from(line, 'UTF8'), '("size":4,"root":").{8}', '\\100000000')"""
)
OTHER_NOTE = BEGAN.format("""replace(convert_from(line, 'UTF8'), '"note":"test/1', '"note":"nest/1')""")
BY_LINE = "select line from ledger.entries where position = %s"


def halted(installation):
    """The sealer looks, and stops recording."""
    with pytest.raises(DatabaseRolledBack):
        installation.seal()


def verify(installation, monkeypatch, capsys, *options):
    """`ledger verify` in JSON: its status and answer."""
    monkeypatch.setenv("LEDGER_DSN", installation.settings.dsn)
    capsys.readouterr()
    status = main(["verify", "--json", *map(str, options)])
    return status, json.loads(capsys.readouterr().out)


def test_reading_goes_on_and_neither_recording_nor_sealing_does(lost):
    back, _ = lost
    halted(back)
    api = back.api()
    assert api.get("/v1/episodes").status_code == 200
    assert api.get(f"/v1/episodes/{SUBJECT}0/history").status_code == 200
    answer = api.post(event(id="new"))
    bad(answer, "not-recorded", "until its operators have run `ledger recover`")
    assert answer.headers["Retry-After"]
    bad(api.batch([event(id="new-1"), event(id="new-2")]), "not-recorded", "an earlier or another state")
    assert api.post(event(id="kept-0", subject=f"{SUBJECT}0")).get_json()["status"] == "duplicate"
    assert len(lines(back.ledger)) == 4
    halted(back)


def test_another_sealer_that_knows_nothing_does_not_seal_it_either(lost, tmp_path):
    back, _ = lost
    assert back.api().post(event(id="before-anybody-looked")).get_json()["position"] == 5
    halted(back)
    (tmp_path / "ledger.keys.checkpoint").unlink()
    with pytest.raises(psycopg.Error, match="not the state that was released"):
        back.seal()
    assert len(back.ledger.database.rows("select from ledger.checkpoints where log = 1")) == 1


def test_after_recovery_both_go_on_in_a_new_epoch_with_a_new_key(lost):
    back, _ = lost
    old = back.note()
    halted(back)
    root = GrowingTree(lines(back.ledger)).root()
    done = back.recover()
    assert (done.epoch, done.position, done.lost) == (2, 5, 3)
    [(line,)] = back.ledger.database.rows(BY_LINE, (5,))
    began = read_line(line)
    assert began.type == "ledger.epoch-began.v1"
    keys = Keys.load(back.keys)
    assert {name: began.data[name] for name in ("epoch", "reason", "note", "size", "root", "key")} == {
        "epoch": 2, "reason": "backup_restored", "note": old, "size": 4, "root": root.hex(),
        "key": keys.verifier_key("test/2", 2),
    }  # fmt: skip
    assert began.data["access"]["size"] >= 1
    assert Verifier.read(began.data["key"]).public != keys.signer("test/1").verifier.public
    assert back.api().post(event(id="lost-0", subject=f"{SUBJECT}0")).status_code == 201
    back.api().get("/v1/episodes")
    assert back.seal()["episode"] == 6
    note = Note.read(back.note())
    assert Checkpoint.read(note) == Checkpoint("test/2", 6, GrowingTree(lines(back.ledger)).root())
    assert keys.signer("test/2", 2).verifier.signed(note)
    assert Checkpoint.read(Note.read(back.note(".access"))).origin == "test/access/2"
    assert back.api().get("/v1/ledger").get_json()["origin"] == "test/2"


def test_no_size_is_signed_twice_with_different_roots_in_one_name(lost, dsn):
    back, _ = lost
    halted(back)
    back.recover()
    back.api().post(event(id="other", subject=f"{SUBJECT}9"))
    back.seal()
    signed = {}
    for address in (dsn, back.settings.dsn):
        with psycopg.connect(address) as owner:
            for (text,) in owner.execute("select note from ledger.checkpoints"):
                origin, size, root = Checkpoint.read(Note.read(text))
                assert signed.setdefault((origin, size), root) == root
    assert ("test/1", 7) in signed
    assert ("test/2", 6) in signed


def test_a_receipt_of_what_is_gone_is_answered_as_lost_and_the_event_is_posted_again(lost):
    back, receipts = lost
    halted(back)
    back.recover()
    back.seal()
    api = back.api()
    for receipt in receipts:
        path = f"{receipt['proof']}?leaf_hash={receipt['leaf_hash']}"
        bad(api.get(path), "lost-in-recovery", "above position 4 are lost. Epoch 2 began there")
    assert api.get(receipts[0]["proof"]).get_json()["leaf_hash"] != receipts[0]["leaf_hash"]
    bad(api.get(receipts[2]["proof"]), "lost-in-recovery", "Post the event again")
    bad(api.get("/v1/ledger/proofs/99"), "not-found", "no entry at this position")
    again = api.post(event(id="lost-0", subject=f"{SUBJECT}0")).get_json()
    assert (again["status"], again["position"]) == ("recorded", 6)
    back.seal()
    assert api.get(f"{again['proof']}?leaf_hash={again['leaf_hash']}").status_code == 200
    bad(api.get(f"/v1/ledger/proofs/4?leaf_hash={'0' * 64}"), "not-found", "another leaf hash")
    bad(api.get("/v1/ledger/proofs/2?leaf_hash=ab"), "invalid-query", "64 hex digits")


def test_verify_says_what_happened(lost, monkeypatch, capsys, tmp_path):
    back, _ = lost
    old = tmp_path / "kept"
    old.write_text(back.note())
    halted(back)
    back.recover()
    back.seal()
    keys = Keys.load(back.keys)
    status, said = verify(back, monkeypatch, capsys, "--key", keys.verifier_key("test/2", 2))
    assert (status, said["findings"]) == (0, [])
    assert said["epochs"] == [
        {"epoch": 2, "position": 5, "reason": "backup_restored", "survived": 4, "released": 7}
    ]
    status, said = verify(back, monkeypatch, capsys, "--key", keys.verifier_key("test/1"))
    assert (status, said["verdict"]) == (3, "signer unknown")
    status, said = verify(back, monkeypatch, capsys, "--against", old)
    assert status == 1
    [finding] = said["findings"]
    assert (finding["kind"], finding["position"]) == ("against", 5)
    assert finding["found"] == "epoch 2, begun here: backup_restored"
    main(["verify"])
    assert (
        "Epoch 2 began at position 5 (backup_restored): 4 entries were left of 7." in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("tampering", "kinds"),
    [
        ("update ledger.checkpoints set epoch = 3 where epoch = 2 and log = 1", {"signature"}),
        ("update ledger.checkpoints set epoch = 1 where epoch = 2 and log = 1", {"signature", "checkpoint"}),
        *((one, {"epoch", "leaf_hash", "tile", "checkpoint"}) for one in (MORE_LEFT, OTHER_ROOT, OTHER_NOTE)),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_epochs_is_found(lost, monkeypatch, capsys, tampering, kinds):
    back, _ = lost
    halted(back)
    back.recover()
    back.seal()
    change(back.settings.dsn, tampering)
    status, said = verify(back, monkeypatch, capsys)
    assert (status, {finding["kind"] for finding in said["findings"]}) == (1, kinds)


def test_a_running_sealer_goes_on_by_itself_once_it_is_recovered(lost, caplog):
    back, _ = lost
    stop = threading.Event()
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in sealers(back.settings).values()]
    for thread in threads:
        thread.start()
    try:
        until(lambda: "the database is an earlier state" in caplog.text)
        back.recover()
        until(lambda: Checkpoint.read(Note.read(back.note())).origin == "test/2")
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_second_recovery_never_uses_a_number_again(lost, copy_of, install):
    back, _ = lost
    backup = copy_of(back.settings.dsn)
    halted(back)
    assert back.recover().epoch == 2
    back.seal()
    again = install(backup)
    with pytest.raises(DatabaseRolledBack, match=r"of epoch 1\. Epoch 2 has begun"):
        again.seal()
    assert again.recover("backup_restored_again").epoch == 3
    assert again.seal()["episode"] == 5
    assert Checkpoint.read(Note.read(again.note())).origin == "test/3"


def test_a_host_without_the_new_key_does_not_seal(lost):
    back, _ = lost
    old = Keys.load(back.keys)
    halted(back)
    back.recover()
    back.keys.write_text(json.dumps(old.as_json()))
    with pytest.raises(KeysUnusable, match="no signing key of epoch 2"):
        back.seal()


def test_a_key_that_did_not_begin_the_epoch_does_not_seal_it(lost):
    back, _ = lost
    halted(back)
    back.recover()
    held = Keys.load(back.keys).as_json()
    back.keys.write_text(json.dumps(held | {"later": {"2": [held["lookup"]]}}))
    with pytest.raises(SealingRefused, match="the ledger, or its epoch, began with another name or key"):
        back.seal()


def test_what_an_earlier_epoch_signed_and_never_released_stays_unreleased(lost):
    back, _ = lost
    change(back.settings.dsn, "update ledger.checkpoints set released_at = null where log = 1")
    halted(back)
    back.recover()
    back.seal()
    query = "select epoch, size from ledger.checkpoints where log = 1 and released_at is not null"
    assert back.ledger.database.rows(query) == [(2, 5)]


def test_nothing_is_recovered_where_nothing_is_lost(dsn, install):
    whole = install(dsn)
    whole.seal()
    change(dsn, "insert into ledger.halts default values")
    bad(whole.api().post(event()), "not-recorded", "ledger recover")
    assert whole.recover() == (None, None, 0)
    assert whole.api().post(event()).status_code == 201
    assert whole.seal()["episode"] == 3


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("delete from ledger.entries where position = 3", "missing after position 2"),
        (
            "update ledger.entries set leaf_hash = sha256(leaf_hash) where position = 3",
            "differ from the kept checkpoint",
        ),
    ],
)
def test_what_does_not_fit_together_is_not_gone_on_from(lost, damage, words):
    back, _ = lost
    halted(back)
    change(back.settings.dsn, damage)
    before = back.keys.read_text()
    with pytest.raises(CannotRecover, match=words):
        back.recover()
    assert back.keys.read_text() == before
    bad(back.api().post(event()), "not-recorded", "ledger recover")


def test_a_checkpoint_outside_that_is_not_ours_is_not_recovered_from(lost):
    back, _ = lost
    back.keys.with_name("ledger.keys.checkpoint").write_text("something else")
    with pytest.raises(SealingRefused, match="is not signed with the key given"):
        back.recover()


def test_it_is_recovered_only_where_the_last_checkpoint_is_kept(lost, tmp_path):
    back, _ = lost
    halted(back)
    (tmp_path / "ledger.keys.checkpoint").unlink()
    with pytest.raises(CannotRecover, match="run it where `ledger follow` keeps it"):
        back.recover()
    bad(back.api().post(event()), "not-recorded", "ledger recover")


def test_killed_before_the_entry_is_there_it_begins_again_with_another_number(lost, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    back, _ = lost
    halted(back)
    monkeypatch.setattr("application.merkle_log.recovery.append", die)
    with pytest.raises(KeyboardInterrupt):
        back.recover()
    monkeypatch.undo()
    assert Keys.load(back.keys).epoch == 2
    assert back.keys.stat().st_mode & 0o777 == 0o600
    bad(back.api().post(event()), "not-recorded", "ledger recover")
    assert back.recover().epoch == 3
    assert back.seal()["episode"] == 5


def test_the_doctor_says_that_recording_stopped(lost):
    back, _ = lost
    halted(back)

    def said():
        return [c for c in recorded.examine(back.ledger.database, back.settings) if c.name == "recording"]

    [check] = said()
    assert (check.level, "ledger recover" in check.advice) == (Level.BAD, True)
    back.recover()
    assert said() == []


def test_the_command_says_what_it_did(lost, monkeypatch, capsys):
    back, _ = lost
    halted(back)
    for name, value in (("DSN", back.settings.dsn), ("KEYS", back.keys), ("NAME", "test")):
        monkeypatch.setenv(f"LEDGER_{name}", str(value))
    assert main(["recover", "--reason", "no code"]) == 2
    assert main(["recover"]) == 2
    assert main(["recover", "--reason", "backup_restored", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"epoch": 2, "position": 5, "lost": 3}
    assert main(["recover", "--reason", "backup_restored"]) == 0
    assert capsys.readouterr().out.startswith("Nothing was lost")

"""Another key signs: announced by an entry that the key before it signed, and known to whoever verifies."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace

import pytest

from application.crypto.keys import Keys, KeysUnusable
from application.merkle_log.key_rotation import CannotRotate
from application.merkle_log.recovery import recover
from application.merkle_log.tree_builder import DatabaseRolledBack, SealingRefused
from application.recording.outcomes import Recorded
from application.store import tree_rows as tree
from application.store.line_codec import read_line
from application.store.logs import EPISODES, LOGS
from domain.moment import instant
from interface.cli import main
from interface.wiring.sealers import outside, sealers
from tests.support.sealed_ledgers import change
from tests.support.submission_builder import submission
from tests.support.waiting import until

pytest_plugins = ["tests.support.rotating_fixtures"]

DAY = 86_400


def test_the_key_before_signs_the_entry_that_names_the_next_and_then_no_more(installed):
    done = installed.rotate()
    assert (installed.grow(), installed.grow()) == (4, 5)
    assert installed.signers() == {2: {1}, 4: {1, 2}, 5: {2}}
    entry = read_line(
        installed.ledger.database.rows("select line from ledger.entries where position = 3")[0][0]
    )
    assert (entry.position, entry.type, entry.subject) == (
        done.position,
        "ledger.key-changed.v1",
        "ledger/test",
    )
    assert (entry.data["key"], entry.data["replaces"]) == (str(done.key), str(done.replaces))
    assert instant(entry.data["both_until"]) == done.both_until


def test_both_sign_for_as_long_as_was_asked(installed):
    installed.rotate(DAY)
    assert (installed.grow(), installed.grow()) == (4, 5)
    assert installed.signers() == {2: {1}, 4: {1, 2}, 5: {1, 2}}
    installed.rotate(DAY)
    installed.grow()
    assert installed.signers()[7] == {1, 2, 3}


def test_two_changes_under_one_checkpoint_are_vouched_for_by_each_key_before(installed):
    installed.rotate()
    installed.rotate()
    installed.grow()
    installed.grow()
    assert installed.signers() == {2: {1}, 5: {1, 2, 3}, 6: {3}}
    assert installed.found() == {}


def test_killed_before_the_entry_the_same_key_is_recorded_the_next_time(installed):
    made = Keys.with_signing_key(installed.settings.keys, 1, 2)
    assert installed.grow() == 3
    done = installed.rotate()
    held = Keys.load(installed.settings.keys).signer("test/1").each()
    assert [each.verifier for each in held] == [done.replaces, done.key]
    assert held[1].verifier == made.signer("test/1").each()[1].verifier
    installed.grow()
    assert (installed.signers(), installed.found()) == ({2: {1}, 3: {1}, 5: {1, 2}}, {})


def test_a_key_is_made_once_whoever_asks_at_the_same_time(installed):
    file, made = installed.settings.keys, []
    threads = [
        threading.Thread(target=lambda: made.append(Keys.with_signing_key(file, 1, 2))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key.signing_keys(1)[1] for key in made} == {Keys.load(file).signing_keys(1)[1]}
    assert len(Keys.load(file).signing_keys(1)) == 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_sealer_without_the_new_key_waits_for_it(installed, tmp_path):
    old = tmp_path / "elsewhere.keys"
    shutil.copy(installed.settings.keys, old)
    elsewhere = sealers(replace(installed.settings, keys=old))["episode"]
    installed.rotate()
    with pytest.raises(SealingRefused, match="Copy the file from where `ledger keys rotate` ran"):
        elsewhere.catch_up()
    shutil.copy(installed.settings.keys, old)
    assert elsewhere.catch_up() == 3


def test_of_two_that_rotate_with_files_of_their_own_one_is_told(installed, tmp_path):
    other = tmp_path / "elsewhere.keys"
    shutil.copy(installed.settings.keys, other)
    installed.rotate()
    Keys.with_signing_key(other, 1, 2)
    with pytest.raises(CannotRotate, match="other signing keys than the ledger's entries name"):
        installed.rotate(settings=replace(installed.settings, keys=other))
    installed.grow()
    assert installed.found() == {}


def test_a_file_that_cannot_be_written_changes_nothing(installed):
    folder = installed.settings.keys.parent / "ledger.keys.new"
    folder.mkdir()  # in the place of the file that would be written
    with pytest.raises(KeysUnusable, match="cannot be written"):
        installed.rotate()
    folder.rmdir()
    assert len(Keys.load(installed.settings.keys).signing_keys(1)) == 1
    assert installed.ledger.entries.max_notification_id() == 2


def test_keys_change_while_events_arrive_and_two_sealers_run(installed):
    stop, outcomes = threading.Event(), []

    def post():
        for number in range(60):
            outcomes.extend(installed.ledger.record([submission(episode=f"ME-L{number}")]))

    works = [threading.Thread(target=post)]
    works += [
        threading.Thread(target=sealers(installed.settings)["episode"].run, args=(stop,)) for _ in range(2)
    ]
    for work in works:
        work.start()
    try:
        for _ in range(3):
            last = installed.rotate(DAY).position
            until(lambda at=last: _sealed(installed) >= at)
        works[0].join()
        until(lambda: _sealed(installed) == installed.ledger.entries.max_notification_id())
    finally:
        stop.set()
        for work in works:
            work.join()
    assert len(outcomes) == 60
    assert all(isinstance(each, Recorded) for each in outcomes)
    report = installed.verified()
    assert (report.findings, report.sealed, len(report.keys)) == ((), 65, 4)


def _sealed(installed):
    last = tree.released(installed.ledger.database.rows, EPISODES)
    return 0 if last is None else last.size


WITHOUT_THE_LAST = """
delete from ledger.event_ids where position = 4;
delete from ledger.stream_children s using ledger.entries e where e.stream_no = s.stream_no and e.position = 4;
delete from ledger.streams s using ledger.entries e where e.stream_no = s.no and e.position = 4;
delete from ledger.entries where position = 4;
update ledger.heads set position = 3 where log = 1;
delete from ledger.checkpoints where size = 4;
update ledger.tiles set hashes = substr(hashes, 1, 32 * 3) where log = 1
"""


def test_an_epoch_that_begins_has_a_key_of_its_own_and_then_others(installed):
    installed.rotate()
    sealers(installed.settings)["episode"].catch_up()
    assert installed.grow() == 4
    kept = {log.name: outside(installed.settings, log) for log in LOGS}
    change(installed.settings.dsn, WITHOUT_THE_LAST)
    with pytest.raises(DatabaseRolledBack):
        sealers(installed.settings)["episode"].catch_up()
    dsn, keys = installed.settings.dsn, installed.settings.keys
    assert recover(installed.ledger, dsn, keys, kept, "a_test", lambda *_: None).position == 4
    assert installed.grow() == 5
    done = installed.rotate()
    installed.grow()
    installed.grow()
    report = installed.verified(key=done.key)
    assert (report.findings, report.known, report.key) == ((), True, str(done.key))
    assert [(each["key"].split("+")[0], each["from"], each["to"]) for each in report.keys] == [
        ("test/1", 1, 2),
        ("test/1", 3, 3),
        ("test/2", 4, 5),
        ("test/2", 6, None),
    ]


def test_at_the_command_line(installed, monkeypatch, capsys):
    monkeypatch.setenv("LEDGER_DSN", installed.settings.dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(installed.settings.keys))
    monkeypatch.setenv("LEDGER_NAME", "test")
    old = installed.verified().key
    assert main(["keys", "rotate", "--overlap", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["position"], said["replaces"]) == (3, old)
    assert main(["keys", "rotate", "--overlap", "0"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("From entry 4 on, checkpoints are signed with\ntest/1+")
    installed.grow()
    assert main(["verify", "--key", old]) == 0
    told = capsys.readouterr().out
    assert f"Key  {old} from position 1 to 2\nKey  {said['key']} from position 3 to 3\n" in told
    assert main(["keys", "rotate", "--overlap", "-1"]) == 2

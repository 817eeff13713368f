"""Sealing: what is recorded comes under a signed root, once for each size, whatever happens meanwhile."""

from __future__ import annotations

import signal
import threading

import psycopg
import pytest

from application.crypto.checkpoint import Checkpoint
from application.crypto.keys import Keys
from application.crypto.signed_note import Note
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.merkle_log.tree_builder import SealingRefused
from application.store import tree_rows as tree
from application.store.database import Database
from application.store.logs import EPISODES
from domain.merkle import tree as merkle
from domain.merkle.tree import leaf_hash
from interface.cli.commands.doctor import ledger as recorded
from interface.cli.commands.doctor.check import Level, ok
from interface.cli.commands.follow import _sealing
from interface.settings import Settings, for_child, from_environment
from tests.support.memory_tree import GrowingTree
from tests.support.sealed_ledgers import change, lines, record
from tests.support.waiting import until

pytest_plugins = ["tests.support.sealing_fixtures"]

CHECKPOINTS = "select size, root, note, released_at is not null from ledger.checkpoints order by size"


def test_a_checkpoint_is_signed_over_the_root_of_every_line(ledger, sealer, keys, outside):
    record(ledger, 700)
    assert sealer.catch_up() == 702
    [(size, root, note, released)] = ledger.database.rows(CHECKPOINTS)
    assert (size, root, released) == (702, GrowingTree(lines(ledger)).root(), True)
    assert keys.signer("test/1").verifier.signed(Note.read(note))
    assert Checkpoint.read(Note.read(note)) == Checkpoint("test/1", 702, root)
    assert outside.read() == note


def test_it_goes_on_where_it_was_and_says_nothing_twice(ledger, sealer):
    sizes = []
    for count in (1, 253, 1, 1, 300):
        record(ledger, count)
        sizes += [sealer.catch_up()] * 2
    expected, checkpoints = GrowingTree(lines(ledger)), ledger.database.rows(CHECKPOINTS)
    assert [(size, root) for size, root, *_ in checkpoints] == [
        (size, expected.root(size)) for size in sorted(set(sizes))
    ]
    held = ledger.database.rows("select level, number, hashes from ledger.tiles")
    assert {(level, number): hashes for level, number, hashes in held} == expected.tiles


def test_a_step_takes_so_much_and_no_more(ledger, sealer, monkeypatch):
    monkeypatch.setattr("application.merkle_log.tree_builder.MOST", 256)
    record(ledger, 700)
    assert sealer.catch_up() == 702
    assert [size for size, *_ in ledger.database.rows(CHECKPOINTS)] == [256, 512, 702]


def test_two_sealers_at_once_sign_every_size_once(ledger, dsn, keys, tmp_path):
    stop, signer = threading.Event(), keys.signer(ledger.origin)
    sealers = [
        Sealer(dsn, EPISODES, lambda _: signer, CheckpointFile(tmp_path / f"checkpoint-{n}"))
        for n in range(2)
    ]
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in sealers]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            record(ledger, 10)
        last = ledger.entries.max_notification_id()
        until(lambda: (tree.released(ledger.database.rows, EPISODES) or (0, 0))[1] == last)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    grown = GrowingTree(lines(ledger))
    for size, root, note, _ in ledger.database.rows(CHECKPOINTS):
        assert root == grown.root(size)
        assert Checkpoint.read(Note.read(note)).root == root


def test_the_database_lets_nobody_seal_from_where_the_tree_no_longer_is(ledger, sealer, dsn):
    sealer.catch_up()
    record(ledger, 5)
    with psycopg.connect(dsn, autocommit=True) as late:
        grown = "select ledger.seal(1::smallint, {}, {}, '\\x00', '', '{{}}', '{{}}', '{{}}')"
        with pytest.raises(psycopg.Error, match="grown meanwhile"):
            late.execute(grown.format(0, 7))
        with pytest.raises(psycopg.Error, match="not so many entries"):
            late.execute(grown.format(2, 8))
        with pytest.raises(psycopg.Error, match="change instead of grow"):
            late.execute(
                "select ledger.seal(1::smallint, 2, 7, '\\x00', '', '{0}', '{0}', array['\\x0000'::bytea])"
            )
        with pytest.raises(psycopg.errors.UniqueViolation):
            late.execute("insert into ledger.checkpoints select * from ledger.checkpoints")
    assert sealer.catch_up() == 7


def test_nobody_else_may_seal_or_touch_what_is_sealed(ledger, sealer):
    sealer.catch_up()
    for statement in (
        "select ledger.seal(1::smallint, 2, 3, '\\x00', '', '{}', '{}', '{}')",
        "select ledger.released(1::smallint, 1, 2)",
        "update ledger.checkpoints set note = '' returning 1",
        "delete from ledger.tiles returning 1",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ledger.database.rows(statement)


def test_killed_between_commit_and_release_the_next_one_releases_first(ledger, sealer, outside, dsn):
    class Stops(CheckpointFile):
        def write(self, _note):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Sealer(dsn, EPISODES, sealer._signers, Stops(outside.path)).catch_up()
    assert tree.released(ledger.database.rows, EPISODES) is None
    assert outside.read() is None
    signed = tree.signed(ledger.database.rows, EPISODES)
    record(ledger, 1)
    assert sealer.catch_up() == 3
    assert tree.released_at_size(ledger.database.rows, EPISODES, 2) == signed._replace(is_released=True)


def test_it_seals_within_a_moment_and_through_a_crash_of_the_database(ledger, sealer, postgres):
    stop = threading.Event()
    thread = threading.Thread(target=sealer.run, args=(stop,))
    thread.start()
    try:
        until(lambda: tree.released(ledger.database.rows, EPISODES) is not None)
        postgres.stop(signal.SIGQUIT)
        postgres.start()
        record(ledger, 3)
        until(lambda: tree.released(ledger.database.rows, EPISODES).size == 5)
    finally:
        stop.set()
        thread.join()
    assert tree.released(ledger.database.rows, EPISODES).root == GrowingTree(lines(ledger)).root()


def test_a_database_that_came_back_shorter_is_not_sealed_again(ledger, sealer, dsn):
    record(ledger, 5)
    sealer.catch_up()
    change(dsn, "delete from ledger.checkpoints; delete from ledger.tiles")
    with pytest.raises(SealingRefused, match=r"sealed up to 0 entries\. 7 were released before"):
        sealer.catch_up()
    assert ledger.database.rows(CHECKPOINTS) == []


def test_a_database_that_came_back_different_is_not_sealed_again(ledger, sealer, dsn, keys, tmp_path):
    record(ledger, 5)
    sealer.catch_up()
    change(dsn, "delete from ledger.checkpoints; delete from ledger.tiles")
    change(dsn, "update ledger.entries set leaf_hash = sha256(leaf_hash) where position = 4")
    record(ledger, 1)
    elsewhere = Sealer(dsn, EPISODES, lambda _: keys.signer("test/1"), CheckpointFile(tmp_path / "another"))
    assert elsewhere.catch_up() == 8
    with pytest.raises(SealingRefused, match="first 7 entries are not those that were sealed before"):
        sealer.catch_up()


def test_what_it_refuses_is_said_once_and_reads_go_on(ledger, sealer, dsn, caplog):
    sealer.catch_up()
    change(dsn, "delete from ledger.checkpoints")
    stop = threading.Event()
    thread = threading.Thread(target=sealer.run, args=(stop,))
    thread.start()
    until(lambda: "nothing is sealed" in caplog.text)
    stop.set()
    thread.join()
    assert "the database is an earlier state" in caplog.text
    assert len(lines(ledger)) == 2


def test_an_entry_that_is_missing_is_not_sealed_over(ledger, sealer, dsn):
    record(ledger, 5)
    change(dsn, "delete from ledger.entries where position = 4")
    with pytest.raises(SealingRefused, match="entries are missing between positions 1 and 7"):
        sealer.catch_up()


@pytest.mark.parametrize("name", ["test/2", "other/1"])
def test_a_signer_of_another_name_is_refused(ledger, sealer, dsn, keys, outside, name):
    other = Sealer(dsn, EPISODES, lambda _: keys.signer(name), outside)
    with pytest.raises(SealingRefused, match="began with another name or key"):
        other.catch_up()
    sealer.catch_up()
    with pytest.raises(SealingRefused, match="not signed with the key given"):
        other.catch_up()


def test_a_checkpoint_that_was_forged_in_the_database_is_not_gone_on_from(ledger, sealer, dsn):
    sealer.catch_up()
    change(dsn, "update ledger.checkpoints set root = sha256(root)")
    with pytest.raises(SealingRefused, match="does not say what its row says"):
        sealer.catch_up()


def test_a_file_outside_that_is_not_ours_is_refused(sealer, outside):
    sealer.catch_up()
    outside.path.write_text("something else")
    with pytest.raises(SealingRefused, match="is not signed with the key given"):
        sealer.catch_up()


def test_the_doctor_says_when_nothing_is_sealed(ledger, sealer, dsn):
    owner = Database(dsn, role=None)

    def said():
        return next(check for check in recorded.examine(owner, Settings()) if check.name == "seal")

    assert said() == ok("seal", "0 of 2 under a signed checkpoint")
    change(dsn, "update ledger.entries set recorded_at = recorded_at - interval '70 seconds'")
    assert said().level is Level.BAD
    assert "0 of 2 under a signed checkpoint; the next has waited for 70 s" in said().finding
    sealer.catch_up()
    assert said() == ok("seal", "2 of 2 under a signed checkpoint")
    owner.close()


def test_a_follower_without_secrets_says_that_it_seals_nothing(dsn, capsys):
    assert _sealing(Settings(dsn=dsn)) == {}
    assert "LEDGER_KEYS is not set: nothing is sealed from here." in capsys.readouterr().err


def test_the_checkpoint_is_kept_beside_the_secrets_unless_said_otherwise(tmp_path):
    keys = tmp_path / "ledger.keys"
    Keys.new(keys)
    settings = from_environment({"LEDGER_KEYS": str(keys)})
    assert settings.outside == tmp_path / "ledger.keys.checkpoint"
    elsewhere = from_environment(
        {"LEDGER_KEYS": str(keys), "LEDGER_CHECKPOINT": "/var/lib/ledger/checkpoint"}
    )
    assert for_child(elsewhere)["LEDGER_CHECKPOINT"] == str(elsewhere.outside) == "/var/lib/ledger/checkpoint"


def test_a_leaf_is_what_the_stored_form_says(ledger):
    [(line, leaf)] = ledger.database.rows("select line, leaf_hash from ledger.entries where position = 1")
    assert leaf == leaf_hash(line) == merkle.leaf_hash(line)

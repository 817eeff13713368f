"""The access log under a tree and checkpoints of its own: sealed, verified and watched like the episode log."""

from __future__ import annotations

import json

import pytest

from application.access.log import AccessContext
from application.answers.disclosures import DisclosedRecords
from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Note
from application.merkle_log.sealer import Sealer
from application.merkle_log.tree_builder import SealingRefused
from application.store import tree_rows as tree
from application.store.database import Database
from application.store.logs import ACCESSES, EPISODES, read_origin
from interface.cli import main
from interface.cli.commands.doctor import ledger as recorded
from interface.cli.commands.doctor.check import Level, ok
from interface.settings import Settings
from interface.wiring.sealers import sealers
from tests.support.http_client import bad
from tests.support.memory_tree import GrowingTree
from tests.support.sealed_ledgers import change, flipped, record

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

LINES = "select line from ledger.access_entries order by position"
ORIGIN = "test/access/1"
OTHER_PURPOSE = """
update ledger.access_entries set line = convert_to(replace(convert_from(line, 'UTF8'), 'oversight', 'care'), 'UTF8')
"""


def read(ledger, count):
    """Have some children's records shown, one at a time."""
    record(ledger, 3)
    children = [row[0].hex for row in ledger.database.rows("select id from ledger.children order by id")]
    for n in range(count):
        reading = AccessContext(f"c_{n % 3}", "E08000025", "manager", "oversight", "/v1/obligations")
        assert ledger.access.record(reading, DisclosedRecords({*children[: n % 2]}, {n + 1}), 200)


@pytest.fixture
def verify(dsn, monkeypatch, capsys):
    """The command, in JSON; gives its status and answer."""
    monkeypatch.setenv("LEDGER_DSN", dsn)

    def verify(*options):
        capsys.readouterr()
        status = main(["verify", "--json", *map(str, options)])
        return status, json.loads(capsys.readouterr().out)

    return verify


def test_it_is_sealed_in_a_name_of_its_own_and_the_episode_log_is_left_alone(
    ledger, access_sealer, access_outside, keys
):
    read(ledger, 300)
    assert access_sealer.catch_up() == 300
    note = Note.read(access_outside.read())
    root = GrowingTree(line for (line,) in ledger.database.rows(LINES)).root()
    assert Checkpoint.read(note) == Checkpoint(ORIGIN, 300, root)
    assert keys.signer(ORIGIN).verifier.signed(note)
    assert tree.signed(ledger.database.rows, EPISODES) is None


def test_each_log_of_an_installation_has_a_sealer_and_a_file_of_its_own(ledger, dsn, keys, tmp_path):
    file = tmp_path / "keys"
    file.write_text(json.dumps(keys.as_json()))
    file.chmod(0o600)
    read(ledger, 2)
    named = sealers(Settings(name="test", dsn=dsn, keys=file))
    assert {name: sealer.catch_up() for name, sealer in named.items()} == {"episode": 5, "access": 2}
    for suffix, origin in (("", "test/1"), (".access", ORIGIN)):
        note = Note.read((tmp_path / f"keys.checkpoint{suffix}").read_text())
        assert Checkpoint.read(note).origin == origin


def test_a_key_that_did_not_found_the_ledger_does_not_seal_it(ledger, dsn, keys, access_outside):
    read(ledger, 1)
    for name in ("test/1", "other/access/1"):
        stranger = keys.signer(name)
        with pytest.raises(SealingRefused, match="began with another name or key"):
            Sealer(dsn, ACCESSES, lambda _, signer=stranger: signer, access_outside).catch_up()


def test_verifying_reads_both_logs(ledger, sealer, access_sealer, verify, keys):
    read(ledger, 3)
    sealer.catch_up()
    access_sealer.catch_up()
    read(ledger, 1)
    status, said = verify("--key", keys.verifier_key("test/1"))
    assert (status, said["verdict"], said["entries"]) == (0, "good", 8)
    access = said["access"]
    assert (access["entries"], access["sealed"], access["checkpoints"]) == (4, 3, 1)
    assert access["key"] == keys.verifier_key(ORIGIN)


def test_a_checkpoint_of_the_access_log_is_held_against_that_log(
    ledger, sealer, access_sealer, access_outside, verify, dsn
):
    read(ledger, 3)
    sealer.catch_up()
    access_sealer.catch_up()
    assert verify("--against", access_outside.path)[0] == 0
    change(dsn, "delete from ledger.checkpoints where log = 2; delete from ledger.tiles where log = 2")
    change(
        dsn,
        "delete from ledger.access_entries where position = 3; update ledger.heads set (position, recorded_at) ="
        " (select position, recorded_at from ledger.access_entries where position = 2) where log = 2",
    )
    change(dsn, "delete from ledger.access_children where position = 3")
    change(dsn, "delete from ledger.access_days where principal = 'c_2'")
    assert verify()[0] == 3
    status, said = verify("--against", access_outside.path)
    assert (status, [(f["kind"], f["position"]) for f in said["findings"]]) == (1, [("access against", 3)])


@pytest.mark.parametrize(
    ("tampering", "disagree"),
    [
        (f"{OTHER_PURPOSE} where position = 2",
         {"access beside", "access leaf_hash", "access tile", "access checkpoint"}),
        ("update ledger.access_entries set principal = 'c_9' where position = 2", {"access beside", "access days"}),
        ("update ledger.access_entries set purpose = 'audit' where position = 1", {"access beside"}),
        ("update ledger.access_entries set read_at = read_at - interval '1 second' where position = 1",
         {"access beside"}),
        ("delete from ledger.access_children where position = 2", {"access beside", "access days"}),
        ("delete from ledger.access_days", {"access days"}),
        ("insert into ledger.access_days values ('2026-01-01', 'c_1', 'x', 1)", {"access days"}),
        ("delete from ledger.access_entries where position = 2", {"access missing", "access days"}),
        (f"update ledger.tiles set hashes = {flipped('hashes', '32')} where log = 2",
         {"access tile"}),
    ],
)  # fmt: skip
def test_tampering_with_who_looked_is_found(ledger, sealer, access_sealer, verify, dsn, tampering, disagree):
    read(ledger, 4)
    sealer.catch_up()
    access_sealer.catch_up()
    change(dsn, tampering)
    status, said = verify()
    assert (status, {finding["kind"] for finding in said["findings"]}) == (1, disagree)


def test_an_auditor_may_keep_its_checkpoint_and_nobody_else(ledger, sign_in, access_sealer, access_outside):
    bad(sign_in("auditor").get("/v1/access/checkpoint"), "behind", "No checkpoint was signed yet")
    read(ledger, 1)
    access_sealer.catch_up()
    answer = sign_in("auditor").get("/v1/access/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True) == access_outside.read()
    bad(sign_in("reader").get("/v1/access/checkpoint"), "forbidden", "role")


def test_the_doctor_says_when_it_is_not_sealed(ledger, access_sealer, dsn):
    owner = Database(dsn, role=None)
    read(ledger, 2)

    def said():
        return next(c for c in recorded.examine(owner, Settings()) if c.name == "access seal")

    change(dsn, "update ledger.access_entries set recorded_at = recorded_at - interval '70 seconds'")
    assert said().level is Level.BAD
    access_sealer.catch_up()
    assert said() == ok("access seal", "2 of 2 under a signed checkpoint")
    owner.close()


def test_the_follower_may_read_hashes_of_the_access_log_and_nothing_else_of_it(dsn):
    follower = Database(dsn, role="ledger_follower")
    assert follower.rows("select position, leaf_hash from ledger.access_entries") == []
    with pytest.raises(Exception, match="permission denied"):
        follower.rows("select line from ledger.access_entries")
    follower.close()


def test_an_origin_is_taken_apart():
    found = read_origin("ledger.example/access/2")
    assert found is not None
    assert (found.name, found.log, found.epoch, found.of(EPISODES)) == (
        "ledger.example", ACCESSES, 2, "ledger.example/2",
    )  # fmt: skip
    assert [read_origin(text) for text in ("ledger", "a/b/1", "a/access", "a/0", "a/access/access/1")] == [
        None
    ] * 5

"""Verifying: whatever is done to the database, past every trigger, is found, with the first position that disagrees."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Note, Signer
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.rebuilt_tree import RebuiltTree
from application.merkle_log.sealer import Sealer
from application.store import tree_rows as tree
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from domain.merkle.tree import leaf_hash
from tests.support.discrepancies import found, verified
from tests.support.memory_tree import GrowingTree
from tests.support.sealed_ledgers import change, flipped, lines

pytest_plugins = ["tests.support.sealing_fixtures"]

SWAP = """
update ledger.entries set position = case position when 40 then -41 else -40 end where position in (40, 41);
update ledger.entries set position = -position where position < 0
"""
HASHED = "update ledger.entries set leaf_hash = sha256('\\x00'::bytea || line)"
ONE_MORE = """
insert into ledger.entries select 606, stream_no, 99, child_no, recorded_at, line, leaf_hash
from ledger.entries where position = 605
"""
OF_ONE = "select stream_no from ledger.entries where position = 40"


def test_a_ledger_that_nobody_touched_agrees(sealed, dsn, keys):
    report = verified(dsn)
    assert report.findings == ()
    assert (report.entries, report.sealed, report.checkpoints) == (605, 602, 3)
    assert report.root == GrowingTree(lines(sealed)).root()
    assert report.key == keys.verifier_key("test/1")


@pytest.mark.parametrize(
    ("tampering", "disagree"),
    [
        # one byte of an event; then its hash too; then also the tile, as far as it can be made to fit
        ("update ledger.entries set line = set_byte(line, 60, 65) where position = 300",
         {"line": 300, "leaf_hash": 300, "tile": 300, "checkpoint": 302}),
        (f"update ledger.entries set line = set_byte(line, 60, 65) where position = 300; {HASHED}",
         {"line": 300, "tile": 300, "checkpoint": 302}),
        ("update ledger.entries set line = '\\x00' where position = 300",
         {"line": 300, "leaf_hash": 300, "tile": 300, "checkpoint": 302}),
        # a leaf hash, a tile, a checkpoint
        ("update ledger.entries set leaf_hash = sha256(leaf_hash) where position = 20", {"leaf_hash": 20}),
        (f"update ledger.tiles set hashes = {flipped('hashes', '32 * 9')} where level = 0 and number = 1",
         {"tile": 266}),
        (f"update ledger.tiles set hashes = {flipped('hashes', '32')} where level = 1",
         {"tile": 512}),
        ("update ledger.tiles set hashes = substr(hashes, 1, 64) where level = 0 and number = 2", {"tile": 515}),
        ("delete from ledger.tiles where level = 0 and number = 0", {"tile": 1}),
        ("insert into ledger.tiles select log, 2, 0, hashes from ledger.tiles where level = 1", {"tile": 602}),
        ("update ledger.checkpoints set root = sha256(root) where size = 302", {"checkpoint": 302}),
        ("update ledger.checkpoints set note = replace(note, '302', '303') where size = 302",
         {"checkpoint": 302, "signature": 302}),
        ("update ledger.checkpoints set note = 'nothing' where size = 302", {"checkpoint": 302}),
        ("update ledger.checkpoints set note = (select note from ledger.checkpoints where size = 152) where size = 302",
         {"checkpoint": 302}),
        # entries that are gone
        ("delete from ledger.entries where position = 605", {"missing": 605, "stream": 305, "idempotency": 604}),
        ("delete from ledger.entries where position > 600; update ledger.heads set position = 600",
         {"checkpoint": 601, "stream": 303, "idempotency": 600, "children of the episode": 600, "head": 600}),
        ("delete from ledger.entries where position = 40",
         {"missing": 40, "version": 190, "stream": 340, "idempotency": 605, "children of the episode": 340}),
        (f"delete from ledger.entries where stream_no = ({OF_ONE})",
         {"missing": 40, "stream": 605, "idempotency": 605, "children of the episode": 605}),
        # two that changed places, with and without what they say of their place
        (SWAP, {"line": 40, "idempotency": 40, "tile": 40, "checkpoint": 152}),
        # one more
        (ONE_MORE, {"line": 606, "head": 606, "idempotency": 606, "version": 606, "stream": 606}),
        # what is beside the entries
        ("update ledger.entries set recorded_at = recorded_at - interval '1 day' where position = 50", {"line": 50}),
        ("update ledger.event_ids set position = 9000 where position = 8", {"idempotency": 8}),
        ("delete from ledger.event_ids where position = 8", {"idempotency": 8}),
        ("insert into ledger.event_ids values (1, 'another', 8, null)", {"idempotency": 8}),
        ("update ledger.streams set version = 9 where subject like '%/ME-7'", {"stream": 310}),
        ("update ledger.heads set position = 700", {"missing": 606}),
        ("update ledger.heads set position = 604", {"head": 605}),
    ],
)  # fmt: skip
def test_tampering_is_found_with_the_first_position(sealed, dsn, tampering, disagree):
    change(dsn, tampering)
    assert found(dsn) == disagree


def reseal(dsn, ledger, signer, outside):
    """Build tiles and checkpoints anew over what is there, at the same sizes, as if nothing had been sealed before."""
    change(dsn, "delete from ledger.tiles; delete from ledger.checkpoints")
    sealer = Sealer(dsn, EPISODES, lambda _: signer, outside)
    sealer.catch_up()
    assert tree.released(ledger.database.rows, EPISODES).size == ledger.entries.max_notification_id()


ALTERED = """
update ledger.entries set line = convert_to(replace(convert_from(line, 'UTF8'), 'T22:30:00', 'T23:30:00'), 'UTF8')
where position = 300
"""
REPLACED = f"{ALTERED}; {HASHED}"
FOUNDED = """
update ledger.entries set line = convert_to(replace(convert_from(line, 'UTF8'), '{}', '{}'), 'UTF8') where position = 1
"""


def test_a_consistent_replacement_without_the_key_shows_in_the_signatures(
    sealed, dsn, keys, outside, tmp_path
):
    kept = Note.read(outside.read())
    stolen = Signer("test/1", Ed25519PrivateKey.generate())
    own, false = keys.verifier_key("test/1"), str(stolen.verifier)
    change(dsn, f"{REPLACED}; {FOUNDED.format(own, false)}; {HASHED}")
    reseal(dsn, sealed, stolen, CheckpointFile(tmp_path / "theirs"))
    assert found(dsn) == {}  # consistent, and signed by nobody knows whom
    assert found(dsn, TrustAnchors(key=keys.signer("test/1").verifier)) == {"signature": 605}
    assert found(dsn, TrustAnchors(checkpoint=kept)) == {"against": 602}
    change(dsn, f"{FOUNDED.format(false, own)}; {HASHED}")
    assert found(dsn)["signature"] == 605


def test_only_a_checkpoint_from_outside_shows_a_rewind_or_a_stolen_key(sealed, dsn, keys, outside, tmp_path):
    kept = Note.read(outside.read())
    trusted = TrustAnchors(keys.signer("test/1").verifier, kept)
    assert found(dsn, trusted) == {}
    change(dsn, REPLACED)
    reseal(dsn, sealed, keys.signer("test/1"), CheckpointFile(tmp_path / "theirs"))
    assert found(dsn, trusted._replace(checkpoint=None)) == {}
    assert found(dsn, trusted) == {"against": 602}


def test_a_ledger_of_yesterday_is_found_by_a_checkpoint_of_today(sealed, dsn, outside):
    kept = Note.read(outside.read())
    change(
        dsn,
        """
        delete from ledger.event_ids where position > 302;
        update ledger.streams s set version = (select count(*) from ledger.entries e
            where e.stream_no = s.no and e.position <= 302);
        delete from ledger.entries where position > 302;
        delete from ledger.stream_children c using ledger.streams s where s.no = c.stream_no and s.version = 0;
        delete from ledger.streams s where version = 0;
        update ledger.heads set position = 302,
            recorded_at = (select recorded_at from ledger.entries where position = 302) where log = 1;
        delete from ledger.checkpoints where size > 302;
        delete from ledger.tiles where level = 0 and number > 1;
        update ledger.tiles set hashes = substr(hashes, 1, 32 * 46) where level = 0 and number = 1;
        update ledger.tiles set hashes = substr(hashes, 1, 32) where level = 1;
        """,
    )
    assert found(dsn) == {}
    assert found(dsn, TrustAnchors(checkpoint=kept)) == {"against": 303}


def test_a_checkpoint_of_another_ledger_or_key_is_said_to_be_one(sealed, dsn, outside):
    at = Checkpoint.read(Note.read(outside.read()))
    stranger = Signer("other/1", Ed25519PrivateKey.generate())
    foreign = Note.read(stranger.sign(at._replace(origin="other/1").text))
    assert found(dsn, TrustAnchors(checkpoint=foreign)) == {"against": 602}


def test_what_is_found_says_what_was_expected_and_never_what_was_recorded(sealed, dsn):
    before = dict(enumerate(lines(sealed), 1))[300]
    change(dsn, ALTERED)
    [hashed, *_] = [f for f in verified(dsn).findings if f.kind == "leaf_hash"]
    [line] = sealed.database.rows("select line from ledger.entries where position = 300")[0]
    assert (hashed.expected, hashed.found) == (leaf_hash(line).hex(), leaf_hash(before).hex())
    assert "ME-" not in json.dumps(verified(dsn).findings)


def test_memory_does_not_grow_with_what_is_wrong(sealed, dsn):
    change(dsn, "update ledger.entries set leaf_hash = sha256(leaf_hash)")
    [finding] = [f for f in verified(dsn).findings if f.kind == "leaf_hash"]
    assert (finding.position, finding.times) == (1, 605)


@given(st.lists(st.integers(0, 600), max_size=6))
def test_the_tree_that_is_rebuilt_piece_by_piece_is_the_tree(pieces):
    lines, rebuilt, full = [b"%d" % n for n in range(sum(pieces))], RebuiltTree(), {}
    grown = GrowingTree(lines)
    for piece in pieces:
        rebuilt.add([leaf_hash(line) for line in lines[rebuilt.size : rebuilt.size + piece]])
        assert rebuilt.root() == grown.root(rebuilt.size)
        full |= rebuilt.finished()
    assert {**full, **rebuilt.unfinished()} == grown.tiles

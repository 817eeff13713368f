"""Verifying from a checkpoint that was kept: what it covers is not read again, all that came after it is."""

from __future__ import annotations

import pytest

from application.crypto.signed_note import Note
from application.store import tree_rows as tree
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from tests.support.discrepancies import found, verified
from tests.support.sealed_ledgers import change, flipped

pytest_plugins = ["tests.support.sealing_fixtures"]

SIZES = (152, 302, 602)


@pytest.fixture
def kept(sealed):
    """Gives the checkpoint of a size, to begin with."""

    def kept(size):
        signed = tree.released_at_size(sealed.database.rows, EPISODES, size)
        return TrustAnchors(checkpoint=Note.read(signed.note), is_start=True)

    return kept


@pytest.mark.parametrize("size", SIZES)
def test_from_any_checkpoint_on_the_ledger_is_the_same(sealed, kept, dsn, size):
    report, whole = verified(dsn, kept(size)), verified(dsn)
    assert (report.findings, report.taken, report.known) == ((), size, True)
    assert (report.entries, report.sealed, report.root) == (605, 602, whole.root)
    assert report.checkpoints == len([each for each in SIZES if each > size])


@pytest.mark.parametrize(
    ("tampering", "disagree"),
    [
        ("update ledger.entries set line = set_byte(line, 60, 65) where position = 400",
         {"line": 400, "leaf_hash": 400, "tile": 400, "checkpoint": 602}),
        ("update ledger.entries set leaf_hash = sha256(leaf_hash) where position = 400", {"leaf_hash": 400}),
        ("delete from ledger.entries where position = 604",
         {"missing": 604, "stream": 304, "idempotency": 605}),
        ("delete from ledger.event_ids where position = 400", {"idempotency": 400}),
        ("update ledger.checkpoints set root = sha256(root) where size = 602", {"checkpoint": 602}),
        (f"update ledger.tiles set hashes = {flipped('hashes', '32 * 3')} where level = 0 and number = 2",
         {"tile": 516}),
        ("insert into ledger.tiles select log, 2, 0, hashes from ledger.tiles where level = 1", {"tile": 602}),
        ("update ledger.heads set position = 700", {"missing": 606}),
    ],
)  # fmt: skip
def test_what_was_done_after_it_is_found(sealed, kept, dsn, tampering, disagree):
    trusted = kept(302)
    change(dsn, tampering)
    assert found(dsn, trusted) == disagree


def test_what_it_covers_is_not_read_and_stays_proved_by_it_alone(sealed, kept, dsn):
    trusted = kept(302)
    change(dsn, "update ledger.entries set line = set_byte(line, 60, 65) where position = 20")
    assert found(dsn, trusted) == {}
    assert found(dsn) == {"line": 20, "leaf_hash": 20, "tile": 20, "checkpoint": 152}


@pytest.mark.parametrize(
    ("tampering", "disagree"),
    [
        (f"update ledger.tiles set hashes = {flipped('hashes', '32 * 9')} where level = 0 and number = 1",
         {"tile": 266}),
        ("delete from ledger.tiles where level = 1", {"tile": 256}),
    ],
)  # fmt: skip
def test_where_the_tiles_do_not_lead_to_it_all_is_read_to_say_where(sealed, kept, dsn, tampering, disagree):
    trusted = kept(302)
    change(dsn, tampering)
    report = verified(dsn, trusted)
    assert report.taken == 0
    assert {finding.kind: finding.position for finding in report.findings} == disagree


def test_at_the_last_checkpoint_the_end_of_the_tree_is_compared_too(sealed, kept, dsn):
    trusted = kept(602)
    change(dsn, "insert into ledger.tiles select log, 2, 0, hashes from ledger.tiles where level = 1")
    assert found(dsn, trusted) == {"tile": 602}

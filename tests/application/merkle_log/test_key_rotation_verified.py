"""What verifying says of keys that were changed: which was good for what, and what nobody vouches for."""

from __future__ import annotations

import pytest

from application.access.log import AccessContext
from application.answers.disclosures import DisclosedRecords
from application.crypto.keys import Keys
from application.crypto.signed_note import Note, Signer, Verifier
from application.recording.ledger import Ledger
from application.store.logs import ACCESSES
from domain.rules.rulebook import england
from interface.wiring.sealers import sealers
from tests.support.rotated_ledger import NOTES, RENOTED, only
from tests.support.sealed_ledgers import change

pytest_plugins = ["tests.support.rotating_fixtures"]


def test_verifying_knows_each_key_with_its_entries(installed):
    first = installed.verified().key
    second, third = (str(installed.rotate().key) for _ in range(2) if installed.grow())
    installed.grow()
    report = installed.verified()
    assert report.findings == ()
    assert report.keys == (
        {"key": first, "from": 1, "to": 3},
        {"key": second, "from": 4, "to": 5},
        {"key": third, "from": 6, "to": None},
    )
    assert report.key == third
    again = Ledger(installed.settings.dsn, Keys.load(installed.settings.keys), "test")
    again.initialise(england().text)  # it is still the ledger of this file
    again.close()
    for key in (first, second, third):
        known = installed.verified(key=Verifier.read(key))
        assert (known.findings, known.known) == ((), True)
    assert installed.found(key=_stranger().verifier) == {"signature": 2}


def test_a_key_that_is_named_and_has_signed_nothing_vouches_for_nothing(installed):
    key = installed.rotate().key
    report = installed.verified(key=key)
    assert (report.findings, report.known) == ((), False)
    installed.grow()
    assert installed.verified(key=key).known


def test_a_checkpoint_kept_from_before_the_change_is_still_good(installed):
    kept = installed.settings.outside.read_text()
    installed.rotate()
    installed.grow()
    installed.grow()
    for note in (kept, installed.settings.outside.read_text()):
        assert installed.found(checkpoint=Note.read(note)) == {}


def _stranger():
    return Signer("test/1", Keys({}, *[b"s" * 32] * 4).signer("test/1").key)


@pytest.mark.parametrize(("number", "size"), [(1, 5), (2, 4), (1, 4)])
def test_a_change_that_the_key_before_did_not_sign_disagrees(installed, number, size):
    installed.rotate()
    installed.grow()
    installed.grow()
    signer = Keys.load(installed.settings.keys).signer("test/1").each()[number - 1]
    note = dict(installed.ledger.database.rows(NOTES, (1,)))[size]
    change(installed.settings.dsn, RENOTED.format(only(note, signer), size))
    assert installed.found() == {"signature": size}


def test_a_key_that_no_entry_names_disagrees(installed):
    note = dict(installed.ledger.database.rows(NOTES, (1,)))[2]
    change(installed.settings.dsn, RENOTED.format(only(note, _stranger()), 2))
    assert installed.found() == {"signature": 2}


def test_the_access_log_is_signed_with_the_new_key_too_and_never_again_with_the_old_alone(installed):
    def show():
        reading = AccessContext("c_1", "E08000025", "manager", "oversight", "/v1/obligations")
        assert installed.ledger.access.record(reading, DisclosedRecords(set(), {1}), 200)
        return sealers(installed.settings)["access"].catch_up()

    assert show() == 1
    installed.rotate()
    assert show() == 2
    assert installed.verified(ACCESSES).findings == ()
    notes = dict(installed.ledger.database.rows(NOTES, (ACCESSES.number,)))
    old, new = Keys.load(installed.settings.keys).signer("test/access/1").each()
    assert [new.verifier.signed(Note.read(note)) for note in notes.values()] == [False, True]
    again = show()
    note = dict(installed.ledger.database.rows(NOTES, (ACCESSES.number,)))[again]
    change(installed.settings.dsn, RENOTED.replace("log = 1", "log = 2").format(only(note, old), again))
    [finding] = installed.verified(ACCESSES).findings
    assert (finding.kind, finding.position) == ("signature", again)

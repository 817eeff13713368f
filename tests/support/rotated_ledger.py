"""A ledger whose signing key is changed."""

from __future__ import annotations

import psycopg

from application.crypto.keys import Keys
from application.crypto.signed_note import Note
from application.merkle_log.key_rotation import rotate
from application.recording.ledger import Ledger
from application.store.database import as_role
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from application.verification.ledger import verify
from domain.rules.rulebook import england
from interface.settings import Settings
from interface.wiring.sealers import sealers
from tests.support.sealed_ledgers import record

NOTES = "select size, note from ledger.checkpoints where log = %s order by size"
RENOTED = "update ledger.checkpoints set note = '{}' where log = 1 and size = {}"


class Installed:
    """One ledger with its secrets in a file, sealed when told to."""

    def __init__(self, dsn, file):
        Keys.new(file)
        self.settings = Settings(name="test", dsn=dsn, keys=file)
        self.ledger = Ledger(dsn, Keys.load(file), "test")
        self.ledger.initialise(england().text)

    def rotate(self, overlap=0, settings=None):
        """As `ledger keys rotate` does it."""
        return rotate(self.ledger, (settings or self.settings).keys, overlap)

    def grow(self, count=1):
        """Record something and seal it; the size then."""
        record(self.ledger, count)
        return sealers(self.settings)["episode"].catch_up()

    def signers(self):
        """The numbers of the keys that signed each checkpoint, by its size."""
        keys = [each.verifier for each in Keys.load(self.settings.keys).signer("test/1").each()]
        return {
            size: {number for number, key in enumerate(keys, 1) if key.signed(Note.read(note))}
            for size, note in self.ledger.database.rows(NOTES, (EPISODES.number,))
        }

    def verified(self, log=EPISODES, **trusted):
        """The report of `ledger verify`."""
        dsn = as_role(self.settings.dsn, "ledger_service")
        with psycopg.connect(dsn, autocommit=True) as connection:
            return verify(connection, log, TrustAnchors(**trusted), lambda *_: None)

    def found(self, **trusted):
        """What disagrees: kind and position."""
        return {finding.kind: finding.position for finding in self.verified(**trusted).findings}


def only(note, signer):
    """The same checkpoint, signed by nobody else."""
    return signer.sign(Note.read(note).text)

"""Rotate: from an entry on, checkpoints are signed with a new key; the key before it vouches for that entry."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from application.crypto.keys import Keys
from application.crypto.signed_note import Verifier
from application.merkle_log.epochs import Epoch, epochs
from application.recording.ledger import Ledger
from application.recording.outcomes import RefusedOutcome
from application.store.logs import EPISODES
from domain.errors import LedgerError
from domain.facts.ledger_entries import KEY_CHANGED
from domain.moment import SECOND, Instant, rfc3339


class CannotRotate(LedgerError):
    """The secrets file is not the one of this ledger as it is now, or nothing is recorded yet."""


class Rotated(NamedTuple):
    """The change of key, as it is recorded."""

    position: int
    """The position of the entry that says so."""
    key: Verifier
    replaces: Verifier
    both_until: Instant
    """Until then checkpoints have both signatures."""


def rotate(ledger: Ledger, secrets: Path, overlap: int) -> Rotated:
    """Put a new signing key into the secrets file, then record that it signs; both keys sign for `overlap` seconds.

    The file comes first, so that no entry ever names a key that nobody holds. Killed between the two, the same call
    records the key that is in the file already. Raise CannotRotate, or KeysUnusable when the file cannot be written.
    """
    epoch = _epoch(ledger)
    number = len(epoch.verifiers(EPISODES)) + 1
    held = Keys.with_signing_key(secrets, epoch.number, number)
    *before, fresh = _verifiers(held, ledger, epoch.number)
    if before != epoch.verifiers(EPISODES):
        raise CannotRotate("the secrets file holds other signing keys than the ledger's entries name")
    until = (time.time_ns() // 1_000_000_000 + overlap) * SECOND
    data = {"key": str(fresh), "replaces": str(before[-1]), "both_until": rfc3339(until)}
    [outcome] = ledger.record([ledger.own_entry(KEY_CHANGED, f"key-{epoch.number}.{number}", data)])
    if isinstance(outcome, RefusedOutcome):
        raise outcome.problem
    change = _epoch(ledger).changes[number - 2]
    if change.key != fresh:
        raise CannotRotate(
            f"entry {change.position} names a key of another secrets file. Copy that file here"
        )
    return Rotated(change.position, change.key, before[-1], change.both_until)


def _epoch(ledger: Ledger) -> Epoch:
    """The epoch that the ledger is in."""
    if not (there := epochs(ledger.database.rows)):
        raise CannotRotate("nothing is recorded here yet: a ledger begins with the key of its secrets file")
    return there[-1]


def _verifiers(keys: Keys, ledger: Ledger, epoch: int) -> list[Verifier]:
    """The public keys that the secrets hold for an epoch, in their order."""
    return [each.verifier for each in keys.signer(EPISODES.origin(ledger.log_name, epoch), epoch).each()]

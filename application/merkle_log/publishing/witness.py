"""A witness as a place (C2SP tlog-witness): it cosigns a checkpoint once it saw that the log only grew up to it.

It remembers, of each log, the last checkpoint that it cosigned, and demands a proof of consistency with that. So
nobody, not even with the ledger's key, gets it to cosign two histories.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

import psycopg

from application.crypto.cosignature import Cosignature, Witness
from application.crypto.signed_note import NotANote, Note
from application.merkle_log.proofs import consistency
from application.merkle_log.publishing.http_exchange import Address, HttpReply
from application.merkle_log.publishing.target import Delivery, DeliveryFailed
from application.store import tree_rows as tree
from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint

_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,15})\n")
_CONFLICT: Final = 409
_REFUSALS: Final = {
    403: "the witness does not trust the key that signed the checkpoint: give it the ledger's verifier key",
    404: "the witness does not know this log: ask its operator to add the origin and its key",
    422: "the witness does not accept the proof that the log only grew: see `ledger verify`",
}
_KEEP: Final = """
insert into ledger.cosignatures (log, epoch, size, witness, cosigned_at, line)
values (%s, %s, %s, %s, to_timestamp(%s), %s) on conflict do nothing
"""


class WitnessTarget:
    """One witness, asked for its cosignatures."""

    def __init__(self, witness: Witness, address: Address) -> None:
        """Say by which key its answers are checked, and where it is: its submission prefix."""
        self._witness, self._address = witness, address / "add-checkpoint"
        self.name = f"witness {witness.name}"

    def take(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        checkpoint: SignedCheckpoint,
        before: Delivery | None,
    ) -> None:
        """Have the checkpoint cosigned, and keep the cosignature with it."""
        known = before.size if before is not None and before.epoch == checkpoint.epoch else 0
        answer = self._ask(connection, log, checkpoint, known)
        if answer.status == _CONFLICT:
            theirs = _their_size(answer, checkpoint, known)
            answer = self._ask(connection, log, checkpoint, theirs)
            if answer.status == _CONFLICT:
                _their_size(answer, checkpoint, theirs)
                raise DeliveryFailed("the witness cosigned another checkpoint meanwhile")
        if answer.status != 200:
            raise DeliveryFailed(_REFUSALS.get(answer.status, f"the answer was {answer.status}"))
        found = self._cosignature(checkpoint, answer)
        row = log.number, checkpoint.epoch, checkpoint.size, str(self._witness), *found
        connection.execute(_KEEP, row)

    def _ask(
        self, connection: psycopg.Connection[Any], log: Log, checkpoint: SignedCheckpoint, known: int
    ) -> HttpReply:
        """Ask with the proof that the tree of the size known to it is the beginning of this one."""
        hashes = consistency(tree.rows_of(connection), log, known, checkpoint.size) if known else []
        proof = [base64.b64encode(value).decode() for value in hashes]
        body = "\n".join([f"old {known}", *proof, "", checkpoint.note])
        return self._address.post(body.encode(), {"Content-Type": "text/plain; charset=utf-8"})

    def _cosignature(self, checkpoint: SignedCheckpoint, answer: HttpReply) -> Cosignature:
        """The witness's own, checked; lines of others do not matter."""
        try:
            found = self._witness.cosigned(
                Note.read(checkpoint.note + answer.body.decode("utf-8", "replace"))
            )
        except NotANote:
            found = None
        if found is None:
            raise DeliveryFailed("the witness gave no cosignature by the key that is set for it")
        return found


def read_witnesses(text: str) -> tuple[tuple[Witness, Address], ...]:
    """Witnesses from a text of verifier keys and addresses in turn, with white space between; ValueError."""
    keys, addresses = text.split()[::2], text.split()[1::2]
    try:
        found = tuple((Witness.read(key), Address(at)) for key, at in zip(keys, addresses, strict=True))
    except (ValueError, NotANote):
        raise ValueError(
            "must be, for each witness, its verifier key and its address, with spaces between"
        ) from None
    if len({witness.name for witness, _ in found}) < len(found):
        raise ValueError("must name each witness once")
    return found


def _their_size(answer: HttpReply, checkpoint: SignedCheckpoint, known: int) -> int:
    """Up to where the witness says that it has cosigned; NotTaken when there is no way from there to the checkpoint."""
    found = _SIZE.fullmatch(answer.body)
    if found is None:
        raise DeliveryFailed("the witness says that it knows another size or root, and not which")
    if (size := int(found[1])) == known:
        raise DeliveryFailed(f"the witness has cosigned another root of {size} entries: see `ledger verify`")
    if size > checkpoint.size:
        raise DeliveryFailed(
            f"the witness has cosigned {size} entries, the ledger's last checkpoint is of {checkpoint.size}."
            " The database is an earlier state, or somebody else signs"
        )
    return size

"""The signature over a bundle's manifest, so that nobody on the way can change what the ledger made of its entries.

It is a signed note as a checkpoint is, by the key that is valid at the checkpoint's size. But its name is another one
(`<ledger>/evidence/<epoch>`), and its second line is no number. So neither can be taken for the other.
"""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.crypto.keys import KeysUnusable
from application.crypto.signed_note import Signer, Verifier
from application.evidence.verify_bundle import MANIFEST
from application.merkle_log.epochs import epochs
from application.merkle_log.tree_builder import Signers
from application.store.database import Database
from application.store.logs import EPISODES, read_origin
from application.store.tree_rows import SignedCheckpoint
from domain.errors import Behind


class CannotSign(Behind):
    """The key that is valid at a checkpoint is not among the secrets of the one who makes the bundle."""


class Signing:
    """Signs what is made under checkpoints of one ledger."""

    def __init__(self, database: Database, signers: Signers) -> None:
        """Say where the entries are that name keys, and who signs in an epoch."""
        self._rows, self._signers = database.rows, signers

    def note(self, manifest: bytes, checkpoint: SignedCheckpoint) -> str:
        """The signed note over a manifest; CannotSign without the key that is good at that checkpoint."""
        [epoch] = [each for each in epochs(self._rows) if each.number == checkpoint.epoch]
        wanted = epoch.signing(EPISODES, checkpoint.size, checkpoint.size)[-1]
        held, origin = self._held(epoch.number), read_origin(wanted.name)
        if wanted not in held or origin is None:
            raise CannotSign(
                "the secrets here lack the present signing key. Copy the file from where `ledger keys rotate`"
                " or `ledger recover` ran"
            )
        signer = Signer(f"{origin.name}/evidence/{origin.epoch}", held[wanted])
        return signer.sign(f"{signer.name}\n{sha256(manifest).hexdigest()}  {MANIFEST}\n")

    def _held(self, epoch: int) -> dict[Verifier, Ed25519PrivateKey]:
        """The keys of an epoch that can be used here; none, when the secrets cannot be read."""
        try:
            return {signer.verifier: signer.key for signer in self._signers(epoch).each()}
        except KeysUnusable:
            return {}

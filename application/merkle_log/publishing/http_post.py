"""A web address as a place: each checkpoint is posted to it, signed as an HTTP message (RFC 9421).

The body is the signed note itself, which proves the same from any sender. The message's signature is by the same key.
It proves that the ledger sent it, to this address, at this time. So the receiver can refuse anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from application.crypto.signed_note import Note, Signer
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.target import Delivery, DeliveryFailed
from application.merkle_log.tree_builder import Signers
from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint

_COVERED: Final = ("@method", "@target-uri", "content-type", "content-digest")
_LABEL: Final = "ledger"
_TAG: Final = "episode-ledger-checkpoint"
"""For which application the signature was made: one of anything else does not pass for it."""


@dataclass(slots=True)
class _Request:
    """The message to sign, in the library's form."""

    method: str
    url: str
    headers: dict[str, str]


class HttpTarget:
    """An address that takes checkpoints; any answer of 2xx means that it has it."""

    name: Final = "url"

    def __init__(self, address: Address, signers: Callable[[Log], Signers]) -> None:
        """Say where, and who signs for each log."""
        self._address, self._signers = address, signers

    def take(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        checkpoint: SignedCheckpoint,
        before: Delivery | None,
    ) -> None:
        """Post the checkpoint."""
        del connection, before
        body = checkpoint.note.encode()
        request = _Request("POST", self._address.url, {"Content-Type": "text/plain; charset=utf-8"})
        _sign(request, body, self._newest(log, checkpoint))
        answer = self._address.post(body, request.headers)
        if not 200 <= answer.status < 300:
            raise DeliveryFailed(f"the answer was {answer.status}")

    def _newest(self, log: Log, checkpoint: SignedCheckpoint) -> Signer:
        """Return the newest key among those that signed the note."""
        note = Note.read(checkpoint.note)
        signers = self._signers(log)(checkpoint.epoch).each()
        return [signer for signer in signers if signer.verifier.signed(note)][-1]


def _sign(request: _Request, body: bytes, signer: Signer) -> None:
    """Add Content-Digest, Signature-Input and Signature; the key's id is the verifier key that anyone can check by."""
    key_id = str(signer.verifier)
    HTTPMessageSigner(
        signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: signer.key})
    ).sign(
        request, key_id=key_id, label=_LABEL, tag=_TAG, covered_component_ids=_COVERED, body=body
    )  # fmt: skip

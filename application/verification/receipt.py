"""Verify a receipt by itself: needs neither database nor network, only the key, from elsewhere, to know the signer."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Note, Verifier
from application.verification.discrepancies import Discrepancies, Discrepancy
from domain.errors import LedgerError
from domain.merkle.tree import proves_inclusion

_Hex = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class NoProof(LedgerError):
    """A file is no receipt, or one without a proof: a promise, not evidence."""


class ReceiptReport(NamedTuple):
    """The proof that a receipt holds, unless something disagrees."""

    position: int
    checkpoint: Checkpoint
    findings: tuple[Discrepancy, ...]


class _Proof(msgspec.Struct):
    position: int
    leaf_hash: _Hex
    index: int
    size: int
    root: _Hex
    hashes: list[_Hex]
    checkpoint: str


class _Receipt(msgspec.Struct):
    position: int
    leaf_hash: _Hex
    inclusion: _Proof | None = None


def verify_receipt(text: bytes, key: Verifier | None) -> ReceiptReport:
    """Check a receipt with `inclusion`; raise NoProof or NotANote when there is nothing to check."""
    try:
        receipt = msgspec.json.decode(text, type=_Receipt)
    except (msgspec.MsgspecError, ValueError):
        raise NoProof("this is not a receipt: JSON with position, leaf_hash and inclusion") from None
    proof = receipt.inclusion
    if proof is None:
        raise NoProof("the receipt holds no proof and is only a promise: fetch the route in `proof`")
    note, findings = Note.read(proof.checkpoint), Discrepancies()
    checkpoint = Checkpoint.read(note)
    _compare(receipt, proof, checkpoint, findings)
    if key is not None and not (key.signed(note) and key.name == checkpoint.origin):
        findings.add("signature", checkpoint.size, f"the signature of {key}", "none that is valid")
    return ReceiptReport(receipt.position, checkpoint, findings.by_position())


def _compare(receipt: _Receipt, proof: _Proof, checkpoint: Checkpoint, findings: Discrepancies) -> None:
    at = receipt.position
    findings.compare("receipt", at, receipt.leaf_hash, proof.leaf_hash)
    findings.compare("receipt", at, (at, at - 1), (proof.position, proof.index))
    findings.compare("checkpoint", at, (proof.size, proof.root), (checkpoint.size, checkpoint.root.hex()))
    leaf, *hashes = map(bytes.fromhex, [receipt.leaf_hash, *proof.hashes])
    if not proves_inclusion(leaf, at - 1, checkpoint.size, hashes, checkpoint.root):
        findings.add("inclusion", at, "hashes that lead to the checkpoint's root", "others")

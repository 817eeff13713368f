"""Schemas of the ledger itself and of its proofs (contract.md 1)."""

from __future__ import annotations

from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional


class LedgerSchema(AnswerSchema):
    """The ledger: how much is recorded, and how much of it a signed checkpoint covers."""

    name = a.text()
    origin = a.text()
    size = a.count()
    root = a.leaf_hash("The root of `checkpoint_size`.")
    checkpoint_size = a.count()
    recorded_at = optional(a.instant())


class InclusionSchema(AnswerSchema):
    """A proof that an entry is in the ledger (RFC 9162)."""

    position = a.position()
    leaf_hash = a.leaf_hash()
    index = a.count()
    size = a.count()
    root = a.leaf_hash()
    hashes = a.listed(a.leaf_hash())
    checkpoint = optional(a.text("The signed note."))


class TimestampSchema(AnswerSchema):
    """A time stamp of a checkpoint (RFC 3161)."""

    size = a.count()
    stamped_at = a.instant()
    checkpoint = a.text()
    reply = a.text("The TimeStampResp in DER, base64.", format="byte")


class ConsistencySchema(AnswerSchema):
    """A proof that the ledger of one size begins the ledger of another (RFC 9162)."""

    from_ = named("from", a.count())
    to = a.count()
    hashes = a.listed(a.leaf_hash())

"""The shapes of what can be proved: the ledger, and its proofs (contract.md 1)."""

from __future__ import annotations

from typing import Final

from interface.http.contract.components import COUNT, HASH, INSTANT, POSITION, TEXT, Schema, listed, shape

PROVED: Final[dict[str, Schema]] = {
    "Ledger": shape(
        {"name": TEXT, "origin": TEXT, "size": COUNT, "root": HASH, "checkpoint_size": COUNT},
        {"recorded_at": INSTANT},
    ),
    "Inclusion": shape(
        {
            "position": POSITION,
            "leaf_hash": HASH,
            "index": COUNT,
            "size": COUNT,
            "root": HASH,
            "hashes": listed(HASH),
        },
        {"checkpoint": TEXT},
    ),
    "Timestamp": shape(
        {
            "size": COUNT,
            "stamped_at": INSTANT,
            "checkpoint": TEXT,
            "reply": {"type": "string", "contentEncoding": "base64", "description": "TimeStampResp in DER"},
        }
    ),
    "Consistency": shape({"from": COUNT, "to": COUNT, "hashes": listed(HASH)}),
}

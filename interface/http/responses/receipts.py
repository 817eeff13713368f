"""Receipts: what is said of everything that was posted, and the proof of it if the sender waited (contract.md 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from application.merkle_log.proofs import Proofs
from application.recording.outcomes import (
    Duplicate,
    Outcome,
    Receipt,
    Recorded,
    RefusedOutcome,
    WouldRecord,
    WouldRepeat,
)
from domain.errors import LedgerError
from domain.moment import to_datetime
from interface.http.responses.problems import refusal

Inclusions = Mapping[int, dict[str, Any]]
"""Proofs by position."""


def inclusions(outcomes: list[Outcome], proofs: Proofs, seconds: float) -> Inclusions:
    """By position, the proof of everything recorded; none, when it is not all sealed within so many seconds.

    What is recorded stays so, also when the database gives no proof now: the receipt is then the plain one.
    """
    positions = {o.receipt.position for o in outcomes if isinstance(o, Recorded | Duplicate)}
    try:
        if not seconds or not positions or not proofs.wait_for(max(positions), seconds):
            return {}
        return {found.position: found.answer() for found in proofs.inclusion(positions)}
    except (LedgerError, LookupError):
        return {}


def receipt_json(
    outcome: Recorded | Duplicate | WouldRecord | WouldRepeat, proved: Inclusions
) -> dict[str, Any]:
    """The receipt of what was taken; without place and proof for a dry run."""
    if isinstance(outcome, WouldRecord):
        return {**outcome._asdict(), "status": "would_record"}
    if isinstance(outcome, WouldRepeat):
        return {**outcome._asdict(), "status": "duplicate"}
    status = "recorded" if isinstance(outcome, Recorded) else "duplicate"
    inclusion = proved.get(outcome.receipt.position)
    return {
        **_receipt(outcome.receipt),
        "status": status,
        **({} if inclusion is None else {"inclusion": inclusion}),
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    at = to_datetime(receipt.recorded_at).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {**receipt._asdict(), "recorded_at": at, "proof": f"/v1/ledger/proofs/{receipt.position}"}


def outcomes_json(outcomes: list[Outcome], proved: Inclusions, *, dry_run: bool) -> dict[str, Any]:
    """The outcomes of a batch, in input order, and how many there are of each."""
    shown = [_outcome_json(outcome, index, proved) for index, outcome in enumerate(outcomes)]
    count = Counter(outcome["status"] for outcome in shown)
    counts = {name: count[name] for name in ("recorded", "duplicate", "refused")}
    return {"outcomes": shown, **counts, **({"would_record": count["would_record"]} if dry_run else {})}


def _outcome_json(outcome: Outcome, index: int, proved: Inclusions) -> dict[str, Any]:
    if isinstance(outcome, RefusedOutcome):
        return {"status": "refused", "problem": refusal(outcome.problem, index=index)}
    receipt = receipt_json(outcome, proved)
    return {"status": receipt["status"], "receipt": receipt}

"""Outcomes of submissions: each with its receipt or the reason."""

from __future__ import annotations

from typing import Final, NamedTuple

from application.store.append import AppendResult
from domain.entries.entry import Submission
from domain.errors import ChildDiffers, Fault, IdReused, LedgerError, NotRecorded, NotWithGroup, StaleVersion
from domain.moment import Instant


class Receipt(NamedTuple):
    """Proof that and where a submission is recorded. `leaf_hash` is hex; `recorded_at` microseconds, UTC."""

    id: str
    source: str
    subject: str
    position: int
    version: int
    recorded_at: Instant
    leaf_hash: str


class Recorded(NamedTuple):
    """The submission was recorded now."""

    receipt: Receipt


class Duplicate(NamedTuple):
    """The submission had been recorded before; this is the original's receipt."""

    receipt: Receipt


class WouldRecord(NamedTuple):
    """A dry run: the submission would be recorded."""

    id: str
    source: str
    subject: str


class WouldRepeat(NamedTuple):
    """A dry run: it would be a duplicate of an earlier one of the same call, which has no receipt yet."""

    id: str
    source: str
    subject: str


class RefusedOutcome(NamedTuple):
    """The submission is not recorded, for one of the errors of `domain.errors`."""

    problem: LedgerError


Outcome = Recorded | Duplicate | WouldRecord | WouldRepeat | RefusedOutcome

_PROBLEMS: Final[dict[str, tuple[type[LedgerError], str]]] = {
    "id_reused": (IdReused, "the same source and id were recorded before with other content"),
    "child_differs": (
        ChildDiffers,
        "the episode is recorded for another child; if it is about this one, post a child-corrected first",
    ),
    "stale_version": (StaleVersion, "the stream has moved on from the version that was asked for"),
    "atomic": (NotWithGroup, "nothing is wrong with it, but others of its group were refused"),
    "failed": (NotRecorded, "the database could not take it"),
}


def outcome(
    submission: Submission, answer: AppendResult, faults: tuple[Fault, ...] = (), *, dry_run: bool
) -> Outcome:
    """Return what an answer of the database means for the submission."""
    if answer.status == "would_record":
        return WouldRecord(submission.id, submission.source, submission.subject)
    if dry_run and answer.status == "duplicate" and answer.version is None:
        return WouldRepeat(submission.id, submission.source, submission.subject)
    if answer.status in _PROBLEMS:
        problem, detail = _PROBLEMS[answer.status]
        return RefusedOutcome(problem(detail, faults))
    receipt = _receipt(submission, answer)
    return Recorded(receipt) if answer.status == "recorded" else Duplicate(receipt)


def _receipt(submission: Submission, answer: AppendResult) -> Receipt:
    """Return the receipt of an answer that says where the entry is."""
    _, position, version, recorded_at, leaf_hash, _ = answer
    if position is None or version is None or recorded_at is None or leaf_hash is None:
        raise NotRecorded(f"the database answered {answer.status} and no position")
    return Receipt(
        submission.id, submission.source, submission.subject, position, version, recorded_at, leaf_hash.hex()
    )

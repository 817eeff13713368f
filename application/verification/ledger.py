"""Verify: read the whole ledger again, and compare everything that follows from its lines with what is stored of it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.store.logs import Log
from application.store.tree_rows import rows_of
from application.verification.cosignatures import check_cosignatures
from application.verification.discrepancies import Discrepancies, Discrepancy, OnProgress, Read
from application.verification.entries import Entries
from application.verification.epoch_history import EpochHistory, TrustAnchors
from application.verification.line_forms import form_of
from application.verification.timestamps import check_timestamps
from application.verification.tree import TreeCheck

_WHOLE: Final = """
set transaction isolation level repeatable read, read only;
set local enable_seqscan = on; set local enable_mergejoin = on; set local enable_hashjoin = off;
set local enable_bitmapscan = off;
set local cursor_tuple_fraction = 1
"""
"""All is read, in the order of positions: narrow tables are sorted to it, and no line is ever sorted."""
_HEAD: Final = "select position from ledger.heads where log = %s"


class VerificationReport(NamedTuple):
    """What was verified, and everything that disagrees, the lowest position first."""

    entries: int
    taken: int
    """So many of them, the first, were not read: the checkpoint to begin with stands for them."""
    sealed: int
    checkpoints: int
    root: bytes
    """Of all entries up to the first that is missing."""
    key: str | None
    """The verifier key of the last signatures: as given, or as the last entry that names one does."""
    keys: tuple[dict[str, Any], ...]
    """Each key that the ledger's entries name: from which entry on it signs, and the last before the next one."""
    known: bool
    """Whether it was given from elsewhere, or vouched for: a key that signed, or a checkpoint, of the last epoch."""
    epochs: tuple[dict[str, Any], ...]
    """Each epoch after the first: where it began, why, and what was lost."""
    witnesses: tuple[dict[str, Any], ...]
    """Each witness that was asked about: how many checkpoints it cosigned, and up to what size, when."""
    timestamps: dict[str, Any]
    """How many time stamps are good, with the last one's size and time; only how many there are, if nobody checks."""
    findings: tuple[Discrepancy, ...]


def verify(
    connection: psycopg.Connection[Any], log: Log, trusted: TrustAnchors, on_progress: OnProgress
) -> VerificationReport:
    """Read one log through, or from a checkpoint on, as it is when it begins. Memory does not grow, time does."""
    findings = Discrepancies()
    with connection.transaction():
        connection.execute(_WHOLE)
        history = EpochHistory(rows_of(connection), log, trusted)
        history.check(findings)
        tree, kept = TreeCheck(connection, log, findings, history), history.kept(findings)
        [(head,)] = connection.execute(_HEAD, (log.number,))
        taken = tree.begin(kept) if trusted.is_start and kept is not None else 0
        entries = last = taken
        for leaves in Entries(connection, log, findings).pages(after=taken):
            tree.take(leaves, kept)
            entries, last = entries + len(leaves.positions), leaves.positions[-1]
            on_progress(entries, max(head, entries))
        _check_end(last, head, tree, kept, findings)
        for check in form_of(log).checks:
            check(connection, Read(entries, last), findings)
        witnessed = check_cosignatures(connection, log, trusted, findings)
        stamped = check_timestamps(connection, log, trusted, findings)
    return VerificationReport(
        entries, taken, tree.sealed, tree.checkpoints, tree.rebuilt.root(), history.key(), history.keys(),
        history.known(), history.told(), witnessed, stamped,
        findings.by_position(),
    )  # fmt: skip


def _check_end(
    last: int, head: int, tree: TreeCheck, kept: Checkpoint | None, findings: Discrepancies
) -> None:
    """The entries end where the head says, and nothing was signed beyond it, here or elsewhere."""
    if last > head:
        findings.add("head", head + 1, f"no entry after {head}", f"entries up to {last}")
    if last < head:
        findings.add("missing", last + 1, f"entries up to {head}", "none")
    if last < tree.sealed:
        findings.add(
            "checkpoint", last + 1, f"{tree.sealed} entries under the last checkpoint", f"{last} entries"
        )
    if kept is not None and last < kept.size:
        findings.add(
            "against", last + 1, f"{kept.size} entries under the checkpoint given", f"{last} entries"
        )

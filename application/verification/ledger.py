"""Verification: the whole ledger is read again, and all that follows from its lines is compared with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from application.crypto.checkpoint import Checkpoint
from application.crypto.keys import Keys
from application.store.line_codec import read_line
from application.store.logs import EPISODES, Log
from application.store.tree_rows import rows_of
from application.verification.cosignatures import check_cosignatures
from application.verification.discrepancies import Discrepancies, Discrepancy, OnProgress, Read
from application.verification.entries import Entries
from application.verification.epoch_history import EpochHistory, TrustAnchors
from application.verification.grants import check_grants
from application.verification.implied_pages import ImpliedPages
from application.verification.line_forms import form_of
from application.verification.timestamps import check_timestamps
from application.verification.tree import TreeCheck
from application.verification.unlinked_rows import check_stream_children, check_unlinked

_WHOLE: Final = """
set transaction isolation level repeatable read, read only;
set local enable_seqscan = on; set local enable_mergejoin = on; set local enable_hashjoin = off;
set local enable_bitmapscan = off;
set local cursor_tuple_fraction = 1
"""
"""All is read in the order of positions. Narrow tables are sorted into it, and lines never are."""
_HEAD: Final = "select position, epoch, name, recorded_at from ledger.heads where log = %s"
_FOUNDING: Final = "select line from ledger.entries where position = 1"


class VerificationReport(NamedTuple):
    """The verified log, and everything that disagrees, the lowest position first."""

    entries: int
    taken: int
    """So many of the first entries were not read: the given checkpoint stands for them."""
    sealed: int
    checkpoints: int
    root: bytes
    """The root of all entries up to the first that is missing."""
    key: str | None
    """The verifier key of the last signatures: as given, or as the last entry that names one does."""
    keys: tuple[dict[str, Any], ...]
    """Each key that the ledger's entries name: from which entry on it signs, and the last before the next one."""
    known: bool
    """True where the signer is known from elsewhere: a given key signed in the last epoch, or a checkpoint is of it."""
    epochs: tuple[dict[str, Any], ...]
    """Each epoch after the first: where it began, why, and what was lost."""
    witnesses: tuple[dict[str, Any], ...]
    """Each witness that was asked about: how many checkpoints it cosigned, and up to what size, when."""
    timestamps: dict[str, Any]
    """How many time stamps are good, with the last one's size and time; only how many there are, if nobody checks."""
    opened: int | None
    """Entries of the episode log whose sealed values were opened and agree; None without the secrets."""
    findings: tuple[Discrepancy, ...]


def verify(
    connection: psycopg.Connection[Any],
    log: Log,
    trusted: TrustAnchors,
    on_progress: OnProgress,
    keys: Keys | None = None,
) -> VerificationReport:
    """Read one log through, or from a checkpoint on, as it is when it begins. Memory does not grow, time does.

    With the secrets sealed values, fingerprints and the vault are opened and compared too.
    """
    findings = Discrepancies()
    with connection.transaction():
        connection.execute(_WHOLE)
        history = EpochHistory(rows_of(connection), log, trusted)
        history.check(findings)
        tree, kept = TreeCheck(connection, log, findings, history), history.kept(findings)
        [(head, *says)] = connection.execute(_HEAD, (log.number,))
        taken = tree.begin(kept) if trusted.is_start and kept is not None else 0
        entries = last = taken
        with _implied_pages(connection, log, keys, head - taken) as implied:
            reading = Entries(connection, log, findings, implied)
            for leaves in reading.pages(after=taken):
                tree.take(leaves, kept)
                entries, last = entries + len(leaves.positions), leaves.positions[-1]
                on_progress(entries, max(head, entries))
            if implied is not None:
                _check_implied(connection, implied, taken, last, findings)
        _check_end(last, head, tree, kept, findings)
        if last == head > taken and says != [history.last, _name(connection), reading.last]:
            findings.add("head", head, "the ledger's epoch and name, the time of its last entry", "others")
        for check in form_of(log).checks:
            check(connection, Read(entries, last), findings)
        witnessed = check_cosignatures(connection, log, trusted, findings)
        stamped = check_timestamps(connection, log, trusted, findings)
    return VerificationReport(
        entries, taken, tree.sealed, tree.checkpoints, tree.rebuilt.root(), history.key(), history.keys(),
        history.known(), history.epochs_json(), witnessed, stamped,
        None if keys is None or implied is None else implied.opened,
        findings.by_position(),
    )  # fmt: skip


@contextmanager
def _implied_pages(
    connection: psycopg.Connection[Any], log: Log, keys: Keys | None, entries: int
) -> Iterator[ImpliedPages | None]:
    """Yield what checks the rows that lines imply; None for a log whose rows are all compared with its lines."""
    if log != EPISODES:
        yield None
        return
    pages = ImpliedPages(connection, keys, _name(connection), entries=entries)
    try:
        yield pages
    finally:
        pages.close()


def _name(connection: psycopg.Connection[Any]) -> str:
    """Return the ledger's name as its founding entry says it; nothing when that cannot be read, and is found so."""
    founding = connection.execute(_FOUNDING, binary=True).fetchone()
    try:
        return "" if founding is None else str(read_line(founding[0]).data["name"])
    except (msgspec.MsgspecError, ValueError, KeyError):
        return ""


def _check_implied(
    connection: psycopg.Connection[Any],
    implied: ImpliedPages,
    taken: int,
    last: int,
    findings: Discrepancies,
) -> None:
    """Compare what only all entries together imply."""
    implied.finish()
    findings.merge(implied.findings)
    implied.names.check(connection, findings, is_whole=taken == 0)
    check_grants(connection, implied.own, findings, is_whole=taken == 0)
    check_unlinked(connection, taken, last, findings)
    check_stream_children(connection, implied.moved, last, findings, is_whole=taken == 0)


def _check_end(
    last: int, head: int, tree: TreeCheck, kept: Checkpoint | None, findings: Discrepancies
) -> None:
    """Check that the entries end where the head says, and that nothing was signed beyond it, here or elsewhere."""
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

"""Verify: read the whole ledger again, and compare everything that follows from its lines with what is stored of it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import psycopg

from application.checkpoint import Checkpoint
from application.logs import Log, read_origin
from application.note import NotANote, Note, Verifier
from application.store.codec import read_line
from application.verify.entries import Entries
from application.verify.findings import Finding, Findings, OnProgress
from application.verify.forms import form_of
from application.verify.tree import TreeCheck

_WHOLE: Final = """
set transaction isolation level repeatable read, read only;
set local enable_seqscan = on; set local enable_mergejoin = on; set local enable_hashjoin = off;
set local cursor_tuple_fraction = 1
"""
"""All is read, in the order of positions: narrow tables are sorted to it, and no line is ever sorted."""
_HEAD: Final = "select position from ledger.heads where log = %s"
_FIRST: Final = "select line from ledger.entries where position = 1"


class Trusted(NamedTuple):
    """What the one who verifies brings from elsewhere; without either, the signer stays unknown."""

    key: Verifier | None = None
    """Of either log: it is the same key for both."""
    checkpoint: Note | None = None
    """Of one of the logs."""

    def verifier(self, log: Log) -> Verifier | None:
        """The key, in the name of a log."""
        origin = None if self.key is None else read_origin(self.key.name)
        return self.key if self.key is None or origin is None else self.key._replace(name=origin.of(log))

    def kept(self, log: Log) -> Checkpoint | None:
        """The checkpoint, unless it is of another log; raise NotANote when it is none."""
        kept = None if self.checkpoint is None else Checkpoint.read(self.checkpoint)
        origin = None if kept is None else read_origin(kept.origin)
        return kept if origin is None or origin.log == log else None


class Report(NamedTuple):
    """What was verified, and everything that disagrees, the lowest position first."""

    entries: int
    sealed: int
    checkpoints: int
    root: bytes
    """Of all entries up to the first that is missing."""
    key: str | None
    """The verifier key of the signatures: as given, or as the first entry names it."""
    findings: tuple[Finding, ...]


def verify(
    connection: psycopg.Connection[Any], log: Log, trusted: Trusted, on_progress: OnProgress
) -> Report:
    """Read one log through, as it is at the beginning. Memory does not grow with it, time does."""
    findings, kept = Findings(), trusted.kept(log)
    with connection.transaction():
        connection.execute(_WHOLE)
        verifier = trusted.verifier(log) or _founder(connection, log)
        tree = TreeCheck(connection, log, findings, verifier)
        [(head,)] = connection.execute(_HEAD, (log.number,))
        entries, last = 0, 0
        for leaves in Entries(connection, log, findings).pages():
            tree.take(leaves, kept)
            entries, last = entries + len(leaves), leaves[-1].position
            on_progress(entries, max(head, entries))
        _check_end(last, head, tree, kept, findings)
        for check in form_of(log).checks:
            check(connection, last, findings)
    if trusted.checkpoint is not None and kept is not None:
        _check_kept(trusted.checkpoint, kept, verifier, findings)
    key = None if verifier is None else str(verifier)
    return Report(entries, tree.sealed, tree.checkpoints, tree.rebuilt.root(), key, findings.by_position())


def _founder(connection: psycopg.Connection[Any], log: Log) -> Verifier | None:
    """The key that the ledger's first entry names, in the name of this log; None if it cannot be read."""
    rows = connection.execute(_FIRST, binary=True).fetchall()
    try:
        founded = read_line(rows[0][0]).data
        return Verifier(log.origin(founded["name"]), Verifier.read(founded["key"]).public)
    except (LookupError, ValueError, NotANote):
        return None


def _check_end(last: int, head: int, tree: TreeCheck, kept: Checkpoint | None, findings: Findings) -> None:
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


def _check_kept(note: Note, kept: Checkpoint, verifier: Verifier | None, findings: Findings) -> None:
    """The checkpoint from elsewhere is of this ledger, signed with the same key."""
    if verifier is not None and not (verifier.signed(note) and kept.origin == verifier.name):
        findings.add("against", kept.size, f"the signature of {verifier}", f"a note of {kept.origin}")

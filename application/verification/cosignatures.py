"""Cosignatures of the checkpoints: whether each is of the witness that it names, over the stored checkpoint."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.crypto.cosignature import Cosignature, Witness
from application.crypto.signed_note import NotANote, Note
from application.store import tree_rows as tree
from application.store.logs import Log
from application.verification.discrepancies import Discrepancies
from application.verification.epoch_history import TrustAnchors
from domain.moment import SECOND, rfc3339

_COSIGNED: Final = """
select s.size, c.note, s.line from ledger.cosignatures s left join ledger.checkpoints c using (log, epoch, size)
where s.log = %s and s.witness = %s order by s.epoch, s.size
"""


def check_cosignatures(
    connection: psycopg.Connection[Any], log: Log, trusted: TrustAnchors, findings: Discrepancies
) -> tuple[dict[str, Any], ...]:
    """Return what each witness cosigned of a log.

    The notes were compared with the tree before. So what is cosigned here is what the lines give.
    """
    summaries = tuple(_check(connection, log, witness, findings) for witness in trusted.witnesses)
    for witness, summary in zip(trusted.witnesses, summaries, strict=True):
        missing = witness in trusted.demanded and not summary["checkpoints"]
        if missing and tree.signed(tree.rows_of(connection), log):
            findings.add("cosignature", 1, f"a cosignature of {witness}", "none")
    return summaries


def _check(
    connection: psycopg.Connection[Any], log: Log, witness: Witness, findings: Discrepancies
) -> dict[str, Any]:
    summary: dict[str, Any] = {"witness": str(witness), "checkpoints": 0}
    with connection.cursor("cosignatures") as cursor:
        for size, note, line in cursor.execute(_COSIGNED, (log.number, str(witness))):
            found = _cosignature(witness, note, line)
            if found is None:
                findings.add("cosignature", size, f"the cosignature of {witness}", "none that is valid")
                continue
            at = rfc3339(found.cosigned_at * SECOND)
            summary |= {"checkpoints": summary["checkpoints"] + 1, "size": size, "cosigned_at": at}
    return summary


def _cosignature(witness: Witness, note: str | None, line: str) -> Cosignature | None:
    try:
        return None if note is None else witness.cosigned(Note.read(note + line))
    except NotANote:
        return None

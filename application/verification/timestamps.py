"""Time stamps of the checkpoints: whether the authority vouches for each, over the stored checkpoint."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.crypto.timestamp import NotStamped
from application.store import tree_rows as tree
from application.store.logs import Log
from application.verification.discrepancies import Discrepancies
from application.verification.epoch_history import TrustAnchors
from domain.moment import from_datetime, rfc3339

_COUNT: Final = "select count(*) from ledger.timestamps where log = %s"
_STAMPED: Final = """
select s.size, c.note, s.reply from ledger.timestamps s left join ledger.checkpoints c using (log, epoch, size)
where s.log = %s order by s.epoch, s.size
"""


def check_timestamps(
    connection: psycopg.Connection[Any], log: Log, trusted: TrustAnchors, findings: Discrepancies
) -> dict[str, Any]:
    """Return how many time stamps are good, the last one's size and time; without an authority only their number.

    The notes were compared with the tree before. So what is stamped here is what the lines give.
    """
    if (authority := trusted.authority) is None:
        [(count,)] = connection.execute(_COUNT, (log.number,))
        return {"unchecked": count}
    summary: dict[str, Any] = {"checked": 0}
    with connection.cursor("timestamps") as cursor:
        for size, note, reply in cursor.execute(_STAMPED, (log.number,), binary=True):
            try:
                at = authority.stamped_at(reply, note or "")
            except NotStamped:
                findings.add("timestamp", size, "a time stamp over the checkpoint", "none that is valid")
                continue
            summary |= {
                "checked": summary["checked"] + 1,
                "size": size,
                "stamped_at": rfc3339(from_datetime(at)),
            }
    if (
        authority in trusted.demanded
        and not summary["checked"]
        and tree.signed(tree.rows_of(connection), log)
    ):
        findings.add("timestamp", 1, "a time stamp that the certificates vouch for", "none")
    return summary

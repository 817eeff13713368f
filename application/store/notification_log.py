"""The library's notification log over our table: an entry's position is its notification id.

Positions have no gaps and become visible in order, so who reads after the last position misses nothing.
"""

from __future__ import annotations

from eventsourcing.persistence import Notification

from application.store.tree_rows import Rows


def notifications(rows: Rows, after: int, limit: int, stop: int | None = None) -> list[Notification]:
    """Return the entries after a position, up to `stop` when it is given, in the order recorded."""
    found = rows(
        "select e.position, s.subject, e.version, e.line from ledger.entries e"
        " join ledger.streams s on s.no = e.stream_no"
        " where e.position > %s and e.position <= %s order by e.position limit %s",
        (after, 2**62 if stop is None else stop, limit),
    )
    return [Notification(subject, version, "", line, position) for position, subject, version, line in found]

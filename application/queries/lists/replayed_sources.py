"""Arrived: how systems had sent as known at an earlier position. No view keeps that; it is reckoned from their entries.

How many entries a system had sent is counted, so an answer costs as much as the systems on its page had sent; one is
looked at after the other. A page looks at so many systems as it may hold items; of those that the reader may see it
holds what they had sent by then, so it may hold fewer, or none, and still have a next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import psycopg

from application.projections.sources_table import Sent, came, last
from application.store.database import Database
from domain.facts.ledger_entries import LEDGER

_NAMES: Final = (
    "select source from ledger.sources where source > %s and source <> %s order by source limit %s"
)
_VISIBLE: Final = """
    select exists (select from ledger.streams s where s.no = any(%(streams)s)
        and (split_part(s.subject, '/', 1) = any(%(scope)s)
            or exists (select from ledger.stream_names n where n.stream_no = s.no and n.namespace = any(%(scope)s))))
"""


def page(
    database: Database, known_at: int, after: str, scope: Sequence[str] | None, limit: int
) -> tuple[dict[str, Sent], str | None]:
    """What the next sources had sent, by source, in order; and the last one looked at, None at the end."""
    names = [name for (name,) in database.rows(_NAMES, (after, LEDGER, limit))]
    with database.connection() as connection:
        held = {
            name: sent for name in names if (sent := _sent(connection, known_at, name, scope)) is not None
        }
    return held, names[-1] if len(names) == limit else None


def _sent(
    connection: psycopg.Connection[Any], known_at: int, source: str, scope: Sequence[str] | None
) -> Sent | None:
    """What a source had sent; None when that is nothing, or nothing of it is for the reader."""
    found = sorted(last(connection, known_at, source), key=lambda each: each[1])
    if not found or not _visible(connection, {stream for _, _, stream, _ in found}, scope):
        return None
    sent = Sent()
    for _, number, _, entry in found:
        sent.add(number, entry.position, came(entry))
    return sent


def _visible(
    connection: psycopg.Connection[Any], streams: Collection[int], scope: Sequence[str] | None
) -> bool:
    """Whether a reader of that scope may see one of the streams now."""
    if scope is None:
        return True
    row = connection.execute(_VISIBLE, {"streams": list(streams), "scope": list(scope)}).fetchone()
    return row is not None and bool(row[0])

"""Sending systems as known at an earlier position. No table keeps that; it is calculated from their entries.

The entries of a system are counted, so an answer costs as much as the systems on its page had sent. Systems are read
one after the other, as many as the page may hold items. Only those with entries that the reader may see are listed.
So a page may hold fewer items, or none, and still have a next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from application.projections.sources_table import Sent, came, last
from application.store.database import Database
from domain.facts.ledger_entries import LEDGER

_NAMES: Final = (
    "select source from ledger.sources where source > %s and source <> %s order by source limit %s"
)


def page(database: Database, known_at: int, after: str, limit: int) -> tuple[dict[str, Sent], str | None]:
    """Return the entries that the next sources had sent, by source, in order; and the last one, None at the end."""
    names = [name for (name,) in database.rows(_NAMES, (after, LEDGER, limit))]
    return sent_by(database, known_at, names, None), names[-1] if len(names) == limit else None


def sent_by(
    database: Database, known_at: int, names: Sequence[str], scope: Sequence[str] | None
) -> dict[str, Sent]:
    """Return the entries that these sources had sent on visible episodes, without sources that had sent none."""
    with database.connection() as connection:
        sent = {name: _sent(connection, known_at, name, scope) for name in names}
    return {name: of_source for name, of_source in sent.items() if of_source is not None}


def _sent(
    connection: psycopg.Connection[Any], known_at: int, source: str, scope: Sequence[str] | None
) -> Sent | None:
    """Return the entries that a source had sent on visible episodes; None when there are none."""
    found = sorted(last(connection, known_at, source, scope), key=lambda each: each[1])
    if not found:
        return None
    sent = Sent()
    for _, number, _, entry in found:
        sent.add(number, entry.position, came(entry))
    return sent

"""Arrived: how systems had sent as known at an earlier position. No view keeps that; it is reckoned from their entries.

How many entries a system had sent is counted, so an answer costs as much as the systems on its page had sent. A page
looks at so many systems as it may hold items; of those that the reader may see it holds what they had sent by then,
so it may hold fewer, or none, and still have a next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from application.store.database import Database
from application.views.arrivals import Sent, came, last
from domain.facts.system import LEDGER

_NAMES: Final = (
    "select source from ledger.sources where source > %s and source <> %s order by source limit %s"
)
_VISIBLE: Final = """
    select s.no from ledger.streams s where s.no = any(%(streams)s)
        and (split_part(s.subject, '/', 1) = any(%(scope)s)
            or exists (select from ledger.stream_names n where n.stream_no = s.no and n.namespace = any(%(scope)s)))
"""


def page(
    database: Database, known_at: int, after: str, scope: Sequence[str] | None, limit: int
) -> tuple[dict[str, Sent], str | None]:
    """What the next sources had sent, by source, in order; and the last one looked at, None at the end."""
    names = [name for (name,) in database.rows(_NAMES, (after, LEDGER, limit))]
    with database.connection() as connection:
        found = sorted(last(connection, known_at, names), key=lambda each: each[1])
    seen = None if scope is None else _visible(database, {stream for _, _, stream, _ in found}, scope)
    visible = {source for source, _, stream, _ in found if seen is None or stream in seen}
    by_source: dict[str, Sent] = defaultdict(Sent)
    for source, number, _, entry in found:
        by_source[source].add(number, entry.position, came(entry))
    held = {name: by_source[name] for name in names if name in visible}
    return held, names[-1] if len(names) == limit else None


def _visible(database: Database, streams: set[int], scope: Sequence[str]) -> set[int]:
    """Those of the streams that a reader of that scope may see now."""
    asked = {"streams": list(streams), "scope": list(scope)}
    return {no for (no,) in database.rows(_VISIBLE, asked)}

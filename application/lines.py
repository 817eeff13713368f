"""Lines: the ledger as it is stored, from any position on, so that anyone can hash it again.

A line that is outside a reader's scope is told by its leaf hash alone: enough for every root.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from application.scope import Scope, visible
from application.store.database import Database

_PAGE: Final = 1_000
_QUERY: Final = """
select e.position, e.line, e.leaf_hash, case when e.child_no is not null then s.subject end
from ledger.entries e join ledger.streams s on s.no = e.stream_no
where e.position >= %s order by e.position limit %s
"""


def lines(database: Database, start: int, limit: int, scope: Scope) -> Iterator[bytes]:
    """At most `limit` lines from a position on, a page at a time, each line with a line feed at its end.

    The ledger's own entries are public, and in everybody's scope.
    """
    while limit > 0:
        rows = database.rows(_QUERY, (start, min(limit, _PAGE)))
        if not rows:
            return
        seen = visible(database, {subject for *_, subject in rows if subject is not None}, scope) | {None}
        yield b"".join(
            (line if subject in seen else _bare(position, leaf)) + b"\n"
            for position, line, leaf, subject in rows
        )
        start, limit = rows[-1][0] + 1, limit - len(rows)


def _bare(position: int, leaf: bytes) -> bytes:
    return msgspec.json.encode({"v": 1, "position": position, "leaf_hash": leaf.hex()})

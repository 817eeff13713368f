"""Lines: the ledger as it is stored, from any position on, so that anyone can hash it again.

A line outside a reader's scope is replaced by its leaf hash, which is enough for every root.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from application.access.scope import Scope, visible
from application.store.database import Database

_PAGE: Final = 1_000
_SELECT: Final = """
select e.position, e.line, e.leaf_hash, case when e.child_no is not null then s.subject end
from ledger.entries e join ledger.streams s on s.no = e.stream_no
"""
_FROM: Final = f"{_SELECT} where e.position >= %s order by e.position limit %s"
_AT: Final = f"{_SELECT} where e.position = any(%s) order by e.position"


class VisibleLine(NamedTuple):
    """An entry as a reader may have it, without a line feed."""

    position: int
    text: bytes
    whole: bool
    """False: outside their scope, and replaced by its leaf hash."""


def lines(database: Database, start: int, limit: int, scope: Scope) -> Iterator[bytes]:
    """At most `limit` lines from a position on, a page at a time, each line with a line feed at its end."""
    while limit > 0:
        rows = database.rows(_FROM, (start, min(limit, _PAGE)))
        if not rows:
            return
        yield b"".join(line.text + b"\n" for line in _in_scope(database, rows, scope))
        start, limit = rows[-1][0] + 1, limit - len(rows)


def lines_at(database: Database, positions: Collection[int], scope: Scope) -> list[VisibleLine]:
    """The lines at some positions, in order."""
    return list(_in_scope(database, database.rows(_AT, (sorted(positions),)), scope))


def hash_only(position: int, leaf: bytes) -> bytes:
    """Return what stands for a line that a reader may not have."""
    return msgspec.json.encode({"v": 1, "position": position, "leaf_hash": leaf.hex()})


def _in_scope(database: Database, rows: Sequence[tuple[Any, ...]], scope: Scope) -> Iterator[VisibleLine]:
    """Each row as a reader may have it. The ledger's own entries are public, and in everybody's scope."""
    visible_subjects = visible(database, {subject for *_, subject in rows if subject is not None}, scope) | {
        None
    }
    for position, line, leaf, subject in rows:
        whole = subject in visible_subjects
        yield VisibleLine(position, line if whole else hash_only(position, leaf), whole)

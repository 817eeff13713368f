"""Rows that no entry implies, and streams whose children are not those that their entries allow."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, Final, LiteralString

import psycopg

from application.verification.discrepancies import Discrepancies

_WITHOUT_ENTRY: Final[dict[str, LiteralString]] = {
    "sealed values": """
select v.position from ledger.sealed_values v left join ledger.entries e using (position)
where v.position > %s and e.position is null order by 1
""",
    "mentions": """
select m.position from (
    select position, stream_no from ledger.mentions union all select position, stream_no from ledger.child_mentions
) m left join ledger.entries e using (position, stream_no)
where m.position > %s and e.position is null order by 1
""",
}
_WITHOUT_CHILD: Final = """
select count(*) from (
    select no from ledger.children
    except select child_no from ledger.entries except select child_no from ledger.child_mentions
) unnamed
"""
_CHILDREN: Final = """
select coalesce(s.stream_no, f.stream_no), coalesce(s.child_no, f.child_no), f.position
from ledger.stream_children s
full join (select stream_no, child_no, position from ledger.entries where version = 1 and child_no is not null) f
    on f.stream_no = s.stream_no and f.child_no = s.child_no
where f.position is null or s.stream_no is null
"""
_HAS_CHILD: Final = "select count(*) from ledger.stream_children where stream_no = %s and child_no = %s"
_LAST: Final = "select coalesce(max(position), %s) from ledger.entries where stream_no = %s"


def check_unlinked(
    connection: psycopg.Connection[Any], after: int, last: int, findings: Discrepancies
) -> None:
    """Find rows at positions after one that no entry has, and children whom no entry names."""
    for kind, query in _WITHOUT_ENTRY.items():
        for (position,) in connection.execute(query, (after,)):
            findings.add(kind, position, "none: there is no such entry", "a row")
    [(children,)] = connection.execute(_WITHOUT_CHILD)
    if children:
        findings.add("vault", last, "rows of children whom entries name", f"{children} more")


def check_stream_children(
    connection: psycopg.Connection[Any],
    moved: AbstractSet[tuple[int, int]],
    last: int,
    findings: Discrepancies,
    *,
    is_whole: bool,
) -> None:
    """Compare the children allowed on each stream: its first, and those that corrections moved it to.

    `is_whole`: all corrections are in `moved`, so that no other child may stand there.
    """
    missing = set(moved)
    for stream, child, first in connection.execute(_CHILDREN):
        if first is not None:
            findings.add("children of the episode", first, "the child of its first entry", "none")
        elif (stream, child) in missing:
            missing.remove((stream, child))
        elif is_whole:
            _add(connection, stream, last, findings)
    for stream, child in missing:  # as its first child, or not at all
        [(count,)] = connection.execute(_HAS_CHILD, (stream, child))
        if not count:
            _add(connection, stream, last, findings)


def _add(connection: psycopg.Connection[Any], stream: int, last: int, findings: Discrepancies) -> None:
    [(position,)] = connection.execute(_LAST, (last, stream))
    expected = "the first one, and those of its corrections"
    findings.add("children of the episode", position, expected, f"more or less (stream number {stream})")

"""Streams and heads: versions without gap in the order of positions, and the ends that the tables remember."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.verify.findings import Findings

_PAGE: Final = 5_000
_STREAMS: Final = """
with numbered as (
    select e.stream_no, e.position, e.version,
        row_number() over (partition by e.stream_no order by e.position) as expected
    from ledger.entries e where e.stream_no > %(after)s and e.stream_no <= %(upto)s
)
select 'version', min(n.position), n.stream_no from numbered n where n.version <> n.expected group by n.stream_no
union all
select 'stream', coalesce(max(n.position), %(end)s), s.no
from ledger.streams s left join numbered n on n.stream_no = s.no
where s.no > %(after)s and s.no <= %(upto)s group by s.no having s.version <> count(n.position)
"""
_IDS: Final = """
select (select count(*) from ledger.event_ids), (select count(*) from ledger.entries)
"""


def check_streams(connection: psycopg.Connection[Any], last: int, findings: Findings) -> None:
    """Compare every stream with its entries, some thousand streams at a time. `last`: the last entry's position."""
    [(streams,)] = connection.execute("select coalesce(max(no), 0) from ledger.streams")
    for after in range(0, streams, _PAGE):
        given = {"after": after, "upto": after + _PAGE, "end": last}
        for kind, position, stream in connection.execute(_STREAMS, given):
            expected = "versions 1, 2, 3, ..." if kind == "version" else "the version of the last entry"
            findings.add(kind, position, expected, f"something else (stream number {stream})")


def check_ids(connection: psycopg.Connection[Any], last: int, findings: Findings) -> None:
    """There is no source and id in the idempotency table that no entry has."""
    [(ids, entries)] = connection.execute(_IDS)
    findings.compare("idempotency", last, f"{entries} ids", f"{ids} ids")

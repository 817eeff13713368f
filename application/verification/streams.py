"""Streams and heads: versions without gap in the order of positions, and the ends that the tables remember."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.verification.discrepancies import Discrepancies, Read

_PAGE: Final = 5_000
_STREAMS: Final = """
with numbered as (
    select e.stream_no, e.position, e.version,
        row_number() over (partition by e.stream_no order by e.position) as expected
    from ledger.entries e where e.stream_no > %(after)s and e.stream_no <= %(upto)s
),
told as (
    select n.stream_no, count(*) as version, max(n.position) as last,
        min(n.position) filter (where n.version <> n.expected) as wrong
    from numbered n group by n.stream_no
)
select coalesce(s.no, t.stream_no), t.wrong, s.version <> coalesce(t.version, 0), coalesce(t.last, %(end)s)
from told t
full join (select no, version from ledger.streams where no > %(after)s and no <= %(upto)s) s on s.no = t.stream_no
where t.wrong is not null or s.version <> coalesce(t.version, 0)
"""
_IDS: Final = "select count(*) from ledger.event_ids"


def check_streams(connection: psycopg.Connection[Any], read: Read, findings: Discrepancies) -> None:
    """Compare every stream with its entries, some thousand streams at a time."""
    [(streams,)] = connection.execute("select coalesce(max(no), 0) from ledger.streams")
    for after in range(0, streams, _PAGE):
        given = {"after": after, "upto": after + _PAGE, "end": read.last}
        for stream, wrong, differs, end in connection.execute(_STREAMS, given):
            found = f"something else (stream number {stream})"
            if wrong is not None:
                findings.add("version", wrong, "versions 1, 2, 3, ...", found)
            if differs:
                findings.add("stream", end, "the version of the last entry", found)


def check_ids(connection: psycopg.Connection[Any], read: Read, findings: Discrepancies) -> None:
    """Check that the idempotency table has no source and id that no entry has."""
    [(ids,)] = connection.execute(_IDS)
    findings.compare("idempotency", read.last, f"{read.entries} ids", f"{ids} ids")

"""How the entries of each log are stored: what stands beside a line, and must be what the line says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, LiteralString, NamedTuple

import msgspec
import psycopg

from application.logs import ACCESSES, EPISODES, Log
from application.verify.days import check_days
from application.verify.findings import Findings
from application.verify.streams import check_ids, check_streams
from domain.moment import instant

Row = tuple[Any, ...]
_SUBJECTS: Final = "select no, subject from ledger.streams where no = any(%s)"
_SOURCES: Final = "select no, source from ledger.sources where no = any(%s)"


class Event(msgspec.Struct, gc=False):
    """What verifying reads of an event."""

    id: str
    source: str
    subject: str


class Line(msgspec.Struct, gc=False):
    """What verifying reads of a line."""

    v: int
    position: int
    recorded_at: datetime
    version: int
    event: Event


class _Disclosed(msgspec.Struct, gc=False):
    purpose: str
    organisation: str | None = None
    children: list[str] = []


class _Disclosure(Event, gc=False):
    time: str
    data: _Disclosed


class _AccessLine(msgspec.Struct, gc=False):
    v: int
    position: int
    recorded_at: datetime
    version: int
    principal: str
    by: str
    event: _Disclosure


class Form(NamedTuple):
    """One log's form. The query gives position, line, leaf hash, version, recorded_at, subject, what is beside."""

    query: LiteralString
    named: Callable[[psycopg.Connection[Any], list[Row]], list[Row]]
    """What numbers in a page of its rows stand for, in their place: each is looked up once, not with every entry."""
    read: Callable[[bytes], Any]
    """A line; msgspec.MsgspecError when it is none."""
    beside: Callable[[Any], tuple[Any, ...]]
    """What must stand beside it, in the order of the query's last columns."""
    kind: str
    """Under which kind it is said when something else does."""
    expected: str
    checks: tuple[Callable[[psycopg.Connection[Any], int, Findings], None], ...]
    """What else is compared, once all is read up to a position."""


def _named(connection: psycopg.Connection[Any], rows: list[Row]) -> list[Row]:
    subjects = _names(connection, _SUBJECTS, {row[5] for row in rows})
    sources = _names(connection, _SOURCES, {row[6] for row in rows})
    return [(*row[:5], subjects.get(row[5]), sources.get(row[6]), row[7]) for row in rows]


def _names(
    connection: psycopg.Connection[Any], query: LiteralString, numbers: set[int | None]
) -> dict[int | None, str]:
    return dict(connection.execute(query, (list(numbers),)).fetchall())


_EPISODES: Final = Form(
    """
select e.position, e.line, e.leaf_hash, e.version, e.recorded_at, e.stream_no, i.source_no, i.id
from ledger.entries e
left join (select distinct on (position) position, source_no, id from ledger.event_ids
    order by position, source_no, id) i on i.position = e.position
order by e.position
""",
    _named,
    msgspec.json.Decoder(Line).decode,
    lambda line: (line.event.source, line.event.id),
    "idempotency",
    "its source and id",
    (check_streams, check_ids),
)
_ACCESSES: Final = Form(
    """
select e.position, e.line, e.leaf_hash, e.position, e.recorded_at,
    (select 'ledger/' || h.name from ledger.heads h where h.log = 1),
    replace(e.id::text, '-', ''), (extract(epoch from e.read_at) * 1000000)::bigint,
    e.principal, e.by, e.purpose, coalesce(n.children, '{}')
from ledger.access_entries e
left join (select a.position, array_agg(replace(c.id::text, '-', '') order by c.id) as children
    from ledger.access_children a join ledger.children c on c.no = a.child_no group by a.position) n
    on n.position = e.position
order by e.position
""",
    lambda _, rows: rows,
    msgspec.json.Decoder(_AccessLine).decode,
    lambda line: (
        line.event.id,
        instant(line.event.time),
        line.principal,
        line.event.data.organisation or line.by,
        line.event.data.purpose,
        line.event.data.children,
    ),
    "beside",
    "its id, time, reader, purpose and children",
    (check_days,),
)


def form_of(log: Log) -> Form:
    """The form of a log's entries."""
    return {EPISODES.number: _EPISODES, ACCESSES.number: _ACCESSES}[log.number]

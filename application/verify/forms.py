"""How the entries of each log are stored: what stands beside a line, and must be what the line says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, LiteralString, NamedTuple

import msgspec
import psycopg

from application.logs import ACCESSES, EPISODES, Log
from application.verify.days import check_days
from application.verify.findings import Findings
from application.verify.streams import check_ids, check_streams
from domain.moment import instant


class Event(msgspec.Struct):
    """What verifying reads of an event."""

    id: str
    source: str
    subject: str


class Line(msgspec.Struct):
    """What verifying reads of a line."""

    v: int
    position: int
    recorded_at: str
    version: int
    event: Event


class _Disclosed(msgspec.Struct):
    purpose: str
    children: list[str] = []


class _Disclosure(Event):
    time: str
    data: _Disclosed


class _AccessLine(msgspec.Struct):
    v: int
    position: int
    recorded_at: str
    version: int
    principal: str
    by: str
    event: _Disclosure


class Form(NamedTuple):
    """One log's form. The query gives position, line, leaf hash, version, recorded_at, subject, what is beside."""

    query: LiteralString
    read: Callable[[bytes], Any]
    """A line; msgspec.MsgspecError when it is none."""
    beside: Callable[[Any], tuple[Any, ...]]
    """What must stand beside it, in the order of the query's last columns."""
    kind: str
    """Under which kind it is said when something else does."""
    expected: str
    checks: tuple[Callable[[psycopg.Connection[Any], int, Findings], None], ...]
    """What else is compared, once all is read up to a position."""


_EPISODES: Final = Form(
    """
select e.position, e.line, e.leaf_hash, e.version, e.recorded_at, s.subject, o.source, i.id
from ledger.entries e
left join (select distinct on (position) position, source_no, id from ledger.event_ids
    order by position, source_no, id) i on i.position = e.position
left join ledger.sources o on o.no = i.source_no
left join ledger.streams s on s.no = e.stream_no
order by e.position
""",
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
    msgspec.json.Decoder(_AccessLine).decode,
    lambda line: (
        line.event.id,
        instant(line.event.time),
        line.principal,
        line.by,
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

"""Forms of the entries of each log: the columns next to a line, which must hold what the line says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, LiteralString, NamedTuple

import msgspec
import psycopg

from application.store.logs import ACCESSES, EPISODES, Log
from application.verification.access_days import check_days
from application.verification.discrepancies import Discrepancies, Read
from application.verification.streams import check_ids, check_streams
from domain.moment import instant

PLACE: Final = 5
"""So many values say where a line stands: its form, position, version, time and subject."""
Column = Sequence[Any]
_SUBJECTS: Final = "select no, subject from ledger.streams where no = any(%s)"
_SOURCES: Final = "select no, source from ledger.sources where no = any(%s)"


class _Event(msgspec.Struct, gc=False):
    """The part of an event that verifying reads."""

    id: str
    source: str
    subject: str


class _Line(msgspec.Struct, gc=False):
    """The part of a line that verifying reads."""

    v: int
    position: int
    recorded_at: datetime
    version: int
    event: _Event


class _Disclosed(msgspec.Struct, gc=False):
    purpose: str
    organisation: str | None = None
    children: list[str] = []


class _Disclosure(_Event, gc=False):
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


class LineForm(NamedTuple):
    """One log's form. The query gives entries after a position: position, line, leaf hash, what the line must say.

    For the episode log also the rows that the line implies.
    """

    query: LiteralString
    columns: int
    """So many columns hold what the line must say."""
    named: Callable[[psycopg.Connection[Any], Sequence[Column]], Sequence[Column]]
    """Replaces the numbers in a page's columns by names. Each number is looked up once, not with every entry."""
    columns_of: Callable[[bytes], tuple[Any, ...]]
    """Reads a line: its position and its other columns. Raises MsgspecError or ValueError when it is none."""
    kind: str
    """The kind of discrepancy when a column holds something else."""
    expected: str
    checks: tuple[Callable[[psycopg.Connection[Any], Read, Discrepancies], None], ...]
    """Further checks, once all is read."""


def _named(connection: psycopg.Connection[Any], columns: Sequence[Column]) -> Sequence[Column]:
    versions, times, streams, sources, ids = columns
    subjects = _names(connection, _SUBJECTS, streams)
    return [versions, times, subjects, _names(connection, _SOURCES, sources), ids]


def _names(connection: psycopg.Connection[Any], query: LiteralString, numbers: Column) -> Column:
    names = dict(connection.execute(query, (list(set(numbers)),)).fetchall())
    return [names.get(number) for number in numbers]


_line: Final = msgspec.json.Decoder(_Line).decode
_access_line: Final = msgspec.json.Decoder(_AccessLine).decode


def _columns_of(text: bytes) -> tuple[Any, ...]:
    line = _line(text)
    event = line.event
    return line.v, line.position, line.version, line.recorded_at, event.subject, event.source, event.id


def _access_columns_of(text: bytes) -> tuple[Any, ...]:
    line = _access_line(text)
    event = line.event
    return (
        line.v, line.position, line.version, line.recorded_at, event.subject,
        event.id, instant(event.time), line.principal,
        event.data.organisation or line.by, event.data.purpose, event.data.children,
    )  # fmt: skip


_EPISODES: Final = LineForm(
    """
select e.position, e.line, e.leaf_hash, e.version, e.recorded_at, e.stream_no, i.source_no, i.id,
    e.child_no, i.fingerprint, v.key_no, v.blob, coalesce(m.subjects, '{}'), coalesce(n.children, '{}')
from ledger.entries e
left join (select distinct on (position) position, source_no, id, fingerprint from ledger.event_ids
    where position > %(after)s order by position, source_no, id) i on i.position = e.position
left join ledger.sealed_values v on v.position = e.position
left join (select position, stream_no, array_agg(concat(subject, ' ', by)) as subjects
    from ledger.mentions where position > %(after)s group by position, stream_no) m
    on m.position = e.position and m.stream_no = e.stream_no
left join (select position, stream_no, array_agg(concat(child_no, ' ', by)) as children
    from ledger.child_mentions where position > %(after)s group by position, stream_no) n
    on n.position = e.position and n.stream_no = e.stream_no
where e.position > %(after)s
order by e.position
""",
    5,
    _named,
    _columns_of,
    "idempotency",
    "its source and id",
    (check_streams, check_ids),
)
_ACCESSES: Final = LineForm(
    """
select e.position, e.line, e.leaf_hash, e.position, e.recorded_at,
    (select 'ledger/' || h.name from ledger.heads h where h.log = 1),
    replace(e.id::text, '-', ''), (extract(epoch from e.read_at) * 1000000)::bigint,
    e.principal, e.by, e.purpose, coalesce(n.children, '{}')
from ledger.access_entries e
left join (select a.position, array_agg(replace(c.id::text, '-', '') order by c.id) as children
    from ledger.access_children a join ledger.children c on c.no = a.child_no
    where a.position > %(after)s group by a.position) n
    on n.position = e.position
where e.position > %(after)s
order by e.position
""",
    9,
    lambda _, columns: columns,
    _access_columns_of,
    "beside",
    "its id, time, reader, purpose and children",
    (check_days,),
)


def form_of(log: Log) -> LineForm:
    """The form of a log's entries."""
    return {EPISODES.number: _EPISODES, ACCESSES.number: _ACCESSES}[log.number]

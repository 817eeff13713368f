"""Last entries of each sending system, numbered in the order recorded.

The table covers exactly the entries up to the position that the projection tables promise. It is written in the same
transaction: nothing is counted twice, however often a step begins again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import psycopg

from application.projections.table import Row
from application.store.database import Database
from application.store.line_codec import read_line
from domain.entries.entry import Entry
from domain.entries.timeliness import WINDOW, Arrival, arrival
from domain.facts.ledger_entries import LEDGER

_PAGE: Final = 2_000
"""Entries that are read at once."""
_NUMBERED: Final = """
    select o.source, w.total - w.back + 1, e.stream_no, e.line
    from (select source_no, position, count(*) over (partition by source_no) as total,
            row_number() over (partition by source_no order by position desc) as back
        from ledger.event_ids where position <= %(upto)s"""
_LAST: Final = """) w
    join ledger.sources o on o.no = w.source_no
    join ledger.entries e on e.position = w.position
    where w.back <= %(window)s and o.source <> %(ledger)s
"""
_OF_ALL: Final = _NUMBERED + _LAST
_THAT: Final = """ and source_no = (select no from ledger.sources where source = %(source)s)
    and (%(scope)s::text[] is null or exists (select from ledger.entries e join ledger.streams s on s.no = e.stream_no
        where e.position = event_ids.position and (split_part(s.subject, '/', 1) = any(%(scope)s)
            or exists (select from ledger.grants g where g.stream_no = s.no and g.namespace = any(%(scope)s)))))"""
_OF_ONE: Final = _NUMBERED + _THAT + _LAST
_VISIBLE: Final = """
    select distinct a.source from views.arrivals a join ledger.streams s on s.no = a.stream_no
    where a.source > %(after)s and (%(scope)s::text[] is null
        or split_part(s.subject, '/', 1) = any(%(scope)s)
        or exists (select from ledger.grants n where n.stream_no = s.no and n.namespace = any(%(scope)s)))
    order by a.source limit %(limit)s
"""


def count(connection: psycopg.Connection[Any], after: int, upto: int) -> None:
    """Count the entries after a position, up to another; after position 0 the count starts again."""
    if after == 0:
        _fill(connection, upto)
    else:
        for begin in range(after, upto, _PAGE):
            _take(connection, begin, min(begin + _PAGE, upto))


def _take(connection: psycopg.Connection[Any], after: int, upto: int) -> None:
    came: dict[str, list[tuple[int, Entry]]] = defaultdict(list)
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(
            "select stream_no, line from ledger.entries where position > %s and position <= %s"
            " and child_no is not null order by position",
            (after, upto),
        )
        for stream_no, line in found:
            if (entry := _read(line)) is not None:
                came[entry.source].append((stream_no, entry))
    so_far = connection.execute(
        "select s, (select max(number) from arrivals where source = s) from unnest(%s::text[]) s",
        (list(came),),
    )
    counted = {source: number or 0 for source, number in so_far}
    _insert(
        connection,
        (
            _row(source, number, stream_no, entry)
            for source, of_source in came.items()
            for number, (stream_no, entry) in enumerate(of_source, counted[source] + 1)
        ),
    )
    connection.execute(
        "delete from arrivals a using unnest(%s::text[], %s::bigint[]) k (source, last)"
        " where a.source = k.source and a.number <= k.last",
        (list(came), [counted[source] + len(of) - WINDOW for source, of in came.items()]),
    )


def _fill(connection: psycopg.Connection[Any], upto: int) -> None:
    """Insert the last entries of each source with their numbers: all ids are read once, in no order.

    Where many systems send, that is much, so it is fetched and written in pages.
    """
    connection.execute("truncate arrivals; set local enable_seqscan = on; set local work_mem = '64MB'")
    asked = {"upto": upto, "window": WINDOW, "ledger": LEDGER}
    with connection.cursor("last_entries", binary=True) as cursor:
        cursor.execute(_OF_ALL, asked)
        while found := cursor.fetchmany(_PAGE):
            _insert(connection, (_row(*each) for each in _entries(found)))


def last(
    connection: psycopg.Connection[Any], upto: int, source: str, scope: Sequence[str] | None
) -> list[tuple[str, int, int, Entry]]:
    """Return source, number, stream and entry of the last entries of one source within a scope, up to a position."""
    asked = {"upto": upto, "source": source, "scope": scope, "window": WINDOW, "ledger": LEDGER}
    with connection.cursor(binary=True) as cursor:
        return list(_entries(cursor.execute(_OF_ONE, asked)))


def _entries(found: Iterable[Row]) -> Iterator[tuple[str, int, int, Entry]]:
    return ((*which, entry) for *which, line in found if (entry := _read(line)) is not None)


def _read(line: bytes) -> Entry | None:
    """Return the entry of a line; None when it is the ledger's own, or damaged and so not assessable."""
    try:
        entry = read_line(line)
    except Exception:  # noqa: BLE001  # any error: the assessment raises the alarm about it
        return None
    return None if entry.source == LEDGER else entry


def _row(source: str, number: int, stream_no: int, entry: Entry) -> Row:
    return (source, number, entry.position, stream_no, *came(entry))


def came(entry: Entry) -> Arrival:
    """Return how an entry came in; for a damaged entry, only that it came."""
    try:
        return arrival(entry)
    except Exception:  # noqa: BLE001  # any error: the assessment raises the alarm about it
        return Arrival(entry.recorded_at)


def _insert(connection: psycopg.Connection[Any], rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy("copy arrivals from stdin (format binary)") as copy:
        copy.set_types(["text", *["bigint"] * 6])
        for row in rows:
            copy.write_row(row)


def sources(database: Database, after: str, scope: Sequence[str] | None, limit: int) -> list[str]:
    """Return the next sources whose last entries are about an episode that a reader of that scope may see."""
    asked = {"after": after, "scope": scope, "limit": limit}
    return [source for (source,) in database.rows(_VISIBLE, asked)]


class Sent:
    """The entries of a source: how many, and the last of them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries = self.position = 0
        self.arrivals: list[Arrival] = []

    def add(self, number: int, position: int, came: Arrival) -> None:
        """Add an entry; entries come in order."""
        self.entries, self.position = number, position
        self.arrivals.append(came)


def sent(database: Database, some: Sequence[str]) -> dict[str, Sent]:
    """Return the entries that these sources sent, by source."""
    found: dict[str, Sent] = defaultdict(Sent)
    for source, number, position, *came in database.rows(
        "select source, number, position, recorded_at, after_happened, after_learned from views.arrivals"
        " where source = any(%s) order by source, number",
        (list(some),),
    ):
        found[source].add(number, position, Arrival(*came))
    return found

"""Grants: who may see and post to each episode now, worked out again from its entries and compared.

Where other entries have a say in it, a stream is contested, and its grants follow from all entries of its episode.
A stream that is due is left out: it is worked out before anything is answered by its grants.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

import msgspec
import psycopg

from application.access.grants import grants_of
from application.projections.assessment_units import AssessmentUnit, affected
from application.projections.reassess import lines_of
from application.store.line_codec import read_line
from application.verification.discrepancies import Discrepancies
from application.verification.granted_names import GrantedNames
from domain.assessment.chronology.episode_access import episode_access

_KIND: Final = "grants"
_PAGE: Final = 200
"""Contested streams that are worked out together."""
_PLAIN: Final = """
select g.stream_no, g.namespace, g.named from ledger.grants g
where not exists (select from ledger.grants_contested c where c.stream_no = g.stream_no) order by g.stream_no
"""
_CONTESTED: Final = """
select stream_no from ledger.grants_contested where not due and stream_no > %s order by 1 limit %s
"""
_ALL_CONTESTED: Final = "select stream_no from ledger.grants_contested"
_STORED: Final = "select stream_no, namespace, named from ledger.grants where stream_no = any(%s)"
_DUE: Final = "select count(*) from ledger.grants_contested where due and stream_no = any(%s)"
_LAST: Final = "select coalesce(max(position), 1) from ledger.entries where stream_no = %s"


def check_grants(
    connection: psycopg.Connection[Any], own: GrantedNames, findings: Discrepancies, *, is_whole: bool
) -> None:
    """Compare the grants of all streams; `own`: the names that each stream's own organisation gives.

    `is_whole`: all entries were read, so that `own` has all names.
    """
    if is_whole:
        _check_plain(connection, own, findings)
    after = 0
    while page := [no for (no,) in connection.execute(_CONTESTED, (after, _PAGE))]:
        after = page[-1]
        for unit in affected(connection, page):
            _check_unit(connection, unit, findings)


def _check_plain(connection: psycopg.Connection[Any], own: GrantedNames, findings: Discrepancies) -> None:
    contested = {no for (no,) in connection.execute(_ALL_CONTESTED)}
    rows = connection.execute(_PLAIN)
    stored = {
        no: {(name, named) for _, name, named in of} for no, of in groupby(rows, key=lambda row: row[0])
    }
    for stream in sorted({*stored, *own.streams()} - contested):
        if stored.get(stream, set()) != {(name, True) for name in own.of(stream)}:
            _add(connection, stream, findings)


def _check_unit(connection: psycopg.Connection[Any], unit: AssessmentUnit, findings: Discrepancies) -> None:
    """Work one unit out as `application.access.grants` does, unless a part of it is due."""
    numbers = sorted(unit.numbers)
    [(due,)] = connection.execute(_DUE, (numbers,))
    if due:
        return
    [lines] = lines_of(connection, [unit], 2**53)
    try:
        expected = set(grants_of(unit, episode_access(map(read_line, lines))))
    except (msgspec.MsgspecError, ValueError, LookupError):
        return  # a line that cannot be read is found where lines are compared
    stored = {tuple(row) for row in connection.execute(_STORED, (numbers,))}
    for stream in _streams(expected ^ stored):
        _add(connection, stream, findings)


def _streams(rows: set[tuple[Any, ...]]) -> Iterator[int]:
    yield from sorted({row[0] for row in rows})


def _add(connection: psycopg.Connection[Any], stream: int, findings: Discrepancies) -> None:
    [(position,)] = connection.execute(_LAST, (stream,))
    findings.add(_KIND, position, "those that its entries give", f"others (stream number {stream})")

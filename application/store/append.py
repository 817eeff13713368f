"""One call of the SQL function `ledger.append`: from requests to answers (stored-form.md 3).

A request is everything that the database needs to record one submission, already encoded. The answer
says what became of it; the database decides, nothing here does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult

from domain.moment import Instant


class ChildRow(NamedTuple):
    """A row of the vault: a child's id (32 hex) and what is kept under lock about them."""

    id: str
    lookup: bytes
    kek_no: int
    wrapped_key: bytes | None
    sealed_reference: bytes | None = None


class Request(NamedTuple):
    """One submission, encoded. `tail` is the line from `"salt"` to its end; children are ids of 32 hex.

    `new_children` are vault rows that may not be stored yet; `ties` are pairs of what the entry names:
    ("n", namespace), ("s", subject), ("c", child id). A request without fingerprint is a system entry's.
    """

    subject: str
    source: str
    id: str
    tail: bytes
    fingerprint: bytes | None
    child: str | None = None
    moved_to: str | None = None
    expected_version: int | None = None
    blob: bytes | None = None
    new_children: tuple[ChildRow, ...] = ()
    ties: tuple[tuple[str, str], ...] = ()


class Answer(NamedTuple):
    """What became of one request.

    Status: recorded, would_record, duplicate (with the original's position, version, time and hash),
    id_reused, child_differs, stale_version, atomic, or child_known: `known` is then the row under which
    another writer recorded the child first, and the submission has to be encoded again.
    """

    status: str
    position: int | None = None
    version: int | None = None
    recorded_at: Instant | None = None
    leaf_hash: bytes | None = None
    known: ChildRow | None = None


_INTEGER: Final = struct.Struct("!i")
_LONG: Final = struct.Struct("!q")
_HEADER: Final = struct.Struct("!5i")
_NULL: Final = _INTEGER.pack(-1)
_Y2K: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""From where PostgreSQL counts microseconds."""
_TIMESTAMPTZ, _BOOLEAN, _BYTEA, _INT4, _TEXT = 1184, 16, 17, 23, 25
_ARRAY_OF: Final = {_TEXT: 1009, _BYTEA: 1001, _INT4: 1007}
_COLUMNS: Final = (
    *(_TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _INT4, _BYTEA, _BYTEA, _BYTEA),
    *(_INT4, _TEXT, _BYTEA, _INT4, _BYTEA, _BYTEA),
    *(_INT4, _TEXT, _TEXT),
)
"""What the arrays hold: a request's own columns, those of children, those of ties."""
_TYPES: Final = (_TIMESTAMPTZ, _BOOLEAN, _BOOLEAN, *(_ARRAY_OF[item] for item in _COLUMNS))
_FORMATS: Final = (Format.BINARY,) * len(_TYPES)
_NAME: Final = b"ledger_append"
_CALL: Final = b"""
select status, "position", version, recorded_at, leaf_hash, known_lookup, known_id, known_kek, known_key
from ledger.append(
    $1, $2, $3, $4, $5, $6, $7::uuid[], $8::uuid[], $9, $10, $11, $12,
    $13, $14::uuid[], $15, $16::smallint[], $17, $18, $19, $20, $21)
"""


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Make a connection ready for many calls."""
    _checked(connection, connection.pgconn.prepare(_NAME, _CALL, _TYPES))


def append(
    connection: psycopg.Connection[Any],
    requests: Sequence[Request],
    *,
    atomic: bool = False,
    dry_run: bool = False,
    prepared: bool = False,
) -> list[Answer]:
    """Send the requests in one call and return an answer for each, in order.

    When the call returns, what it recorded is durable (the connection is in autocommit). It is one blocking
    call of libpq: the driver's own way asks for the interpreter several times a call, and each time waits in
    line behind everybody who is about to record.
    """
    values: list[Any] = [_clock(), _boolean(atomic), _boolean(dry_run), *_columns(requests)]
    if prepared:
        result = connection.pgconn.exec_prepared(_NAME, values, _FORMATS, Format.BINARY)
    else:
        result = connection.pgconn.exec_params(_CALL, values, _TYPES, _FORMATS, Format.BINARY)
    _checked(connection, result)
    return [_answer(result, row) for row in range(result.ntuples)]


def _checked(connection: psycopg.Connection[Any], result: PGresult) -> None:
    """Raise what the server, or the link to it, says is wrong.

    Whatever a server refuses carries an SQLSTATE. A failure without one is the link's, also where libpq has not
    yet noticed that its connection is gone.
    """
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return
    if connection.pgconn.status != ConnStatus.OK or not result.error_field(DiagnosticField.SQLSTATE):
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(result)


def _clock() -> bytes:
    return _LONG.pack((datetime.now(UTC) - _Y2K) // timedelta(microseconds=1))


def _boolean(value: bool) -> bytes:  # noqa: FBT001  that is what it is about
    return b"\1" if value else b"\0"


def _columns(requests: Sequence[Request]) -> Iterator[bytes | None]:
    """The arrays of the function's arguments, in PostgreSQL's binary form."""
    subject, source, id_, tail, fingerprint, child, moved_to, expected, blob, new, ties = zip(
        *requests, strict=True
    )
    rows = [(n, *row) for n, children in enumerate(new, 1) for row in children]
    named = [(n, *tie) for n, some in enumerate(ties, 1) for tie in some]
    columns = (
        *(subject, source, id_, child, moved_to, expected, fingerprint, tail, blob),
        *(zip(*rows, strict=True) if rows else [()] * 6),
        *(zip(*named, strict=True) if named else [()] * 3),
    )
    return map(_array, _COLUMNS, columns)


def _array(item: int, column: Sequence[Any]) -> bytes | None:
    """PostgreSQL's binary form of an array; nothing for a column in which nothing is."""
    if column.count(None) == len(column):
        return None
    if item == _TEXT:
        column = [None if value is None else value.encode() for value in column]
    elif item == _INT4:
        column = [None if value is None else _INTEGER.pack(value) for value in column]
    items = [_NULL if value is None else _INTEGER.pack(len(value)) + value for value in column]
    return _HEADER.pack(1, 1, item, len(column), 1) + b"".join(items)


def _answer(result: PGresult, row: int) -> Answer:
    """Read one row of the result."""
    status, *place, leaf_hash = (result.get_value(row, column) for column in range(5))
    assert status is not None  # every request has one
    position, version, recorded_at = (None if value is None else int.from_bytes(value) for value in place)
    known = _known(result, row) if status == b"child_known" else None
    return Answer(status.decode(), position, version, recorded_at, leaf_hash, known)


def _known(result: PGresult, row: int) -> ChildRow:
    """The vault's row of a child that another writer recorded first."""
    lookup, id_, kek_no, key = (result.get_value(row, column) for column in range(5, 9))
    assert lookup is not None and id_ is not None and kek_no is not None  # noqa: PT018  the table's own columns
    return ChildRow(id_.hex(), lookup, int.from_bytes(kek_no), key)

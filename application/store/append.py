"""One call of the SQL function `ledger.append`: from requests to answers (stored-form.md 3).

A request is everything that the database needs to record one submission, already encoded. The answer
says what became of it; the database decides, nothing here does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.pq.abc import PGresult

from application.store.sql_call import (
    ARRAY_OF,
    BOOLEAN,
    BYTEA,
    INT4,
    TEXT,
    TIMESTAMPTZ,
    Call,
    array,
    boolean,
    clock,
)
from domain.moment import Instant


class ChildRow(NamedTuple):
    """A row of the vault: a child's id (32 hex) and what is kept encrypted about them."""

    id: str
    lookup: bytes
    kek_no: int
    wrapped_key: bytes | None
    sealed_reference: bytes | None = None


class Request(NamedTuple):
    """One submission, encoded. `tail` is the line from `"salt"` to its end; children are ids of 32 hex.

    `new_children` are vault rows that may not be stored yet. `ties` are pairs of a kind and what the entry names;
    `ledger.append` says which kinds there are. A request without fingerprint is a system entry's.
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


class AppendResult(NamedTuple):
    """The answer to one request.

    `status` is one of: recorded, would_record, duplicate, id_reused, child_differs, stale_version, atomic, halted,
    child_known. A duplicate has the original's position, version, time and hash; halted means that nothing is recorded
    at all. With child_known another writer recorded the child first: `known` is that row, and the submission has to
    be encoded again.
    """

    status: str
    position: int | None = None
    version: int | None = None
    recorded_at: Instant | None = None
    leaf_hash: bytes | None = None
    known: ChildRow | None = None


_COLUMNS: Final = (
    *(TEXT, TEXT, TEXT, TEXT, TEXT, INT4, BYTEA, BYTEA, BYTEA),
    *(INT4, TEXT, BYTEA, INT4, BYTEA, BYTEA),
    *(INT4, TEXT, TEXT),
)
"""Columns of the arrays: a request's own, those of children, those of ties."""
_TYPES: Final = (TIMESTAMPTZ, BOOLEAN, BOOLEAN, *(ARRAY_OF[item] for item in _COLUMNS))
_CALL: Final = Call(
    b"ledger_append",
    b"""
select status, "position", version, recorded_at, leaf_hash, known_lookup, known_id, known_kek, known_key
from ledger.append(
    $1, $2, $3, $4, $5, $6, $7::uuid[], $8::uuid[], $9, $10, $11, $12,
    $13, $14::uuid[], $15, $16::smallint[], $17, $18, $19, $20, $21)
""",
    _TYPES,
)


def append(
    connection: psycopg.Connection[Any],
    requests: Sequence[Request],
    *,
    atomic: bool = False,
    dry_run: bool = False,
    prepared: bool = False,
) -> list[AppendResult]:
    """Send the requests in one call and return an answer for each, in order.

    When the call returns, what it recorded is durable (the connection is in autocommit).
    """
    values = [clock(), boolean(atomic), boolean(dry_run), *_columns(requests)]
    result = _CALL(connection, values, prepared=prepared)
    return [read_answer(result, row) for row in range(result.ntuples)]


class AppendCall(NamedTuple):
    """How requests get into one log: what makes a connection ready, and the call that gives an answer for each."""

    prepare: Callable[[psycopg.Connection[Any], bytes], None]
    append: Callable[..., list[AppendResult]]


EPISODES: Final = AppendCall(_CALL.prepare, append)
"""The episode log."""


def _columns(requests: Sequence[Request]) -> Iterator[bytes | None]:
    """Return the arrays of the function's arguments, in PostgreSQL's binary form."""
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
    return map(array, _COLUMNS, columns)


def read_answer(result: PGresult, row: int) -> AppendResult:
    """Read one row of the result of an append."""
    status, *place, leaf_hash = (result.get_value(row, column) for column in range(5))
    assert status is not None  # every request has one
    position, version, recorded_at = (None if value is None else int.from_bytes(value) for value in place)
    known = _known(result, row) if status == b"child_known" else None
    return AppendResult(status.decode(), position, version, recorded_at, leaf_hash, known)


def _known(result: PGresult, row: int) -> ChildRow:
    """Return the vault's row of a child that another writer recorded first."""
    lookup, id_, kek_no, key = (result.get_value(row, column) for column in range(5, 9))
    assert lookup is not None and id_ is not None and kek_no is not None  # noqa: PT018  the table's own columns
    return ChildRow(id_.hex(), lookup, int.from_bytes(kek_no), key)

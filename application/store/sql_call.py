"""One SQL function called in one blocking call of libpq, its arguments in PostgreSQL's binary form.

The driver's own way takes the interpreter's lock several times a call. Each time it waits in line behind every
thread that is about to record.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGresult

from application.store.silence import awaited

TIMESTAMPTZ, BOOLEAN, BYTEA, INT4, TEXT = 1184, 16, 17, 23, 25
ARRAY_OF: Final = {TEXT: 1009, BYTEA: 1001, INT4: 1007}
_INTEGER: Final = struct.Struct("!i")
_LONG: Final = struct.Struct("!q")
_HEADER: Final = struct.Struct("!5i")
_NULL: Final = _INTEGER.pack(-1)
_Y2K: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""From where PostgreSQL counts microseconds."""


class Call:
    """A statement that calls a function, with the types of its arguments."""

    def __init__(self, name: bytes, statement: bytes, types: Sequence[int]) -> None:
        """Remember it; `name` is under what a connection keeps it once prepared."""
        self._name, self._statement, self._types = name, statement, types
        self._formats = (Format.BINARY,) * len(types)

    def prepare(self, connection: psycopg.Connection[Any], condition: bytes = b"") -> None:
        """Make a connection ready for many calls. `condition`: what must hold in each, else all of it is undone."""
        statement = self._statement + (b" where " + condition if condition else b"")
        with awaited(connection):
            result = connection.pgconn.prepare(self._name, statement, self._types)
        _check(connection, result)

    def __call__(
        self, connection: psycopg.Connection[Any], values: Sequence[Any], *, prepared: bool
    ) -> PGresult:
        """Call it once, each value bytes or None; raise what the server, or the link to it, says is wrong."""
        with awaited(connection):
            if prepared:
                result = connection.pgconn.exec_prepared(self._name, values, self._formats, Format.BINARY)
            else:
                result = connection.pgconn.exec_params(
                    self._statement, values, self._types, self._formats, Format.BINARY
                )
        _check(connection, result)
        return result


def _check(connection: psycopg.Connection[Any], result: PGresult) -> None:
    """Raise an error unless the result is a success.

    Every refusal of a server carries an SQLSTATE. A failure without one is the link's, also where libpq has not
    yet noticed that its connection is gone.
    """
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return
    if connection.pgconn.status != ConnStatus.OK or not result.error_field(DiagnosticField.SQLSTATE):
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(result)


def clock() -> bytes:
    """Return the service's clock, as a timestamptz."""
    return _LONG.pack((datetime.now(UTC) - _Y2K) // timedelta(microseconds=1))


def boolean(value: bool) -> bytes:  # noqa: FBT001  that is what it is about
    """Return a truth value."""
    return b"\1" if value else b"\0"


def array(item: int, column: Sequence[Any]) -> bytes | None:
    """Return an array of TEXT, INT4 or BYTEA; None for a column without any value."""
    if column.count(None) == len(column):
        return None
    if item == TEXT:
        column = [None if value is None else value.encode() for value in column]
    elif item == INT4:
        column = [None if value is None else _INTEGER.pack(value) for value in column]
    items = [_NULL if value is None else _INTEGER.pack(len(value)) + value for value in column]
    return _HEADER.pack(1, 1, item, len(column), 1) + b"".join(items)

"""The check that a synchronous standby is in place, for work that needs one (design.md 6)."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.store.sql_call import Call

MISSING: Final = "LG008"
"""The SQLSTATE of the refusal: there is no synchronous standby, or the database cannot tell."""
CANCELLED: Final = "the wait for the standby was cancelled: not known to be durable"
IN_PLACE: Final = b"(select ledger.require_standby()) is not null"
"""The condition of a call that is undone, by MISSING, unless a synchronous standby is in place. It is always true."""
_REQUIRE: Final = Call(b"ledger_require_standby", b"select ledger.require_standby()", ())
_WAIT: Final = "SyncRepWaitForLSN"
"""Where PostgreSQL's source waits for a standby. Its messages come in the server's language, this name does not."""


def require_standby(connection: psycopg.Connection[Any]) -> None:
    """Raise psycopg.Error with SQLSTATE MISSING, and a sentence, unless a synchronous standby is in place."""
    _REQUIRE(connection, (), prepared=False)


def confirm(connection: psycopg.Connection[Any]) -> None:
    """Return once a standby has everything that was committed before; raise psycopg.Error when that is not sure.

    For a connection in autocommit: what makes the commit wait is a record that means nothing to anybody.
    """
    cancelled = False

    def heed(notice: psycopg.errors.Diagnostic) -> None:
        nonlocal cancelled
        cancelled = cancelled or wait_cancelled(notice)

    connection.add_notice_handler(heed)
    try:
        connection.execute("select pg_logical_emit_message(true, 'ledger', '')")
    finally:
        connection.remove_notice_handler(heed)
    if cancelled:
        raise psycopg.OperationalError(CANCELLED)
    require_standby(connection)


def wait_cancelled(notice: psycopg.errors.Diagnostic) -> bool:
    """Return whether PostgreSQL warns, next to its success, that it no longer waited for the standby."""
    return notice.source_function == _WAIT or "synchronous replication" in (notice.message_primary or "")

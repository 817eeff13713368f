"""An access log that cannot be written to, and how that ends."""

from __future__ import annotations

import psycopg


def broken(dsn, how="revoke execute on function ledger.append_access from ledger_service"):
    """Let the service not write the access log any more."""
    with psycopg.connect(dsn) as connection:
        connection.execute(how)


def mended(dsn):
    """Let it write again."""
    broken(dsn, "grant execute on function ledger.append_access to ledger_service")

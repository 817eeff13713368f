"""Connections that write projection tables: in the follower's role, one set of tables on their search path."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql

from application.projections import text_array as arrays
from application.store import database
from application.store.database import as_role

LIVE, NEXT, OLD = "views", "views_next", "views_old"
"""The tables that are read, those that a rebuild fills, and those that were live before (`table_sets`)."""
FOLLOWING: Final = 7_301_150_115
"""The advisory lock of the one active follower."""
REBUILDING: Final = 7_301_150_116
"""The advisory lock of the one rebuild."""


def connect(dsn: str) -> psycopg.Connection[Any]:
    """Return a connection of one's own, in autocommit, that writes the live tables."""
    connection = database.connect(as_role(dsn, "ledger_follower"))
    arrays.register(connection)
    use(connection, LIVE)
    return connection


def use(connection: psycopg.Connection[Any], schema: str) -> None:
    """Make this schema the one of tables that are named without a schema."""
    connection.execute(sql.SQL("set search_path = {}").format(sql.Identifier(schema)))

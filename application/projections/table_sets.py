"""Sets of tables: the live one that is read, the next one that a rebuild fills, and the one that was live before.

The database says which tables there are, so a table that a migration adds is in every set. The set that was live
is kept until another takes its place, or until it is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from application.projections.connection import LIVE, NEXT, OLD


class PreviousTables(NamedTuple):
    """The set that was live before."""

    position: int
    """The position to which it was complete."""
    size: int
    """Bytes on disk."""


def tables(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Return the tables of a set."""
    found = connection.execute(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = to_regnamespace(%s) order by 1",
        (schema,),
    )
    return [name for (name,) in found]


def of_episodes(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the tables whose rows each belong to an episode."""
    found = connection.execute(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'lead'"
        " where c.relkind = 'r' and c.relnamespace = to_regnamespace(%s) order by c.relname = 'verdicts', 1",
        (LIVE,),
    )
    return [name for (name,) in found]


def empty(connection: psycopg.Connection[Any]) -> None:
    """Empty the next set, and set its progress to nothing."""
    names = (name for name in tables(connection, NEXT) if name != "progress")
    every = sql.SQL(", ").join(sql.Identifier(NEXT, name) for name in names)
    connection.execute(sql.SQL("truncate {}").format(every))
    connection.execute("update views_next.progress set position = 0, rulebook_position = null")


def switch(connection: psycopg.Connection[Any]) -> None:
    """Make the next set the live one, and keep the live one; a reader meets one or the other, whole."""
    connection.execute("set local lock_timeout = '1s'")
    _drop(connection, OLD)
    _say_alike(connection)
    _move(connection, LIVE, OLD)
    _move(connection, NEXT, LIVE)
    _make_beside(connection)


def back(connection: psycopg.Connection[Any]) -> None:
    """Exchange the kept set and the live one; the rows that a rebuild has filled so far are deleted."""
    connection.execute("set local lock_timeout = '1s'")
    _drop(connection, NEXT)
    _move(connection, LIVE, NEXT)
    _move(connection, OLD, LIVE)
    _move(connection, NEXT, OLD)
    _make_beside(connection)


def drop_old(connection: psycopg.Connection[Any]) -> None:
    """Delete the kept set."""
    _drop(connection, OLD)


def previous_tables(connection: psycopg.Connection[Any]) -> PreviousTables | None:
    """Return the set that was live before; None when none is kept."""
    if not tables(connection, OLD):
        return None
    row = connection.execute(
        "select (select position from views_old.progress), (select sum(pg_total_relation_size(oid))::bigint"
        " from pg_class where relkind = 'r' and relnamespace = to_regnamespace(%s))",
        (OLD,),
    ).fetchone()
    assert row is not None  # its progress is one of its tables
    return PreviousTables(*row)


def of_one_form(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the kept set has the form of the live one: a later migration may have changed that."""
    query = (
        "select table_name, column_name, data_type from information_schema.columns where table_schema = %s"
        " order by 1, 2"
    )
    return connection.execute(query, (LIVE,)).fetchall() == connection.execute(query, (OLD,)).fetchall()


def _move(connection: psycopg.Connection[Any], was: str, becomes: str) -> None:
    """Give every table of one set another schema."""
    move = sql.SQL("alter table {} set schema {}")
    _each(
        connection,
        (move.format(sql.Identifier(was, n), sql.Identifier(becomes)) for n in tables(connection, was)),
    )


def _drop(connection: psycopg.Connection[Any], schema: str) -> None:
    _each(
        connection,
        (sql.SQL("drop table {}").format(sql.Identifier(schema, n)) for n in tables(connection, schema)),
    )


def _make_beside(connection: psycopg.Connection[Any]) -> None:
    """Create the next set's tables, empty and like the live ones; once they are live, the service may read them."""
    for name in tables(connection, LIVE):
        beside, live = sql.Identifier(NEXT, name), sql.Identifier(LIVE, name)
        connection.execute(sql.SQL("create table {} (like {} including all)").format(beside, live))
        connection.execute(sql.SQL("grant select on {} to ledger_service").format(beside))
    connection.execute("insert into views_next.progress (position) values (0)")


def _say_alike(connection: psycopg.Connection[Any]) -> None:
    """Copy to the next set the database's settings of each live table, which `like` leaves out."""
    said = connection.execute(
        "select relname::text, obj_description(oid) from pg_class"
        " where relkind = 'r' and relnamespace = to_regnamespace(%s)",
        (LIVE,),
    ).fetchall()
    comment = sql.SQL("comment on table {} is {}")
    _each(connection, (comment.format(sql.Identifier(NEXT, n), sql.Literal(text)) for n, text in said))


def _each(connection: psycopg.Connection[Any], statements: Iterable[sql.Composed]) -> None:
    for statement in list(statements):
        connection.execute(statement)

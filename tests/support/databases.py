"""Databases for the tests: made from a template, and used again while only their rows differ from it.

To make and drop a database for each test takes most of a run: files are written, and made safe, by the hundred.
So a test's database is emptied and kept for the next one, unless the test changed more than rows.
"""

from __future__ import annotations

import itertools
from typing import Final, LiteralString, NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.support.waiting import until

_CATALOGUES: Final = (
    "pg_attribute", "pg_attrdef", "pg_constraint", "pg_default_acl", "pg_index", "pg_namespace",
    "pg_policy", "pg_proc", "pg_rewrite", "pg_trigger", "pg_type",
)  # fmt: skip
_BIG: Final = 1 << 20
"""Bytes in tables from which a database is not used again: a plan depends on their size, though they are empty."""
_BESIDE: Final = (
    "pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())",
    "pg_statistic where starelid >= 16384",  # of our tables: of its own PostgreSQL keeps them when it likes
)
"""What belongs to a database's shape although it is in rows that others have too."""
_RELATIONS: Final[LiteralString] = """
select count(*), sum(hashtextextended((to_jsonb(c) - %s::text[])::text, 0)) from pg_class c where oid >= 16384
"""
_FILES: Final = [
    "relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid", "relminmxid",
]  # fmt: skip
"""What a relation has otherwise once it was truncated or vacuumed, though it is the same."""
_SIZE: Final[LiteralString] = """
select coalesce(sum(pg_relation_size(oid)), 0) from pg_class where relkind = 'r' and oid >= 16384
"""
_OTHERS: Final[LiteralString] = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = %s and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


class Template(NamedTuple):
    """A database as it was before any test: what its tables hold, and a mark of everything but rows."""

    name: str
    shape: tuple[object, ...]
    empty: sql.Composed
    rows: dict[str, bytes]


def template(dsn: str, name: str) -> Template:
    """What a database of this name is made from, and brought back to."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        tables = _relations(connection, "r")
        deletes = [sql.SQL("delete from {};").format(sql.SQL(table)) for table in tables]
        restarts = [sql.SQL("select setval({}, 1, false);").format(s) for s in _relations(connection, "S")]
        rows = {table: held for table in tables if (held := _copied(connection, table))}
        return Template(name, _shape(connection), sql.Composed([*deletes, *restarts]), rows)


class Databases:
    """The databases of one server that are free to be used."""

    def __init__(self, dsn: str, template: Template) -> None:
        """Give the owner's address of any other database, such as `postgres`."""
        self._dsn = dsn
        self._template = template
        self._free: list[str] = []
        self._numbers = itertools.count(1)

    def take(self) -> str:
        """The owner's address of a database that is like the template."""
        if self._free:
            return self._free.pop()
        name = f"{self._template.name}_{next(self._numbers)}"
        self._execute("create database {} template {}", name, self._template.name)
        return make_conninfo(self._dsn, dbname=name)

    def give_back(self, dsn: str) -> None:
        """End whatever is connected, and empty the database for another test; drop it if it cannot be so."""
        with psycopg.connect(dsn, autocommit=True) as connection:
            end_others(connection, connection.info.dbname)
            same = _shape(connection) == self._template.shape and _size(connection) < _BIG
            if same:
                self._empty(connection)
            name = connection.info.dbname
        if same:
            self._free.append(dsn)
        else:
            self._execute("drop database {} with (force)", name)

    def _empty(self, connection: psycopg.Connection) -> None:
        """The rows as in the template. The ledger's triggers, which refuse a deletion, are the test's, not ours."""
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            connection.execute(self._template.empty)
            for table, rows in self._template.rows.items():
                with connection.cursor().copy(sql.SQL("copy {} from stdin").format(sql.SQL(table))) as copy:
                    copy.write(rows)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def end_others(connection: psycopg.Connection, name: str) -> None:
    """End what else is connected to a database, and return once it has ended."""
    until(lambda: not connection.execute(_OTHERS, (name,)).fetchall())


def _relations(connection: psycopg.Connection, kind: str) -> list[str]:
    """The names of what is ours of a kind: "r" tables, "S" sequences."""
    query = "select oid::regclass::text from pg_class where relkind = %s and oid >= 16384 order by 1"
    return [name for (name,) in connection.execute(query, (kind,))]


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    """A table's rows, as COPY writes them."""
    with connection.cursor().copy(sql.SQL("copy {} to stdout").format(sql.SQL(table))) as copy:
        return b"".join(map(bytes, copy))


def _shape(connection: psycopg.Connection) -> tuple[object, ...]:
    """Changes with every change of the database but in its rows.

    That is told by what the relations are, and by what transactions the other catalogues were written.
    """
    one = "(select count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) from {})"
    parts = [sql.SQL(one.format(name)) for name in (*_CATALOGUES, *_BESIDE)]
    found = connection.execute(sql.SQL("select {}").format(sql.SQL(", ").join(parts))).fetchone()
    relations = connection.execute(_RELATIONS, (_FILES,)).fetchone()
    assert found is not None
    assert relations is not None
    return (*relations, *found)


def _size(connection: psycopg.Connection) -> int:
    """Bytes in our tables."""
    found = connection.execute(_SIZE).fetchone()
    assert found is not None
    return int(found[0])

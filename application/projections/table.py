"""Derived tables: each is given the rows of some groups, and writes only those that differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

Row = tuple[Any, ...]


class Table:
    """A table whose rows come in groups, by the first column; its first `key` columns are unique."""

    def __init__(self, name: str, columns: Mapping[str, str], key: int) -> None:
        """`columns`: their types by name, in the order of a row."""
        self.name = name
        self._types = list(columns.values())
        self._key = key
        names = list(columns)
        known = {
            "table": sql.Identifier(name),
            "columns": sql.SQL(", ").join(map(sql.Identifier, names)),
            "group": sql.Identifier(names[0]),
            "keys": sql.SQL(", ").join(map(sql.Identifier, names[:key])),
            "arrays": sql.SQL(", ").join(sql.SQL("%s::" + columns[n] + "[]") for n in names[:key]),
        }
        array = sql.SQL("%s::" + self._types[0] + "[]")
        self._select = (
            sql.SQL("select {columns} from {table} where {group} = any(").format(**known)
            + array
            + sql.SQL(")")
        )
        self._delete = sql.SQL(
            "delete from {table} where ({keys}) in (select * from unnest({arrays}))"
        ).format(**known)
        self._copy = sql.SQL("copy {table} ({columns}) from stdin (format binary)").format(**known)

    def rows(self, connection: psycopg.Connection[Any], groups: Collection[Any]) -> list[Row]:
        """Return the table's rows of these groups."""
        with connection.cursor(binary=True) as cursor:
            return cursor.execute(self._select, (list(groups),)).fetchall()

    def write(self, connection: psycopg.Connection[Any], groups: Collection[Any], rows: Iterable[Row]) -> int:
        """Make the table hold these rows for these groups and no others; return how many rows that touched."""
        held = {row[: self._key]: row for row in self.rows(connection, groups)}
        wanted = {row[: self._key]: row for row in rows}
        gone = [key for key, row in held.items() if wanted.get(key) != row]
        come = [row for key, row in wanted.items() if held.get(key) != row]
        if gone:
            connection.execute(self._delete, [list(column) for column in zip(*gone, strict=True)])
        if come:
            self._insert(connection, come)
        return len({*gone, *(row[: self._key] for row in come)})

    def _insert(self, connection: psycopg.Connection[Any], rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            copy.set_types(self._types)
            for row in rows:
                copy.write_row(row)

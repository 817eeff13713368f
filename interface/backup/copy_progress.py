"""How far pg_dump or pg_restore is: by table as it says so itself, within a table as the server counts its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
import psycopg

_NEXT: Final = re.compile(r'(?:dumping contents of|processing data for) table "([^"]+)"')
_TABLES: Final = """
select 'ledger.' || c.relname, pg_table_size(c.oid), greatest(c.reltuples::bigint, s.n_live_tup, 0)
from pg_class c join pg_stat_user_tables s on s.relid = c.oid
where c.relkind = 'r' and c.relnamespace = 'ledger'::regnamespace
"""
_COPIED: Final = """
select coalesce(max(tuples_processed), 0) from pg_stat_progress_copy
where datname = current_database() and relid = to_regclass(%s)
"""

OnTable = Callable[[float, str], None]
"""Told what share of the bytes is done, from 0 to 1, and in which table it is."""


class TableCopy(msgspec.Struct, frozen=True):
    """How much a table holds."""

    bytes: int
    rows: int
    """As PostgreSQL's statistics have it: about so many."""


def extents(connection: psycopg.Connection[Any]) -> dict[str, TableCopy]:
    """The extent of every table of what is recorded, by its name."""
    return {name: TableCopy(*held) for name, *held in connection.execute(_TABLES)}


class Watch:
    """Follows one program through the tables that it copies, of a database to which there is another connection."""

    def __init__(
        self, connection: psycopg.Connection[Any], tables: Mapping[str, TableCopy], on_table: OnTable
    ) -> None:
        """`tables`: how much each holds, or will hold."""
        self._connection, self._tables, self._on_table = connection, tables, on_table
        self._total = max(sum(table.bytes for table in tables.values()), 1)
        self._before, self._name = 0, ""

    def __call__(self, line: str | None) -> None:
        """A line of what the program says, or None after some silence."""
        if line is None:
            self._tell(self._within())
        elif found := _NEXT.search(line):
            self._before += self._current.bytes
            self._name = found[1]
            self._tell(0.0)

    @property
    def _current(self) -> TableCopy:
        return self._tables.get(self._name, TableCopy(0, 0))

    def _within(self) -> float:
        """The share of the current table's rows that is copied."""
        self._connection.execute(
            "select pg_stat_clear_snapshot()"
        )  # else a transaction sees them as they were
        [(copied,)] = self._connection.execute(_COPIED, (self._name,))
        return min(int(copied) / max(self._current.rows, 1), 1.0)

    def _tell(self, within: float) -> None:
        self._on_table((self._before + within * self._current.bytes) / self._total, self._name)

"""How far a copy of a table is, as it is told while PostgreSQL copies it."""

from __future__ import annotations

import psycopg
import pytest

from interface.backup.copy_progress import TableCopy, Watch, extents
from tests.support.sealed_ledgers import change

ROWS = 50_000
SOME = (
    f"insert into ledger.refusals select now(), 'c_1', 'forbidden', '/', null from generate_series(1, {ROWS})"
)


@pytest.fixture
def connection(dsn):
    """A transaction that stays open, as a backup's does."""
    with psycopg.connect(dsn) as connection:
        yield connection


@pytest.fixture
def told():
    """What was told, in its order."""
    return []


@pytest.fixture
def watch(connection, told):
    """Of two tables, the second of which holds three times as much."""
    tables = {"ledger.heads": TableCopy(100, 1), "ledger.refusals": TableCopy(300, ROWS)}
    return Watch(connection, tables, lambda share, table: told.append((share, table)))


def test_a_table_counts_for_its_bytes_once_the_next_has_begun(watch, told):
    watch('pg_dump: dumping contents of table "ledger.heads"\n')
    watch("pg_dump: something else\n")
    watch('pg_restore: processing data for table "ledger.refusals"\n')
    assert told == [(0.0, "ledger.heads"), (0.25, "ledger.refusals")]


def test_within_one_large_table_it_goes_on_with_its_rows(dsn, watch, told):
    change(dsn, SOME)
    watch('pg_dump: dumping contents of table "ledger.refusals"\n')
    watch(None)
    with psycopg.connect(dsn) as copying, copying.cursor().copy("copy ledger.refusals to stdout") as rows:
        taken = iter(rows)
        next(taken)
        watch(None)  # the server waits, since nobody takes more
        assert sum(1 for _ in taken) == ROWS - 1
    begun, before, within = [share for share, _ in told]
    assert (begun, before) == (0.0, 0.0)
    assert 0 < within < 0.75


def test_a_tables_extent_is_about_what_it_holds(dsn, connection):
    change(dsn, SOME)
    change(dsn, "analyze ledger.refusals")
    held = extents(connection)
    assert held["ledger.refusals"].rows == ROWS
    assert held["ledger.refusals"].bytes > held["ledger.heads"].bytes > 0

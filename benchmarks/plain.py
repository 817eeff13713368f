"""What PostgreSQL does at best with the same rows: pgbench commits one by one, COPY takes many.

`plain.rows` has the columns and the indexes of ledger.entries and ledger.event_ids together, so that one
row there is what one recorded event is at least.
"""

from __future__ import annotations

import re
import subprocess
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from benchmarks import feed
from benchmarks.machine import Machine, database_of
from benchmarks.rounds import Measured

_TABLE: Final = """
create schema plain;
create table plain.rows (like ledger.entries including all);
alter table plain.rows add source_no integer not null, add id text not null, add fingerprint bytea;
alter table plain.rows add unique (source_no, id);
create sequence plain.positions cache 1;
"""
_ROW: Final = """
insert into plain.rows
 (position, stream_no, version, child_no, recorded_at, line, leaf_hash, source_no, id, fingerprint)
values (nextval('plain.positions'), currval('plain.positions') / 16, currval('plain.positions') % 16,
 currval('plain.positions') / 64, clock_timestamp(), '\\x{line}', '\\x{hash}', currval('plain.positions') % 40,
 'SIM-1-' || currval('plain.positions'), '\\x{hash}');
"""
_RATE: Final = re.compile(r"tps = ([0-9.]+)")


def prepare(machine: Machine, dsn: str) -> None:
    """Make the table, and the statement that commits a row with a line as the ledger stores it."""
    machine.execute(_TABLE, database_of(dsn))
    script = _ROW.format(line=_line(machine, dsn).hex(), hash="5a" * 32).replace("\n", " ")
    (machine.keys_file.parent / "row.sql").write_text(script, "ascii")


def _line(machine: Machine, dsn: str) -> bytes:
    """A line of median length."""
    with machine.opened(dsn) as ledger:
        ledger.record(feed.submissions(feed.seed(), 500))
        return sorted((n.state for n in ledger.entries.select_notifications(3, 500)), key=len)[250]


def commit(machine: Machine, dsn: str, clients: int, seconds: float) -> Measured:
    """Let pgbench commit rows, each in a transaction of its own, from C, with prepared statements."""
    held = conninfo_to_dict(dsn)
    command = [
        str(machine.pgbench), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2",
        f"--time={max(1, round(seconds))}", f"--file={machine.keys_file.parent / 'row.sql'}",
        f"--host={held['host']}", f"--port={held['port']}", f"--username={held['user']}", database_of(dsn),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = _RATE.search(done.stdout)
    assert found is not None, done.stdout
    return Measured(float(found[1]))

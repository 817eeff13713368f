"""PostgreSQL's pg_dump and pg_restore as our child processes, told by their environment how we are connected.

So no password shows in a list of processes, and they find the database as we did.
"""

from __future__ import annotations

import re
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg

from domain.errors import LedgerError
from interface.embedded.account import ENVIRONMENT
from interface.embedded.folder import last_words

_TABLE: Final = re.compile(r'(?:dumping contents of|processing data for) table "([^"]+)"')

OnTable = Callable[[float, str], None]
"""Told what share of the bytes is done, from 0 to 1, and which table is next."""


class ProgramFailed(LedgerError):
    """The program ended with an error; its last words are in the message."""


def environment(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """By which libpq connects as this connection did, whether by its address or by an environment."""
    used = connection.pgconn.info
    known = {one.envvar.decode(): one.val.decode() for one in used if one.envvar and one.val}
    return {**ENVIRONMENT, **known, "PGPASSWORD": connection.info.password}


def run(
    command: list[str | Path],
    env: Mapping[str, str],
    tables: Mapping[str, int],
    on_table: OnTable = lambda *_: None,
) -> None:
    """Run it to its end; it ends with us. ProgramFailed when it fails. `tables`: bytes, for the progress."""
    with subprocess.Popen[str](
        command, cwd="/", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        try:
            said = _watch(process.stderr, tables, on_table)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise ProgramFailed(f"PostgreSQL's {Path(command[0]).name} failed: {last_words(said)}")


def _watch(lines: Iterable[str], tables: Mapping[str, int], on_table: OnTable) -> str:
    """Follow what it says of its progress until it ends; the last lines."""
    done, current, last = 0, "", deque[str](maxlen=20)
    for line in lines:
        last.append(line)
        if found := _TABLE.search(line):
            done, current = done + tables.get(current, 0), found[1]
            on_table(done / max(sum(tables.values()), 1), current)
    return "".join(last)

"""PostgreSQL's pg_dump and pg_restore as our child processes, told by their environment how we are connected.

So no password shows in a list of processes, and they find the database as we did.
"""

from __future__ import annotations

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final

import psycopg

from domain.errors import LedgerError
from interface.postgres.data_folder import last_words
from interface.postgres.os_account import ENVIRONMENT

_SILENCE: Final = 1.0
"""Seconds."""


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
    on_line: Callable[[str | None], object] = lambda _: None,
) -> None:
    """Run it to its end; it ends with us. ProgramFailed when it fails.

    `on_line` is given each line of what it says meanwhile, and None whenever it has said nothing for a second.
    """
    with subprocess.Popen[str](
        command, cwd="/", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        last = deque[str](maxlen=20)
        try:
            for line in _lines(process.stderr):
                on_line(line)
                last.append(line or "")
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise ProgramFailed(f"PostgreSQL's {Path(command[0]).name} failed: {last_words(''.join(last))}")


def _lines(stream: IO[str]) -> Iterator[str | None]:
    """Each line until the stream ends; None whenever there was none for a second."""
    lines = SimpleQueue[str | None]()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=_SILENCE)
        except Empty:
            yield None
        else:
            if line is None:
                return
            yield line

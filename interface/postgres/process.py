"""The server's process: how it is started as our direct child, and how it is ended."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from pathlib import Path
from typing import Final

from interface.postgres.binaries import Binaries
from interface.postgres.data_folder import DataFolder
from interface.postgres.os_account import ENVIRONMENT, Account

PATIENCE: Final = 120.0
"""Seconds for a start (which may have to recover from a crash) or a stop, before we say so."""

SETTINGS: Final = {
    "listen_addresses": "",  # the private socket is the only way in
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_min_error_statement": "panic",  # no statement, and so no value in it, gets into the log
    "log_error_verbosity": "terse",  # nor the row that a constraint refused
    "log_checkpoints": "off",
    "timezone": "UTC",
}
"""Given at each start, so that a folder made by an earlier release follows."""


def spawn(
    binaries: Binaries, account: Account, folder: DataFolder, socket: Path, lock: int
) -> subprocess.Popen[bytes]:
    """The server as our child, holding the lock, in a session of its own: Ctrl-C reaches us, and we stop it."""
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command: list[str | Path] = [binaries.folder / "postgres", "-D", folder.cluster, "-k", socket, *settings]
    with folder.log.open("ab") as log:
        return subprocess.Popen[bytes](
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
            **account.identity,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """A fast stop, then one without a checkpoint (the next start recovers); in the end the process is gone."""
    for order in (signal.SIGINT, signal.SIGQUIT):
        if process.poll() is None:
            process.send_signal(order)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
            return

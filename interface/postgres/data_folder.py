"""The data folder of a trial, and what lies in it.

    <data>/trial.lock           held by the one command that owns the server; marks the folder as ours
    <data>/server/              a folder, or a link to one that PostgreSQL's account can reach (below)
             cluster/           PostgreSQL's own; its account's alone
             socket/            where it listens; a link to a short path if this one is too long for a socket
             server.lock        held by every process of the server
             postgresql.log

Root often has its data where no other account may pass (a home, `mktemp -d`), and PostgreSQL refuses to run
as root. No permission outside is changed for that: `server` then lies in an unpredictable folder under
/var/lib/episode-ledger, and the data folder holds a link to it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from interface.postgres.binaries import Binaries, private_folder
from interface.postgres.errors import DataFolderRefused, DidNotStart
from interface.postgres.os_account import Account

LONGEST_SOCKET_FOLDER: Final = 85
"""Bytes. A socket's path may have 103 (macOS) or 107 (Linux), and `/.s.PGSQL.5432` and its lock need 19."""

_OURS: Final = 0o711 if os.geteuid() == 0 else 0o700
"""The mode of what we make: as root another account must be able to pass through."""


class Postmaster(NamedTuple):
    """A server's own record of its start."""

    pid: int
    socket: Path


class DataFolder:
    """A trial's data folder: where its parts are, and how they are made."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100  as named: a link to a folder stays that link
        self.lock = self.path / "trial.lock"
        self.server = self.path / "server"

    @property
    def place(self) -> Path:
        """Where `server` really is."""
        return self.server.resolve()

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory, as PostgreSQL names it."""
        return self.place / "cluster"

    @property
    def log(self) -> Path:
        """The server's log file: no statements, no values."""
        return self.place / "postgresql.log"

    def check(self) -> None:
        """Raise DataFolderRefused unless this is ours, empty, or not there yet."""
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise DataFolderRefused(f"{self.path} is not a folder. Name another with --data.")
        if any(self.path.iterdir()) and not self.lock.exists():
            raise DataFolderRefused(
                f"{self.path} holds something else than a trial of the ledger. "
                "Name a new or empty folder with --data."
            )
        if self.server.is_symlink() and not self.server.exists():
            raise DataFolderRefused(
                f"The database of {self.path} was in {self.server.readlink()}, which is gone. Bring it back, "
                f"or delete {self.path} to begin again."
            )

    def make(self) -> None:
        """Make the folder itself if it is not there. Others may pass through root's, and see nothing in it."""
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.path.chmod(_OURS)

    def place_server(self, account: Account) -> None:
        """Make `server` where the account can reach it."""
        if not self.server.exists():
            if account.can_reach(self.path):
                self.server.mkdir()
            else:
                self.server.symlink_to(tempfile.mkdtemp(prefix="", dir=private_folder()))
            self.server.chmod(_OURS)
        if not account.can_reach(self.place):
            raise DataFolderRefused(
                f"PostgreSQL's account {account.name} cannot reach {self.place}. Move {self.path} to where it can."
            )

    def made_by(self) -> int | None:
        """The major version of PostgreSQL that made the cluster; None while there is none."""
        mark = self.cluster / "PG_VERSION"
        return int(mark.read_text()) if mark.exists() else None

    def initialise(self, binaries: Binaries, account: Account) -> None:
        """Make the cluster: whole or not at all."""
        fresh = self.place / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)  # of an attempt that was cut short
        account.own(fresh)
        options = [
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-k",
            "--no-instructions",
        ]
        done = account.run([binaries.folder / "initdb", "-D", fresh, *options])
        if done.returncode != 0:
            raise DidNotStart(f"PostgreSQL could not make its folder: {last_words(done.stderr)}")
        fresh.rename(self.cluster)

    def fresh_socket(self, account: Account) -> Path:
        """An empty folder for the socket that only the account can enter, on a path short enough. No server runs."""
        self.clear_socket()
        here = self.place / "socket"
        if len(os.fsencode(here)) <= LONGEST_SOCKET_FOLDER:
            account.own(here)
            return here
        short = Path(tempfile.mkdtemp(prefix="ledger-", dir="/tmp"))  # TMPDIR may be long or private
        if account.identity:
            os.chown(short, account.uid, account.gid)
        here.symlink_to(short)
        return short

    def same_socket(self) -> Path:
        """The folder of the last server's socket, empty. No server runs."""
        socket = (self.place / "socket").resolve()
        for left in socket.iterdir():
            left.unlink()
        return socket

    def clear_socket(self) -> None:
        """Leave nothing of the last server's socket, neither here nor where it was put."""
        here = self.place / "socket"
        shutil.rmtree(here.resolve(), ignore_errors=True)
        if here.is_symlink():
            here.unlink()

    def postmaster(self) -> Postmaster | None:
        """The server that runs, or that was killed, as it wrote itself down; None when it stopped in good order."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            if not lines[4].startswith("/"):  # it is still being written
                return None
            return Postmaster(int(lines[0]), Path(lines[4]))
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def remove(self) -> None:
        """Delete everything that the server ever held, wherever it lies. No server runs."""
        self.clear_socket()
        if self.server.exists():
            shutil.rmtree(self.place)
        self.server.unlink(missing_ok=True)
        self.lock.unlink(missing_ok=True)


def last_words(text: str) -> str:
    """The last line of a program's output that says why: PostgreSQL's own FATAL or error if there is one."""
    lines = [line for line in text.splitlines() if line.strip()]
    reasons = [line for line in lines if "FATAL" in line or "error:" in line]
    return (reasons or lines or ["it gave no reason"])[-1]

"""The server itself: found running, or started as our direct child, and stopped with us.

It is a direct child because pg_ctl and the wheel's own launcher leave the server to the init process. In a container
without one a killed server stays a zombie, which both take for alive. A child of ours can be waited for.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from interface.postgres import locks, process
from interface.postgres.binaries import choose
from interface.postgres.data_folder import DataFolder, Postmaster, last_words
from interface.postgres.errors import DataFolderRefused, DidNotStart, EmbeddedError, InUse
from interface.postgres.os_account import Account, account_for

DATABASE: Final = "ledger"
"""The database within the server that holds the ledger."""


class EmbeddedPostgres:
    """PostgreSQL for one data folder.

    As a context manager it is started and stopped. Start it before writing anything else into the folder: a folder
    that holds something and is not ours is refused. Every failure is an EmbeddedError with a sentence.
    """

    def __init__(self, data: Path, bindir: Path | None = None) -> None:
        self.folder = DataFolder(data)
        self._bindir = bindir
        self._dsn: str | None = None
        self._owner: int | None = None
        self._silence = ""  # why a server that wrote itself down did not answer
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """How to connect, as the database's owner. Raises EmbeddedError before start or attach."""
        if self._dsn is None:
            raise EmbeddedError("The trial's PostgreSQL has not been started.")
        return self._dsn

    @property
    def alive(self) -> bool:
        """True while the server that we started runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start the folder's server, made first if need be; what a killed command left running is ended."""
        with _as_sentences(self.folder):
            self.folder.check()
            account = account_for(self.folder.cluster)
            self.folder.make()
            self._own()
            try:
                self.folder.place_server(account)
                self._launch(account)
                self._make_database()
            except BaseException:
                self.stop()
                raise
        return self

    def restart(self) -> None:
        """Start the server that we started and that has ended by itself again: under the same `dsn`."""
        with _as_sentences(self.folder):
            self._launch(account_for(self.folder.cluster), again=True)

    def attach(self) -> bool:
        """Use the server of this folder that another command runs; False when none answers."""
        with _as_sentences(self.folder):
            self.folder.check()
            running = self._answering()
            if running is not None:
                self._dsn = _dsn(running.socket, account_for(self.folder.cluster), DATABASE)
            return running is not None

    def join(self) -> Self:
        """Use the folder's running server, or start it until `stop`."""
        return self if self.attach() else self.start()

    def stop(self) -> None:
        """Stop the server if we started it: open transactions are rolled back, what was committed is on disk."""
        server, self._process, self._dsn = self._process, None, None
        if server is not None:
            process.end(server)
            self.folder.clear_socket()
        owner, self._owner = self._owner, None
        if owner is not None:
            os.close(owner)

    def remove(self) -> None:
        """Stop the server and delete the whole database, also where only a link leads. There is no way back."""
        self.stop()
        with _as_sentences(self.folder):
            self.folder.check()
            if self.folder.server.exists():
                self._own()
                os.close(self._take_server_lock())
                self.folder.remove()
                self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _own(self) -> None:
        """Become the one command that runs this folder's server."""
        self._owner = locks.take(self.folder.lock)
        if self._owner is None:
            pid = self.folder.lock.read_text().strip() or "unknown"
            silent = f", whose server does not answer ({self._silence})" if self._silence else ""
            raise InUse(
                f"{self.folder.path} is in use by process {pid}{silent}. "
                "Stop that one first, or name another folder with --data."
            )
        locks.sign(self._owner)

    def _launch(self, account: Account, *, again: bool = False) -> None:
        """Start the server and return when it answers. `again`: with its socket where it was."""
        lock = self._take_server_lock()
        try:
            binaries = choose(self._bindir, account, self.folder.made_by())
            if self.folder.made_by() is None:
                self.folder.initialise(binaries, account)
            socket = self.folder.same_socket() if again else self.folder.fresh_socket(account)
            logged = self.folder.log.stat().st_size if self.folder.log.exists() else 0
            self._process = process.spawn(binaries, account, self.folder, socket, lock)
        finally:
            os.close(lock)  # the server's processes hold it from now on
        self._dsn = _dsn(socket, account, DATABASE)
        self._await(logged)

    def _await(self, logged: int) -> None:
        """Return when the server answers. Raises DidNotStart with its last words, from byte `said` of its log."""
        deadline = time.monotonic() + process.PATIENCE
        while self._answering() is None:
            if not self.alive or time.monotonic() > deadline:
                words = last_words(self.folder.log.read_bytes()[logged:].decode(errors="replace"))
                raise DidNotStart(f"PostgreSQL did not start: {words} (more in {self.folder.log})")
            time.sleep(0.02)

    def _take_server_lock(self) -> int:
        """The lock that a server's processes hold, taken once none is left.

        Of a server whose owner was killed a SIGINT makes an orderly end. What is then left of its pid file is
        stale whatever that number means by now, and would keep the next server from starting.
        """
        deadline = time.monotonic() + process.PATIENCE
        asked = False
        while (lock := locks.take(self.folder.place / "server.lock")) is None:
            running = self._answering()
            if running is not None and not asked:
                os.kill(running.pid, signal.SIGINT)
                asked = True
            if time.monotonic() > deadline:
                raise InUse(
                    f"A server that a killed command left on {self.folder.path} does not end. "
                    f"Look at {self.folder.log}."
                )
            time.sleep(0.02)
        if (stranger := self._answering()) is not None:
            os.close(lock)
            raise InUse(
                f"Process {stranger.pid}, not started by this program, serves {self.folder.cluster}. "
                "Stop it first."
            )
        (self.folder.cluster / "postmaster.pid").unlink(missing_ok=True)
        return lock

    def _answering(self) -> Postmaster | None:
        """The server that answers for this very folder at the place it wrote down."""
        self._silence = ""
        written = self.folder.postmaster()
        if written is None:
            return None
        try:
            with psycopg.connect(
                _dsn(written.socket, account_for(self.folder.cluster), "postgres")
            ) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError as error:
            self._silence = str(error).rpartition("failed: ")[2].partition("\n")[0]
            return None
        return written if row == (str(self.folder.cluster),) else None

    def _make_database(self) -> None:
        """The ledger's own database, at the first start."""
        with psycopg.connect(self.dsn, dbname="postgres", autocommit=True) as connection:
            if not connection.execute("select from pg_database where datname = %s", (DATABASE,)).rowcount:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _dsn(socket: Path, account: Account, database: str) -> str:
    """A connection string; libpq itself checks that the server at the other end is the account's."""
    options = {"requirepeer": account.name} if account.name != str(account.uid) else {}
    return make_conninfo(
        host=str(socket),
        port=5432,
        user="postgres",
        dbname=database,
        application_name="episode-ledger",
        **options,
    )


@contextlib.contextmanager
def _as_sentences(folder: DataFolder) -> Iterator[None]:
    """The system's refusals (no right, no space, read-only) said about the data folder."""
    try:
        yield
    except OSError as error:
        raise DataFolderRefused(
            f"The data folder {folder.path} cannot be used: {error.strerror} ({error.filename or 'no file named'}). "
            "Put that right, or name another folder with --data."
        ) from error

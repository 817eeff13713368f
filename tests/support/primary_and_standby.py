"""A primary and its synchronous standby: two real servers, as a production has them, that can be stopped and lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from interface.postgres import EmbeddedPostgres
from interface.postgres.binaries import choose
from interface.postgres.os_account import account_for
from tests.support.waiting import until

BINDIR: Final = Path(os.environ["LEDGER_PG_BINDIR"]) if os.environ.get("LEDGER_PG_BINDIR") else None


def rows(dsn: str, query: str, *params: Any) -> list[tuple[Any, ...]]:
    """What a statement gives, as the owner, in a transaction of its own."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query.encode(), params)
        return cursor.fetchall() if cursor.description else []


def standby_of(primary: EmbeddedPostgres, data: Path, name: str) -> EmbeddedPostgres:
    """A running standby of this server, copied from it, that calls itself so."""
    standby = EmbeddedPostgres(data, BINDIR)
    folder, account = standby.folder, account_for(primary.folder.cluster)
    folder.make()
    folder.lock.touch()
    folder.place_server(account)
    account.own(folder.cluster)
    program = choose(BINDIR, account, primary.folder.made_by()).folder / "pg_basebackup"
    source = make_conninfo(primary.dsn, dbname="", application_name=name)
    done = account.run(
        [program, "-d", source, "-D", folder.cluster, "-R", "-X", "stream", "-c", "fast", "-N"]
    )
    assert done.returncode == 0, done.stderr
    return standby.start()


class Pair:
    """A primary whose commits wait for the standby `node_b`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.primary = EmbeddedPostgres(folder / "a", BINDIR).start()
        self.standby = standby_of(self.primary, folder / "b", "node_b")
        self.wait_for("node_b")

    def dsn(self, database: str) -> str:
        """Wherever the database can be written to: the primary, after a failover the other."""
        known = [conninfo_to_dict(each.dsn) for each in (self.primary, self.standby)]
        hosts = ",".join(str(each["host"]) for each in known)
        return make_conninfo(self.primary.dsn, dbname=database, host=hosts, target_session_attrs="read-write")

    def wait_for(self, name: str, server: EmbeddedPostgres | None = None) -> None:
        """Let commits wait for a standby of this name, and return when it is in place."""
        server = server or self.primary
        rows(server.dsn, f"alter system set synchronous_standby_names = '{name}'")
        rows(server.dsn, "select pg_reload_conf()")
        if name:
            until(lambda: self.states(server) == [(name, "sync")])

    def states(self, server: EmbeddedPostgres | None = None) -> list[tuple[str, str]]:
        """The standbys that follow a server, and how."""
        query = "select application_name, sync_state from pg_stat_replication where state = 'streaming'"
        return rows((server or self.primary).dsn, query)

    def stop_standby(self) -> None:
        """Stop it, and return when the primary knows."""
        self.standby.stop()
        until(lambda: not self.states())

    def start_standby(self) -> None:
        """Start it again, and return when it is in place."""
        self.standby.start()
        until(lambda: self.states() == [("node_b", "sync")])

    def replayed(self) -> None:
        """Return when the standby shows whatever the primary has committed."""
        [(end,)] = rows(self.primary.dsn, "select pg_current_wal_lsn()::text")
        query = "select pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: rows(self.standby.dsn, query, end) == [(True,)])

    @contextmanager
    def held(self) -> Iterator[None]:
        """The standby stays connected meanwhile, and confirms nothing."""
        [(receiver,)] = rows(self.standby.dsn, "select pid from pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(receiver, signal.SIGCONT)

    def waiting(self, statement: str = "ledger.append") -> list[int]:
        """The processes whose statement has this in it, and that wait for the standby now."""
        query = "select pid from pg_stat_activity where wait_event = 'SyncRep' and query like %s"
        return [pid for (pid,) in rows(self.primary.dsn, query, f"%{statement}%")]

    def cancel(self, statement: str) -> int:
        """End the wait of the one process that waits so, as soon as one does; which it was."""
        until(lambda: self.waiting(statement))
        [process] = self.waiting(statement)
        rows(self.primary.dsn, "select pg_cancel_backend(%s)", process)
        return process

    def lose_primary(self) -> None:
        """Kill it as a loss of power does, and make the standby the primary."""
        process = self.primary._process
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        rows(self.standby.dsn, "select pg_promote()")

    def remove(self) -> None:
        """Leave nothing."""
        for each in (self.standby, self.primary):
            each.remove()

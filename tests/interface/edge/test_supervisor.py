"""The service outlives its processes; one that could never start does not."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from contextlib import suppress

import httpx
import pytest

from application.access.credentials import Credentials
from application.store.database import Database
from interface.edge.supervisor import CannotServe
from tests.support.edge_application import edge
from tests.support.http_service import PATIENCE, service, serving_processes
from tests.support.waiting import until

pytestmark = pytest.mark.slow

LIVE = r'^ledger_http_requests_total\{[^}]*route="/livez"[^}]*\} ([0-9.e+]+)$'


def killed(process):
    """Kill one serving process, and wait for another in its place."""
    before = serving_processes(process)
    os.kill(min(before), signal.SIGKILL)
    until(
        lambda: (
            len(serving_processes(process)) == len(before) and min(before) not in serving_processes(process)
        )
    )


def answered(address):
    """Return whether a new connection is answered; one that the killed process held is not."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == 200
    return False


def test_serve_outlives_processes_that_are_killed_again_and_again(dsn, tmp_path):
    with service(dsn, tmp_path, "--workers", "2") as (process, address):
        for _ in range(4):
            killed(process)
            until(lambda: answered(address))
        assert process.poll() is None
        until(lambda: len(serving_processes(process)) == 2)


def test_a_process_that_cannot_start_again_is_tried_until_it_can(tmp_path, monkeypatch):
    with edge(tmp_path, monkeypatch) as server:
        server.ready()
        (tmp_path / "broken").touch()
        os.kill(_only_child(), signal.SIGKILL)
        until(lambda: _starts(tmp_path) >= 3)
        assert not server.failed
        (tmp_path / "broken").unlink()
        server.ready()


def test_what_can_never_start_ends(tmp_path, monkeypatch):
    (tmp_path / "broken").touch()
    with edge(tmp_path, monkeypatch, count=2) as server:
        server.thread.join(PATIENCE)
        assert [type(error) for error in server.failed] == [CannotServe]
        assert _starts(tmp_path) == 2


def test_a_port_that_is_taken_is_named(dsn, tmp_path, capfd):
    with service(dsn, tmp_path) as (_, address):
        port = address.rpartition(":")[2]
        with pytest.raises(AssertionError, match="ended with 1"), service(dsn, tmp_path, "--port", port):
            pass
    assert f"Port {port} of 127.0.0.1 cannot be listened on" in capfd.readouterr().err


def test_all_processes_count_together_and_a_killed_one_is_not_forgotten(dsn, tmp_path):
    database = Database(dsn, "postgres")
    _, token = Credentials(database).new(["administrator"], purpose="audit")
    database.close()
    with service(dsn, tmp_path, "--workers", "2") as (process, address):

        def count():
            answer = httpx.get(
                f"{address}/metrics", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
            )
            found = re.search(LIVE, answer.text, re.MULTILINE)
            return float(found[1]) if found else 0

        before = count()
        for _ in range(40):
            httpx.get(f"{address}/livez", timeout=PATIENCE)
        assert [count() for _ in range(6)] == [before + 40] * 6
        killed(process)
        until(lambda: answered(address))
        assert count() == before + 40


def _starts(folder):
    return len((folder / "starts").read_bytes())


def _only_child():
    """Return the serving process that this test has started."""
    [child] = multiprocessing.active_children()
    return child.pid

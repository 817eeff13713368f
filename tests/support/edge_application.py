"""A small application for the tests of the server: it streams, waits and counts as it is told."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from flask import Flask, Response, request

from interface.cli.commands.serve import _listening, _logging
from interface.edge.supervisor import supervise
from interface.edge.worker import Worker
from tests.support.http_service import PATIENCE, free_port
from tests.support.waiting import until

CHUNK = b"x" * 65536
FOLDER = "EDGE_TEST_FOLDER"
"""In the environment: where files say what happened, and what shall happen."""


def application():
    """Return the application, or fail to start as the file `broken` says."""
    folder = Path(os.environ[FOLDER])
    with (folder / "starts").open("ab") as starts:
        starts.write(b".")
    if (folder / "broken").exists():
        raise RuntimeError("broken on purpose")
    app = Flask("edge")

    @app.get("/livez")
    @app.get("/quick")
    def quick():
        return "quick"

    @app.get("/memory")
    def memory():
        return str(_resident())

    @app.get("/stream")
    def stream():
        return Response(_chunks(folder, int(request.args["chunks"]), failing="failing" in request.args))

    @app.get("/slow")
    def slow():
        (folder / "begun").touch()
        until((folder / "go").exists)
        return "slow"

    return app


def _chunks(folder, count, *, failing):
    try:
        for _ in range(count):
            yield CHUNK
        if failing:
            raise RuntimeError("broken on purpose")
    finally:
        (folder / "closed").touch()


def _resident():
    """Return the bytes that this process holds in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def edge(folder, monkeypatch, *, threads=4, count=1, seconds=20):
    """Serve the application; yield its address, and what stops it."""
    monkeypatch.setenv(FOLDER, str(folder))
    monkeypatch.setenv("LEDGER_REQUEST_SECONDS", str(seconds))
    port, stop, failed = free_port(), threading.Event(), []
    with _listening("127.0.0.1", port) as listener, TemporaryDirectory() as counts:
        worker = Worker(application, listener, threads, _logging(log_requests=False), Path(counts))

        def run():
            try:
                supervise(worker, count, stop.is_set)
            except Exception as error:  # noqa: BLE001  the test looks at it
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield Edge(f"http://127.0.0.1:{port}", stop, thread, failed)
        finally:
            stop.set()
            thread.join()


class Edge:
    """A running server: where it is, how to stop it, and what stopped it."""

    def __init__(self, address, stop, thread, failed):
        self.address, self.stop, self.thread, self.failed = address, stop, thread, failed

    def get(self, path):
        """Return the answer to a GET, over a connection of its own."""
        return httpx.get(self.address + path, timeout=PATIENCE)

    def ready(self):
        """Wait until it answers."""
        until(self._answers)
        return self

    def _answers(self):
        with suppress(httpx.TransportError):
            return self.get("/livez").status_code == 200
        time.sleep(0.01)
        return False

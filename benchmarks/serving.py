"""A real server, as `ledger serve` starts it, with a token of a recorder and one of a manager."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from application.access.credentials import Credentials
from application.store.database import Database
from benchmarks.machine import Machine
from interface.settings import for_child
from interface.wiring.child_processes import Part

_PATIENCE = 60.0


class Server(NamedTuple):
    """Where it listens, and what opens it."""

    port: int
    token: str


@contextmanager
def serving(machine: Machine, dsn: str, *, workers: int, part: type[Part] = Part) -> Iterator[Server]:
    """Serve a ledger for a while. The rate limit counts as always, and is set where nobody reaches it."""
    port = _free()
    environment = for_child(machine.settings(dsn)) | {"LEDGER_RATE": "1000000"}
    serve = part("serve", "--port", str(port), "--workers", str(workers), environment=environment)
    try:
        _await(serve, port)
        yield Server(port, _token(dsn))
    finally:
        serve.stop()


def _token(dsn: str) -> str:
    owner = Database(dsn, role=None)
    try:
        return Credentials(owner).new(["recorder", "reader", "manager"], purpose="safeguarding")[1]
    finally:
        owner.close()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(part: Part, port: int) -> None:
    """Return when it says that it can serve."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            if not part.alive or time.monotonic() > until:
                raise
            time.sleep(0.05)

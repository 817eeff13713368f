"""`ledger serve` as a process of its own, for the tests of what goes over a socket."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from application.crypto.keys import Keys

PATIENCE = 60
"""Seconds for one answer on a machine that is busy with other things."""
SERVE = "import sys; from interface.cli import main; sys.exit(main())"


def free_port():
    """Return a port that nobody listens on, outside those that the system gives away while the service starts."""
    for port in random.sample(range(20000, 32000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


@contextmanager
def service(dsn, folder, *options, **settings):
    """Run `ledger serve` on a database, with options and LEDGER_ settings; yield its process and its address."""
    secrets, port = folder / "secrets.json", free_port()
    if not secrets.exists():
        Keys.new(secrets)
    named = {"DSN": dsn, "KEYS": str(secrets), "NAME": "test"} | settings
    environment = os.environ | {f"LEDGER_{name}": value for name, value in named.items()}
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(process, address)
        yield process, address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(process, address):
    """Wait until the service is ready, or has ended."""
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == 200:
                return
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the service ended with {process.wait(0.05)}")


def serving_processes(process):
    """Return the process ids of the workers of a service."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    return {int(pid) for pid in children if b"spawn_main" in _command(pid)}


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

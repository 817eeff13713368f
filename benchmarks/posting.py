"""Suite: one event a POST over HTTP, 32 in flight, against pgbench."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from benchmarks import client, feed, plain
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Measured, Suite, arm
from benchmarks.serving import Server, serving

_AT_MOST: Final = 8_000
"""Requests a second that nobody here reaches: so many are made for each second."""
IN_FLIGHT: Final = 32


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """The arms on one database; the servers run as long as the stack."""
    dsn = machine.new_ledger()
    plain.prepare(machine, dsn)
    one, two = (stack.enter_context(serving(machine, dsn, workers=workers)) for workers in (1, 2))
    return Suite(
        "POST one event, 32 in flight",
        "requests",
        {
            "pgbench": "32 clients, each row committed by itself",
            "ledger": "ledger serve, as it is",
            "ledger, 2 workers": "ledger serve --workers 2",
        },
        (
            arm("pgbench", lambda: plain.commit(machine, dsn, IN_FLIGHT, seconds)),
            arm("ledger", lambda: post(one, seconds)),
            arm("ledger, 2 workers", lambda: post(two, seconds)),
        ),
        (Against("ledger", "pgbench", 0.30), Against("ledger, 2 workers", "pgbench", 0.30)),
    )


def post(server: Server, seconds: float) -> Measured:
    """Warm up, then measure; every answer must be 201."""
    events = feed.events(feed.seed(), int(_AT_MOST * seconds) + 500)
    requests = [client.post(server.token, client.STRUCTURED, event) for event in events]
    client.drive(server.port, requests[:500], IN_FLIGHT, seconds, 201)
    return client.drive(server.port, requests[500:], IN_FLIGHT, seconds, 201)

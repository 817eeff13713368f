"""Suite: reading children's records with their entries in the access log, against the same without."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from benchmarks import client, feed
from benchmarks.filling import fill, year
from benchmarks.machine import Machine, database_of
from benchmarks.rounds import Against, Measured, Suite, arm
from benchmarks.serving import Server, serving
from benchmarks.unrecorded import Unrecorded

IN_FLIGHT: Final = 32
_ENTRIES: Final = 10_000
_AIM: Final = 1 / 1.5
_AT_MOST: Final = 3_000
"""Reads a second that nobody here reaches."""
_READS: Final = {
    "episode": "/v1/episodes/{subject}",
    "list of 4": "/v1/episodes?limit=4",
    "list of 50": "/v1/episodes?limit=50",
}


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """Two servers of one ledger, each with one worker; the same questions to both."""
    dsn = machine.new_ledger()
    fill(machine, dsn, year(feed.seed(), _ENTRIES))
    recorded = stack.enter_context(serving(machine, dsn, workers=1))
    bare = stack.enter_context(serving(machine, dsn, workers=1, part=Unrecorded))
    query = "select subject from ledger.streams where subject not like 'ledger/%' order by subject limit 200"
    subjects = [subject for (subject,) in machine.execute(query, database_of(dsn))]
    arms, trials, compared = {}, [], []
    for name, path in _READS.items():
        for server, how in ((recorded, name), (bare, f"{name}, unrecorded")):
            arms[how] = f"GET {path}"
            paths = [path.format(subject=subject) for subject in subjects]
            trials.append(arm(how, lambda server=server, paths=paths: _read(server, paths, seconds)))
        compared.append(Against(name, f"{name}, unrecorded", _AIM))
    return Suite("Read with an access entry, 32 in flight", "requests", arms, trials, compared)


def _read(server: Server, paths: list[str], seconds: float) -> Measured:
    """Warm up, then measure; every answer must be 200."""
    requests = [client.get(server.token, path) for path in paths]
    many = requests * (1 + int(_AT_MOST * seconds) // len(requests))
    client.drive(server.port, requests, IN_FLIGHT, seconds, 200)
    return client.drive(server.port, many, IN_FLIGHT, seconds, 200)

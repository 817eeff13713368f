"""One serving process: its event loop, its threads, its share of the connections."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from logging.config import dictConfig
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvicorn
from flask import Flask

from interface.edge.bridge import Bridge
from interface.edge.connection import Connection
from interface.edge.watch import ConnectionWatch
from interface.http.runtime.metrics_registry import count_together
from interface.settings import Limits, SettingsError, from_environment

_log: Final = logging.getLogger("ledger.serve")

_IDLE: Final = 75
"""Seconds that a connection may be idle between requests: longer than clients keep theirs."""
_PATIENCE: Final = 15
"""Seconds for what is in flight to be answered when the service stops."""
_FILES: Final = 256
"""Open files of a process beside its clients' connections."""


class Worker(NamedTuple):
    """What a process is told that serves."""

    load: Callable[[], Flask]
    """Gives the application; found by its name in a new process."""
    socket: socket.socket
    """Where all listen."""
    threads: int
    logging: dict[str, Any]
    counts: Path
    """The folder in which the processes count together."""

    def run(self, number: int, ready: Callable[[], object]) -> None:
        """Serve until SIGTERM or SIGINT, as the process of this number; call `ready` once requests are taken."""
        dictConfig(self.logging)
        count_together(self.counts, number)
        try:
            limits = from_environment().limits
            bridge = Bridge(self.load(), self.threads, limits.batch)
        except SettingsError as error:
            _log.error("%s", error)
            sys.exit(1)
        with suppress(KeyboardInterrupt):
            _Server(_config(bridge), limits, ready).run([self.socket])


class _Server(uvicorn.Server):
    """Uvicorn's server, with a watch over its connections."""

    def __init__(self, config: uvicorn.Config, limits: Limits, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready
        connections: set[Connection] = self.server_state.connections  # type: ignore[assignment]
        self._watch = ConnectionWatch(limits.request_seconds, _connections(limits), connections)
        Connection.watch = self._watch

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._watching = asyncio.ensure_future(self._watch.run())
        self._ready()


def _config(bridge: Bridge) -> uvicorn.Config:
    return uvicorn.Config(
        bridge,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=1024,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_PATIENCE,
    )


def _connections(limits: Limits) -> int:
    """Return how many connections there may be, with as many open files allowed as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return min(limits.connections, max(wanted, soft) - _FILES)

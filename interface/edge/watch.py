"""Whoever keeps us waiting: requests that come too slowly, answers that are not taken, and too many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from interface.edge.connection import Connection
from interface.http.responses.problems import TooSlow

_LOOK: Final = 0.5
"""Seconds between two looks."""
_RATE: Final = 1024
"""Bytes a second that a client must send, and take, at least."""
_GRACE: Final = 10.0
"""Seconds that do not count for the rate: a lost packet alone may cost several."""
_HELD: Final = 256 * 1024 * 1024
"""Bytes of requests that are not whole yet, in one process."""
_AT_ONCE: Final = 50
"""Refusals in one look: each is an answer to be made, and others wait meanwhile."""


@dataclass(slots=True)
class _Unread:
    """How much of an answer a client had not taken, and when."""

    at: float
    size: int


@dataclass
class ConnectionWatch:
    """The connections of one process, looked through twice a second. `seconds`: for a whole request."""

    seconds: float
    most: int
    """Connections at once."""
    connections: set[Connection] = field(default_factory=set)
    held: int = 0
    """Bytes of requests that are not whole."""
    _unread: WeakKeyDictionary[Connection, _Unread] = field(default_factory=WeakKeyDictionary)

    async def run(self) -> None:
        """Look for as long as the process lives."""
        while True:
            await asyncio.sleep(_LOOK)
            self.look(asyncio.get_running_loop().time())

    def look(self, now: float) -> None:
        """Refuse who is too slow."""
        refused = 0
        for connection in list(self.connections):
            self._look_at_answer(connection, now)
            if self._too_slow(connection, now) and refused < _AT_ONCE:
                refused += 1
                self.end(connection)

    def made(self, connection: Connection) -> None:
        """Note a new connection; when there are too many, end the one that we have waited for longest."""
        if len(self.connections) > self.most and (slowest := self._slowest(self.connections - {connection})):
            self.end(slowest)

    def received(self, connection: Connection, size: int) -> None:
        """Count what a connection holds; when all hold too much, end the one that has taken longest."""
        self.held += size
        if size > 0 and self.held > _HELD:
            reading = [one for one in self.connections if one.in_body]
            self.end(self._slowest(reading) or connection)

    def end(self, connection: Connection) -> None:
        """Tell a client that it was too slow; close without a word where there is no request to answer."""
        if connection.began is None:
            connection.transport.close()
        else:
            connection.refuse(
                TooSlow(f"A request must be whole within {self.seconds:g} s, at 1 KiB/s or more.")
            )

    def _slowest(self, connections: Iterable[Connection]) -> Connection | None:
        waiting = [(c.waiting_since, c) for c in connections if c.waiting_since is not None]
        return min(waiting, key=lambda one: one[0], default=(0.0, None))[1]

    def _too_slow(self, connection: Connection, now: float) -> bool:
        """Return whether a request, or the first one, is not whole in time, or comes more slowly than the rate."""
        since = connection.waiting_since
        if since is None or connection.refused or (connection.began is None and not connection.fresh):
            return False  # between requests uvicorn closes it in the end
        waited = now - since
        slow = connection.began is not None and connection.size < _RATE * (
            waited - min(_GRACE, self.seconds / 2)
        )
        return slow or waited > self.seconds

    def _look_at_answer(self, connection: Connection, now: float) -> None:
        """Cut a connection whose client takes less of an answer than the rate, or nothing."""
        size = connection.transport.get_write_buffer_size()
        before = self._unread.get(connection)
        if not size:
            self._unread.pop(connection, None)
        elif before is None or size > before.size:
            self._unread[connection] = _Unread(now, size)
        elif now - before.at > self.seconds:
            if before.size - size < _RATE * self.seconds:
                connection.transport.abort()
            self._unread[connection] = _Unread(now, size)

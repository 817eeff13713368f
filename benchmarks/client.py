"""A small HTTP client that is not the bottleneck: one thread, many connections, requests made beforehand.

It keeps so many requests in flight and asks nothing of an answer but its status and its length: some
twenty microseconds of a processor for each request.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.rounds import Measured

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
_LENGTH: Final = b"content-length: "


class Unexpected(Exception):
    """An answer of another status than was asked for; what it said, so that one sees why."""


def post(token: str, kind: str, body: Any) -> bytes:
    """The bytes of a POST of events."""
    sent = json.dumps(body).encode()
    return (
        _head("POST", "/v1/events", token, f"Content-Type: {kind}\r\nContent-Length: {len(sent)}\r\n") + sent
    )


def get(token: str, path: str) -> bytes:
    """The bytes of a GET."""
    return _head("GET", path, token, "")


def _head(method: str, path: str, token: str, more: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: ledger\r\nAuthorization: Bearer {token}\r\n{more}\r\n".encode()


class _Connection:
    """One connection with one request in flight."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._began = 0.0
        self._held = b""

    def send(self, request: bytes) -> None:
        """Ask."""
        self._began = time.monotonic()
        self._held = b""
        self.socket.sendall(request)

    def took(self, expected: bytes) -> float | None:
        """Read what is there; the time in milliseconds once the answer is whole, and of the expected status."""
        self._held += self.socket.recv(1 << 20)
        head, found, body = self._held.partition(b"\r\n\r\n")
        if not found:
            return None
        at = head.lower().index(_LENGTH) + len(_LENGTH)
        if len(body) < int(head[at:].split(b"\r", 1)[0]):
            return None
        if not head.startswith(expected):
            raise Unexpected(self._held.decode(errors="replace"))
        return 1000 * (time.monotonic() - self._began)


def drive(port: int, requests: Sequence[bytes], in_flight: int, seconds: float, status: int) -> Measured:
    """Keep requests in flight until the time or the requests are over; each must get that status."""
    waiting, millis, expected = deque(requests), [], f"HTTP/1.1 {status} ".encode()
    connections = [_Connection(port) for _ in range(min(in_flight, len(waiting)))]
    began = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(waiting.popleft())
        while selector.get_map():
            for key, _ in selector.select():
                if (took := key.data.took(expected)) is None:
                    continue
                millis.append(took)
                if waiting and time.monotonic() < began + seconds:
                    key.data.send(waiting.popleft())
                else:
                    selector.unregister(key.data.socket)
                    key.data.socket.close()
    return Measured(len(millis) / (time.monotonic() - began), tuple(sorted(millis)))

"""HTTP byte by byte, for the tests of what a client may do to its connection."""

from __future__ import annotations

import socket
from contextlib import suppress

from tests.support.http_service import PATIENCE


class RawClient:
    """One connection. What is received is kept, so that answers may be taken one after the other."""

    def __init__(self, address, buffer=None):
        """Connect; `buffer`: bytes that the system may receive for a client that does not read."""
        host, _, port = address.removeprefix("http://").partition(":")
        self.socket = socket.socket()
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((host, int(port)))
        self._received = b""

    def send(self, *parts):
        """Send; a connection that the other side has closed takes nothing."""
        for part in parts:
            with suppress(BrokenPipeError, ConnectionResetError):
                self.socket.sendall(part)
        return self

    def answer(self):
        """Return status, headers and body of the next answer; None when the connection ended instead."""
        while b"\r\n\r\n" not in self._received:
            if not self._receive():
                return None
        head, _, rest = self._received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self._received, size = rest, int(headers.get("content-length", 0))
        while len(self._received) < size and self._receive():
            pass
        body, self._received = self._received[:size], self._received[size:]
        return int(first.split()[1]), headers, body

    def ended(self):
        """Wait for the end of the connection and close it; return what came before."""
        while self._receive():
            pass
        self.close()
        return self._received

    def _receive(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._received += data
        return bool(data)

    def close(self):
        """Close."""
        self.socket.close()


def request(method, path, headers=(), body=None):
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: test", *(f"{name}: {value}" for name, value in headers)]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")

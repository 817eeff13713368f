"""One question over HTTP to somebody outside, and the answer: bounded in time and in size, whatever the other does."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from application.merkle_log.publishing.target import DeliveryFailed

_PATIENCE: Final = 10.0
"""Seconds that connecting may take, and after it the whole exchange."""
_MOST: Final = 64 * 1024
"""Bytes of an answer at most."""
_FORM: Final = "must be an address such as https://example.gov.uk/checkpoints"
_SCHEMES: Final = {"http": (HTTPConnection, 80), "https": (HTTPSConnection, 443)}


class HttpReply(NamedTuple):
    """The reply to a request."""

    status: int
    media_type: str
    body: bytes


class Address:
    """Where to ask: an http or https URL. A name and password in it go into a header, and are never shown."""

    def __init__(self, text: str) -> None:
        """From its text; ValueError, without it, when it is no such address."""
        try:
            parts = urlsplit(text)
            self._host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError(_FORM) from None
        if parts.scheme not in _SCHEMES or not self._host or not re.fullmatch(r"[!-~]+", text):
            raise ValueError(_FORM)
        self._kind, usual = _SCHEMES[parts.scheme]
        self._port = port or usual
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = _authorization(parts.username, parts.password)
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._target}"
        """Without name and password."""

    def __repr__(self) -> str:
        """The host alone: the rest can be a secret."""
        return f"Address({self._host})"

    def __truediv__(self, name: str) -> Address:
        """The address of something below this one."""
        below = Address(f"{self.url.rstrip('/')}/{name}")
        below._headers = self._headers
        return below

    def post(self, body: bytes, headers: Mapping[str, str]) -> HttpReply:
        """Post, follow no redirection, and read the answer; raise NotTaken when there is none that can be read."""
        try:
            with self._connected() as sock, _cut_off(sock):
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                connection = self._kind(self._host, self._port)
                connection.sock = sock
                connection.request("POST", self._target, body, {**self._headers, **headers})
                return _read(connection.getresponse())
        except TimeoutError:
            raise DeliveryFailed(f"no answer within {_PATIENCE:g} s") from None
        except HTTPException as error:
            raise DeliveryFailed(f"no answer that is HTTP ({type(error).__name__})") from None
        except OSError as error:
            raise DeliveryFailed(f"not reached: {error.strerror or type(error).__name__}") from None

    def _connected(self) -> socket.socket:
        """A connection; the certificate of the other is checked when they shake hands."""
        plain = socket.create_connection((self._host, self._port), _PATIENCE)
        if self._kind is not HTTPSConnection:
            return plain
        return ssl.create_default_context().wrap_socket(
            plain, server_hostname=self._host, do_handshake_on_connect=False
        )


def _authorization(name: str | None, password: str | None) -> dict[str, str]:
    """Basic authentication (RFC 7617), if the address has a name."""
    if name is None:
        return {}
    pair = f"{unquote(name)}:{unquote(password or '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


@contextmanager
def _cut_off(sock: socket.socket) -> Iterator[None]:
    """End it by force after our patience: who answers byte by byte would never run into a socket's own limit."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        with suppress(OSError):  # it has ended by itself
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_PATIENCE, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if over.is_set():
            raise TimeoutError


def _read(response: HTTPResponse) -> HttpReply:
    with response:
        body = response.read(_MOST + 1)
        if len(body) > _MOST:
            raise DeliveryFailed(f"its answer is longer than {_MOST:,} bytes")
        return HttpReply(response.status, response.headers.get_content_type(), body)

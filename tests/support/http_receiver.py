"""Somebody outside who listens over HTTP, for the tests of what is sent out: what was asked, and answers as told."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple


class Asked(NamedTuple):
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Answered(NamedTuple):
    """What to answer."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"
    headers: Mapping[str, str] = MappingProxyType({})


Reply = Callable[[Asked], Answered]


@dataclass
class Somebody:
    """Who listens: where, and what came so far. `reply` may be exchanged meanwhile."""

    url: str
    reply: Reply
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def listening(reply: Reply, context: ssl.SSLContext | None = None) -> Iterator[Somebody]:
    """Listen on a free port until this ends."""
    somebody = Somebody("", reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            somebody.asked.append(Asked(self.path, dict(self.headers.items()), body))
            answered = somebody.reply(somebody.asked[-1])
            self.send_response(answered.status)
            for name, value in {"Content-Type": answered.media_type, **answered.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answered.body)))
            self.end_headers()
            self.wfile.write(answered.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        somebody.url = f"http{'s' if context else ''}://localhost:{server.server_address[1]}/in"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield somebody
        finally:
            server.shutdown()
            thread.join()

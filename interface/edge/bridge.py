"""From a request that has arrived whole to the WSGI application in a thread, and back to the client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from flask import Flask

from interface.edge.environ import Body, environ_of
from interface.edge.threads import Threads
from interface.http.app import REFUSED

_log: Final = logging.getLogger("ledger.http")
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]
_PROBES: Final = frozenset({b"/livez", b"/readyz"})
"""Asked by those who restart what does not answer, so they have threads of their own."""
_PROBE_THREADS: Final = 4


@dataclass(slots=True)
class BridgedAnswer:
    """What the application answered: the beginning, and where the rest comes from (None: that was all)."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    first: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class Bridge:
    """The ASGI application of one process. It holds a thread only while the application computes."""

    def __init__(self, application: Flask, threads: int, most: int) -> None:
        """Say how many threads, and how many bytes of a body are kept (`most`)."""
        self._application, self._most = application, most
        self._threads, self._probes = Threads(threads, "request"), Threads(_PROBE_THREADS, "probe")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Read the body, let a thread answer, send the answer."""
        body = await self._read(receive)
        if body is None:
            return
        environ = environ_of(scope, body)
        threads = self._probes if REFUSED in scope or scope["target"] in _PROBES else self._threads
        if REFUSED in scope:
            environ[REFUSED] = scope[REFUSED]
        answer = await threads.run(partial(self._answer, environ))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if answer.rest is None:
            await send({"type": "http.response.body", "body": answer.first})
        else:
            await self._stream(answer, receive, send)

    async def _read(self, receive: Receive) -> Body | None:
        """Return the body once it is whole, what is over the limit thrown away; None when the client is gone."""
        chunks, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk, more = message["body"], message["more_body"]
            size += len(chunk)
            if size <= self._most:
                chunks.append(chunk)
            else:
                chunks.clear()
        return Body(b"".join(chunks), size)

    def _answer(self, environ: dict[str, Any]) -> BridgedAnswer:
        """Let the application answer, up to the first bytes of its body; in a thread."""
        answer = BridgedAnswer()

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
            answer.status = int(status[:3])
            answer.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            return lambda _: None

        parts = self._application.wsgi_app(environ, start)
        answer.close = getattr(parts, "close", answer.close)
        chunks = iter(parts)
        answer.first = next(chunks, b"")
        if any(name == b"Content-Length" for name, _ in answer.headers):  # it is not streamed
            answer.first = b"".join((answer.first, *chunks))
            answer.close()
        else:
            answer.rest = chunks
        return answer

    async def _stream(self, answer: BridgedAnswer, receive: Receive, send: Send) -> None:
        """Send part after part, each made when the client has taken those before; a thread makes each."""
        assert answer.rest is not None
        gone = asyncio.ensure_future(receive())  # it returns when the client is gone
        chunk: bytes | None = answer.first
        try:
            while chunk is not None and not gone.done():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await self._threads.run(partial(next, answer.rest, None))
            if chunk is None:
                await send({"type": "http.response.body", "body": b""})
        except Exception as error:  # noqa: BLE001  the answer has begun: all that is left is to break it off
            _log.error("an answer broke off: %s", type(error).__name__)
        finally:
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone
            await self._threads.run(answer.close)

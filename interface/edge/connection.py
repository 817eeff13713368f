"""One client's connection: how long it may keep us waiting, and what it is told when that is over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from domain.errors import LedgerError, TooLarge
from interface.edge.lingering import Lingering
from interface.http.app import REFUSED
from interface.http.responses.problems import HeadTooLarge, Unreadable

if TYPE_CHECKING:
    from interface.edge.watch import ConnectionWatch

_HEAD: Final = 32 * 1024
"""Bytes of a request line with its headers."""
_WAITED_FOR: Final = 64 * 1024 * 1024
"""Bytes of a body that are read, if only to be thrown away: who is still sending would not see our answer."""


class Connection(HttpToolsProtocol):
    """Uvicorn's connection, with limits on what uvicorn waits for without one.

    `began`: when the request that is being read began; None between requests. `size`: its bytes until now.
    `since`: when the client last got something, or connected. `answering`: requests read and not answered.
    `leaving`: the client asked for another protocol. `fresh`: it has not asked for anything yet.
    """

    watch: ConnectionWatch
    """Set on the class that a server uses."""

    def __init__(self, *args: Any, **given: Any) -> None:
        """Begin without a request."""
        super().__init__(*args, **given)
        self.began: float | None = None
        self.size = self.answering = 0
        self.refused = self.in_body = self.leaving = False
        self.fresh = True
        self.since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, in place of the slowest one if there are too many."""
        super().connection_made(transport)
        self.watch.made(self)

    @property
    def waiting_since(self) -> float | None:
        """Since when we wait for the client to send; None while we have something to answer."""
        if self.answering > self.in_body:
            return None
        return self.since if self.began is None else self.began

    def data_received(self, data: bytes) -> None:
        """Read on. Everything after a request that was refused is thrown away."""
        if self.refused:
            return
        if self.began is None:
            self.began, self.size = self.loop.time(), 0
        self.size += len(data)
        self.watch.received(self, len(data))
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._stay(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.refuse(Unreadable("This is not a valid HTTP/1.1 request."))
        if self.size > _HEAD and not self.in_body and not self.refused:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """Start the request, unless its client would rather speak another protocol: it is read again then."""
        self.leaving = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self.leaving:
            return
        self.in_body, self.fresh = True, False
        self.answering += 1
        head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        self.scope["target"], self.url = self.url, b"/"  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()
        if head > _HEAD:
            self._refuse_head()
        elif self._declared() > _WAITED_FOR:
            self.refuse(TooLarge(f"A body may have at most {_WAITED_FOR} bytes."))

    def on_message_complete(self) -> None:
        """Note that nothing is missing."""
        if not self.leaving:
            super().on_message_complete()
            self._whole()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        super().on_body(body)
        if self.size > _WAITED_FOR:
            self.refuse(TooLarge(f"A body may have at most {_WAITED_FOR} bytes."))

    def connection_lost(self, error: Exception | None) -> None:
        """Forget it."""
        super().connection_lost(error)
        self._whole()

    def on_response_complete(self) -> None:
        """Wait for the next request; its time begins now, whatever of it has come already."""
        self.answering -= 1
        self.since = self.loop.time()
        if self.began is not None:
            self.began = self.since
        super().on_response_complete()

    def refuse(self, error: LedgerError) -> None:
        """Answer with a problem, and close the connection; what is being answered is answered first."""
        self.refused = True
        if self.in_body:  # who reads the body goes on with what there is, and finds the refusal
            self.scope[REFUSED] = error  # type: ignore[typeddict-unknown-key]
            self.cycle.keep_alive, self.cycle.more_body = False, False
            self.cycle.transport = Lingering(self.transport, self.loop)
            self.cycle.message_event.set()
        elif self.answering:
            self.cycle.keep_alive = False
        else:
            self._answer_alone(error)
        self.flow.resume_reading()
        self._whole()

    def _refuse_head(self) -> None:
        self.refuse(HeadTooLarge(f"Request line and headers may have at most {_HEAD} bytes."))

    def _whole(self) -> None:
        """Nothing more is awaited of this request."""
        self.watch.received(self, -self.size)
        self.began, self.in_body, self.size = None, False, 0

    def _answer_alone(self, error: LedgerError) -> None:
        """Answer what never became a request."""
        self.answering += 1
        alone = {"type": "http", "method": "", "target": b"/", "http_version": "1.1", "headers": []}
        scope: Any = alone | {"client": self.client, "server": self.server, REFUSED: error}
        self.cycle = RequestResponseCycle(
            scope=scope,
            transport=Lingering(self.transport, self.loop),
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        self.cycle.more_body = False
        self.cycle.message_event.set()
        self._start_asgi_task(self.cycle, self.app)

    def _declared(self) -> int:
        """Return the length of the body, as its head says."""
        return next((int(value) for name, value in self.headers if name == b"content-length"), 0)

    def _stay(self, rest: bytes) -> None:
        """Read a request again that asked for another protocol (h2c, which Java asks for): we stay with ours.

        The parser ends at such a head and takes the body for the other protocol's.
        """
        if not self.leaving:  # CONNECT, which is answered as it stands
            self.refuse(Unreadable("This is not a valid HTTP/1.1 request."))
            return
        kept = [(n, v) for n, v in self.headers if n not in {b"upgrade", b"connection", b"http2-settings"}]
        line = b"%s %s HTTP/1.1\r\n" % (self.parser.get_method(), self.url)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(line + b"".join(b"%s: %s\r\n" % one for one in kept) + b"\r\n")
        if rest:
            self.data_received(rest)

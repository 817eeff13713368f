"""A connection that ends gently: a client that is still sending reads our answer first."""

from __future__ import annotations

import asyncio
from typing import Any, Final

_SECONDS: Final = 2.0
"""How long a client may take to read the last answer."""


class Lingering(asyncio.Transport):
    """What the last answer is written to: to close a connection with unread data at hand would reset it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to this transport."""
        super().__init__()
        self._transport, self._loop = transport, loop

    def write(self, data: Any) -> None:
        """Write."""
        self._transport.write(data)

    def is_closing(self) -> bool:
        """Return whether it is closed, or about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Say that this was all, and close when the client has, or after a while."""
        if not self._transport.is_closing():
            self._transport.write_eof()
            self._loop.call_later(_SECONDS, self._transport.abort)

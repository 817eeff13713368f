"""The body of a request, kept no longer than its limit."""

from __future__ import annotations

from typing import Final

from flask import request

from domain.errors import TooLarge

_CHUNK: Final = 64 * 1024
_WAITED_FOR: Final = 64 * 1024 * 1024
"""Bytes of a body over its limit that are read all the same."""


def read_body(limit: int) -> bytes:
    """The body. One over its limit is thrown away as it comes, and not waited for when it is far over it.

    A client that is still sending when the connection ends often sees that, and never reads the answer.
    """
    if (request.content_length or 0) <= _WAITED_FOR:
        chunks, size = [], 0
        while size <= _WAITED_FOR and (chunk := request.stream.read(_CHUNK)):
            size += len(chunk)
            if size <= limit:
                chunks.append(chunk)
        if size <= limit:
            return b"".join(chunks)
    raise TooLarge(f"The body may have at most {limit} bytes.")

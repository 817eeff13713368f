"""The body of a request, read no further than its limit."""

from __future__ import annotations

from typing import Final

from flask import request

from domain.errors import TooLarge

_CHUNK: Final = 64 * 1024


def read_body(limit: int) -> bytes:
    """The body, refused as soon as it is known to be over its limit: by its length, or while it comes."""
    if (request.content_length or 0) > limit:
        raise TooLarge(f"The body may have at most {limit} bytes.")
    chunks, left = [], limit
    while chunk := request.stream.read(min(left + 1, _CHUNK)):
        chunks.append(chunk)
        left -= len(chunk)
        if left < 0:
            raise TooLarge(f"The body may have at most {limit} bytes.")
    return b"".join(chunks)

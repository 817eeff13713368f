"""The body of a request, within its limit and as it is."""

from __future__ import annotations

from flask import request

from domain.errors import TooLarge
from interface.http.responses.problems import IDENTITY, UnsupportedEncoding


def read_body(limit: int) -> bytes:
    """Return the body; raise TooLarge when it is over the limit, also where only its length says so.

    The server in front reads bodies whole, and keeps none that is over the limit of every route.
    """
    if (request.content_length or 0) <= limit:
        body = request.stream.read(limit + 1)
        if len(body) <= limit:
            return body
    raise TooLarge(f"The body may have at most {limit} bytes.")


def check_encoding() -> None:
    """Raise UnsupportedEncoding when the body is compressed, or encoded in any other way."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", IDENTITY} and request.method not in {"GET", "HEAD"}:
        raise UnsupportedEncoding("The body must not be compressed: send it without Content-Encoding.")

"""Answers: in JSON, or plain text."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from flask import Response

TEXT: Final = "text/plain"
_ENCODER = msgspec.json.Encoder()


def answer(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """An answer in JSON, UTF-8."""
    return Response(_ENCODER.encode(value), status, content_type=media_type)


def text(value: str) -> Response:
    """An answer that is a text of its own form, UTF-8."""
    return Response(value, content_type=f"{TEXT}; charset=utf-8")

"""JSON answers."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response

_ENCODER = msgspec.json.Encoder()


def answer(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """An answer in JSON, UTF-8."""
    return Response(_ENCODER.encode(value), status, content_type=media_type)

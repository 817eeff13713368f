"""Answers: in JSON, or plain text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from flask import Response

from application.answers.disclosures import DisclosedRecords, DisclosingAnswer

TEXT: Final = "text/plain"
_ENCODER = msgspec.json.Encoder()


class DisclosingResponse(Response):
    """A response that shows records; which ones, for the access log."""

    def __init__(
        self, content: str | bytes | Iterable[bytes], disclosed: DisclosedRecords, media_type: str
    ) -> None:
        """Remember what the content discloses: all of it, also where it is streamed."""
        super().__init__(content, content_type=media_type)
        self.disclosed = disclosed


def disclosing(found: DisclosingAnswer) -> DisclosingResponse:
    """Return an answer in JSON, UTF-8, with the records that it discloses."""
    return DisclosingResponse(_ENCODER.encode(found.json), found.disclosed, "application/json")


def answer(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """An answer in JSON, UTF-8."""
    return Response(_ENCODER.encode(value), status, content_type=media_type)


def text(value: str) -> Response:
    """An answer that is a text of its own form, UTF-8."""
    return Response(value, content_type=f"{TEXT}; charset=utf-8")

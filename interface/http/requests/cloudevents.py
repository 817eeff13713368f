"""CloudEvents 1.0 over HTTP, as they arrive: structured, binary or a batch of structured ones.

Binary: attributes in `ce-` headers, non-ASCII percent-encoded; the body is `data`, in JSON.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from flask import request

from domain.errors import Fault, InvalidCloudEvent, InvalidJson, TooLarge
from interface.http.requests.batch_splitter import split
from interface.http.requests.body import read_body
from interface.http.responses.problems import UnsupportedMediaType
from interface.settings import Limits
from interface.validation import read_json

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
BINARY: Final = "application/json"
_MODES: Final = frozenset({STRUCTURED, BATCH, BINARY})
_ENVELOPE: Final = {"type", "source", "data"}
"""Attributes by which a structured event is known that was sent under another content type."""
_UTF_8: Final = {"utf-8", "utf8", "us-ascii"}


class ReceivedEvents(NamedTuple):
    """The events of one request, read from JSON and not checked yet."""

    events: list[Any | TooLarge]
    batch: bool


def read_posted(limits: Limits) -> ReceivedEvents:
    """Read this request's events; raise by content type, size, bytes, or when a batch is no list."""
    mode = _mode()
    if mode != BATCH:
        body = read_body(limits.event)
        return ReceivedEvents([_structured(body) if mode == STRUCTURED else _binary(body)], batch=False)
    items = split(read_body(limits.batch), limits.batch_events)
    return ReceivedEvents([_item(item, index, limits.event) for index, item in enumerate(items)], batch=True)


def _item(item: bytes, index: int, limit: int) -> Any:
    """Return one event of a batch, unread when it is too large."""
    if len(item) > limit:
        return TooLarge(f"An event takes at most {limit} bytes.")
    try:
        return read_json(item)
    except InvalidJson as error:
        raise InvalidJson(f"In event /{index} of the batch: {error.detail}") from None


def _mode() -> str:
    """The mode, by the content type; binary mode may leave it out, as the CloudEvents SDKs do, or name any JSON."""
    if (plain := request.environ.get("CONTENT_TYPE")) in _MODES:
        return str(plain)
    mode = request.mimetype
    if mode not in _MODES and "Ce-Specversion" in request.headers and (not mode or mode.endswith("+json")):
        mode = BINARY
    if mode not in _MODES:
        raise UnsupportedMediaType(f"Send {STRUCTURED}, {BATCH}, or {BINARY} with ce- headers.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in _UTF_8:
        raise UnsupportedMediaType("The charset must be UTF-8.")
    return mode


def _structured(body: bytes) -> Any:
    event = read_json(body)
    if isinstance(event, list):
        raise _sent_as("a batch", BATCH)
    return event


def _sent_as(what: str, right: str) -> InvalidCloudEvent:
    """Return the refusal of a body that was sent under the content type of another mode."""
    return InvalidCloudEvent(
        f"This is {what}: send it as {right}.", (Fault("/Content-Type", f"must be {right}"),)
    )


def _binary(body: bytes) -> dict[str, Any]:
    event = {
        name[3:].lower(): _header(value)
        for name, value in request.headers.items()
        if name[:3].lower() == "ce-"
    }
    data = read_json(body)
    if not event and isinstance(data, dict) and data.keys() >= _ENVELOPE:
        raise _sent_as("a structured event", STRUCTURED)
    if not event and isinstance(data, list):
        raise _sent_as("a batch", BATCH)
    return {**event, "datacontenttype": BINARY, "data": data}


def _header(value: str) -> str:
    """A header's value: perhaps quoted, then percent-encoded UTF-8 (CloudEvents HTTP binding 3.1.3.2)."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise InvalidCloudEvent("A ce- header is not percent-encoded UTF-8.") from None

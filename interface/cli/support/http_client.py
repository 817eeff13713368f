"""Posting events to a served ledger over HTTP, as a case system would: in batches, with patience."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from email.message import Message
from typing import Any, Final

import msgspec

from interface.cli.support.exit_status import Failed, NoDatabase

_BATCH: Final = "application/cloudevents-batch+json"
_PATIENCE: Final = 60.0
"""Seconds for which a service that cannot record now is asked again."""
_LATER: Final = (429, 503)


class Service:
    """The HTTP service of a ledger, and a token that may record there."""

    def __init__(self, url: str, token: str) -> None:
        """`url` is the service's address, with or without /v1/events."""
        if not url.startswith(("http://", "https://")):
            raise Failed("The address must begin with http:// or https://.")
        self._url = url.rstrip("/").removesuffix("/v1/events") + "/v1/events"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": _BATCH}

    def post(self, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Post a batch; its outcomes in order. Failed when the service refuses it as a whole."""
        body, until = msgspec.json.encode(events), time.monotonic() + _PATIENCE
        while True:
            try:
                return self._post(body)
            except urllib.error.HTTPError as error:
                if error.code not in _LATER or time.monotonic() > until:
                    raise Failed(f"The service refused: {error.code} {_detail(error)}") from None
                time.sleep(_seconds(error.headers))
            except OSError as error:
                if time.monotonic() > until:
                    reason = getattr(error, "reason", error)
                    raise NoDatabase(f"The service does not answer at {self._url}: {reason}.") from None
                time.sleep(1)

    def _post(self, body: bytes) -> list[dict[str, Any]]:
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310  checked above
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            outcomes: list[dict[str, Any]] = msgspec.json.decode(answer.read())["outcomes"]
        return outcomes


def _detail(error: urllib.error.HTTPError) -> str:
    """Return what a problem document says, if it is one."""
    try:
        problem = msgspec.json.decode(error.read())
        return f"{problem['title']}: {problem.get('detail', '')}"
    except (msgspec.DecodeError, KeyError, TypeError):
        return str(error.reason)


def _seconds(headers: Message) -> float:
    """How long the service asks to wait."""
    text = headers.get("Retry-After", "1")
    return min(float(text), 30.0) if text.isdigit() else 1.0

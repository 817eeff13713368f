"""`Prefer: wait=<seconds>` (RFC 7240): how long an answer may be held for what is not there yet."""

from __future__ import annotations

import re
from typing import Final

from flask import request

from interface.http.contract.operation import Header

_LONGEST: Final = 30.0
"""Seconds for which an answer is held at most."""
_WAIT: Final = re.compile(
    r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]{1,6})\"?\s*(?:$|[,;])", re.ASCII | re.IGNORECASE
)


def prefer(what: str) -> Header:
    """The header, with what the answer is held for."""
    return Header("Prefer", f"`wait=<seconds>`: how long to hold the answer {what}.", {"type": "string"})


PREFER_SEALED: Final = prefer("until a signed checkpoint covers the entry")


def preferred_wait() -> float:
    """The seconds of `Prefer: wait=…`; 0 when it says nothing that can be meant."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(float(found[1]), _LONGEST) if found else 0.0

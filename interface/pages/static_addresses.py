"""The addresses of styles and icon: each has the hash of all of them in it, so that a browser may keep it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

TYPES: Final = {"govuk.css": "text/css; charset=utf-8", "pages.css": "text/css; charset=utf-8",
                "favicon.svg": "image/svg+xml"}  # fmt: skip
"""The files that are served, and their media types."""


@cache
def content(name: str) -> bytes:
    """Return one of the files."""
    return (files("interface.pages") / "static" / name).read_bytes()


@cache
def version() -> str:
    """Return the hash of all files."""
    return hashlib.sha256(b"".join(map(content, TYPES))).hexdigest()[:16]


def address(name: str) -> str:
    """Return the address of one of the files."""
    return f"/static/pages/{version()}/{name}"

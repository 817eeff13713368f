"""A request as WSGI describes it (PEP 3333)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

_ALWAYS: Final[dict[str, Any]] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "ledger",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
}
_OTHER: Final = {
    "content-type": "CONTENT_TYPE",
    "content-length": "CONTENT_LENGTH",
    "transfer-encoding": None,
}
"""Two headers that WSGI names without a prefix, and one that says what is no longer so."""


class Body(NamedTuple):
    """The body of a request: what was kept of it, and how much there was."""

    kept: bytes = b""
    size: int = 0


def environ_of(scope: dict[str, Any], body: Body) -> dict[str, Any]:
    """Return the environ of a request; `scope["target"]` is what stands in its first line."""
    path, _, query = _without_host(scope["target"]).partition(b"?")
    environ = _ALWAYS | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.input": io.BytesIO(body.kept),
    }
    environ["REMOTE_ADDR"] = scope["client"][0] if scope["client"] else ""
    host, port = scope["server"] or ("", None)
    environ["SERVER_NAME"], environ["SERVER_PORT"] = host, str(port or "")
    _add_headers(environ, scope["headers"])
    environ["CONTENT_LENGTH"] = str(body.size)
    return environ


def _without_host(target: bytes) -> bytes:
    """Return path and query of a target, also where a client for proxies puts the whole address there."""
    if target.startswith(b"/") or b"://" not in target:
        return target
    rest = target.partition(b"://")[2]
    at = min((at for at in (rest.find(b"/"), rest.find(b"?")) if at >= 0), default=len(rest))
    return rest[at:] if rest[at : at + 1] == b"/" else b"/" + rest[at:]


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add each header; one that comes twice is a list. One that could pass for another is left out."""
    for name, value in headers:
        if (key := _key(name)) is not None:
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text


@lru_cache(maxsize=1_000)
def _key(name: bytes) -> str | None:
    """Return a header's name in the environ. WSGI writes hyphens as underscores: `a_b` would pass for `a-b`."""
    text = name.decode("latin-1").lower()
    return None if "_" in text else _OTHER.get(text, "HTTP_" + text.upper().replace("-", "_"))

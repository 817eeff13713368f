"""GET /openapi.json and /docs: what the routes declare of themselves, for machines and for people."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from inspect import getdoc
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template_string

from domain.facts import FACTS
from interface.http.contract.operation import Answer, public
from interface.http.contract.recording_schemas import OpenAPISchema
from interface.http.responses.bodies import answer
from interface.http.responses.problems import KINDS
from interface.http.routes.openapi_document import describe

blueprint = Blueprint("openapi", __name__)

_HELD: Final = "ledger-openapi"


@blueprint.get("/openapi.json")
@public("This interface, as OpenAPI 3.1", answers={200: Answer("The document", OpenAPISchema)})
def document() -> Response:
    """The document of this application's routes."""
    return answer(_described())


@blueprint.get("/docs")
@public("This interface, to read", answers={200: Answer("A page", None, "text/html")})
def docs() -> Response:
    """The same document as one page, with nothing from elsewhere."""
    style = _text("docs.css")
    types = {cls.TYPE: (getdoc(cls) or "").partition("\n")[0] for cls in FACTS.values()}
    page = render_template_string(
        _text("docs.html"), api=_described(), style=style, problems=KINDS, types=types
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{allowed}';"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return response


@cache
def _text(name: str) -> str:
    return (files("interface.http.routes") / name).read_text(encoding="utf-8")


def _described() -> dict[str, Any]:
    """Made once for an application: its routes do not change."""
    held: dict[str, Any] = current_app.extensions
    if _HELD not in held:
        held[_HELD] = describe(current_app)
    made: dict[str, Any] = held[_HELD]
    return made

"""GET /static/pages/{hash}/{file}: styles and icon, kept by the browser for good."""

from __future__ import annotations

from flask import Blueprint, Response

from domain.errors import NotFound
from interface.http.contract.operation import public
from interface.pages.static_addresses import TYPES, content, version

blueprint = Blueprint("pages_static", __name__)


@blueprint.get("/static/pages/<digest>/<name>")
@public("A style or an icon of the pages", for_people=True)
def static_file(digest: str, name: str) -> Response:
    """One file; another version of it is another address."""
    if digest != version() or name not in TYPES:
        raise NotFound("there is no such file")
    response = Response(content(name), content_type=TYPES[name])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response

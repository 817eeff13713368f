"""GET /: leads a browser to the pages."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from domain.errors import NotFound
from interface.http.contract.operation import public
from interface.pages.shown.frame import TONIGHT

blueprint = Blueprint("pages_front_door", __name__)


@blueprint.get("/")
@public("The pages, for a browser", for_people=True)
def front_door() -> Response:
    """Lead a browser to the pages; for programs there is nothing here."""
    wanted = request.accept_mimetypes
    if wanted["text/html"] <= wanted["application/json"]:
        raise NotFound("There is no such route: /docs lists the routes")
    return redirect(TONIGHT, 303)  # type: ignore[return-value]  # werkzeug's class is Flask's base

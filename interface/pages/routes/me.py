"""GET /pages/me: who I am here, and until when."""

from __future__ import annotations

from flask import Response, g

from application.access.credentials import ROLES
from domain.errors import NotFound
from interface.http.contract.operation import public, requires
from interface.http.runtime.services import services
from interface.pages import render
from interface.pages.routes.pages_blueprint import pages_blueprint
from interface.pages.shown.me import me

blueprint = pages_blueprint("me")


@blueprint.get("/pages/me")
@requires(*ROLES, summary="Who I am here", for_people=True)
def mine() -> Response:
    """The session of the reader."""
    return render.page("me.html", "My session", me=me(g.session, services().clock()))


@blueprint.get("/pages/<path:_>")
@public("A page that is not there", for_people=True)
def nothing(_: str) -> Response:
    """No other page is there."""
    raise NotFound("there is no such page")

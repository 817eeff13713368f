"""The application: its routes, and what surrounds every request. All wiring of HTTP is visible here."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Flask, Response, g, request

from domain.errors import NotFound
from interface.http.guards.access_recording import with_access_recorded
from interface.http.guards.authorisation import guard
from interface.http.guards.rate_limit import Limiter
from interface.http.requests.body import check_encoding
from interface.http.requests.parameters import check_names
from interface.http.responses import problems
from interface.http.routes import (
    access,
    children,
    episodes,
    events,
    evidence,
    health,
    ledger,
    measures,
    metrics,
    obligations,
    openapi,
    quality,
    rulebook,
    schemas,
)
from interface.http.runtime.services import Services

BLUEPRINTS: Final = (
    events.blueprint,
    episodes.blueprint,
    evidence.blueprint,
    children.blueprint,
    access.blueprint,
    obligations.blueprint,
    measures.blueprint,
    rulebook.blueprint,
    quality.blueprint,
    ledger.blueprint,
    schemas.blueprint,
    openapi.blueprint,
    health.blueprint,
    metrics.blueprint,
)
_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_UNLESS_SAID: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise."""

REFUSED: Final = "ledger.refused"
"""In the environ: why the server in front could not read the request. It is answered like any other error."""

log = logging.getLogger("ledger.access")


class _Ledger(Flask):
    """Flask, but that no answer leaves which shows what is not recorded as shown."""

    def dispatch_request(self) -> Response:
        """The answer of the view that the request is for."""
        return with_access_recorded(lambda: self.make_response(super(_Ledger, self).dispatch_request()))


def create_app(services: Services, pages: Iterable[Blueprint] = ()) -> Flask:
    """A WSGI application on these services; `pages`: the blueprints of the pages for people, if they are served."""
    app = _Ledger(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = (
        False  # else `/v1//ledger` is answered by a redirection that nobody documented
    )
    app.extensions["ledger"] = services
    limiter = Limiter(services.settings.limits.requests_per_second)

    app.before_request(_begin)
    app.before_request(lambda: guard(services.authenticate, limiter))
    app.before_request(check_encoding)
    app.before_request(check_names)
    app.after_request(lambda response: _finish(services, response))
    for blueprint in (*BLUEPRINTS, *pages):
        app.register_blueprint(blueprint)
    problems.register(app)
    return app


def _begin() -> None:
    g.began, g.correlation_id = time.perf_counter(), str(uuid.uuid4())
    if (refused := request.environ.get(REFUSED)) is not None:
        raise refused
    if request.environ["PATH_INFO"].startswith("//"):  # the router takes this for one slash
        raise NotFound("There is no such route: /docs shows those that there are")


def _finish(services: Services, response: Response) -> Response:
    """Strict headers; counts and one log line by the route as declared, never by what was asked."""
    headers, rule = response.headers, request.url_rule
    headers.extend(_ALWAYS)
    for name, value in _UNLESS_SAID.items():
        headers.setdefault(name, value)
    headers.add("Correlation-Id", g.correlation_id)
    seconds = time.perf_counter() - g.began
    route = "none" if rule is None else rule.rule
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    services.metrics.answered(route, method, response.status_code, seconds)
    log.info("%s %s %d %.1f ms %s", method, route, response.status_code, 1000 * seconds, g.correlation_id)
    return response

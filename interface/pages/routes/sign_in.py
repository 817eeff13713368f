"""Sign in by a trial's one-time link, say why, sign out."""

from __future__ import annotations

import logging

from flask import Response, g, redirect, request

from application.access.credentials import ROLES
from interface.http.contract.operation import Operation, public, requires
from interface.http.guards import browser_session
from interface.http.runtime.services import services
from interface.pages import render
from interface.pages.routes.pages_blueprint import pages_blueprint
from interface.pages.shown.frame import PURPOSE, landing
from interface.pages.shown.sign_in import chooser, purposes

blueprint = pages_blueprint("sign_in")
log = logging.getLogger("ledger.pages")


def _person(summary: str) -> Operation:
    return requires(*ROLES, summary=summary, for_people=True)


@blueprint.get("/pages/sign-in")
@public("Sign in", for_people=True)
def sign_in() -> Response:
    """The people of the trial, for a link that is good, or for one of them who wants to become another."""
    return _choose(request.args.get("once", ""), 200)


def _choose(once: str, status: int, error: str = "") -> Response:
    sessions, token = services().sessions, browser_session.session_token()
    found = sessions.find(token) if token else None
    is_open = (bool(once) and sessions.link_is_good(once)) or (found is not None and found.trial)
    people = sessions.personas() if is_open else []
    return render.page(
        "sign_in.html", "Sign in", status if is_open else 401, choose=chooser(people, once, error)
    )


@blueprint.post("/pages/sign-in")
@public("Sign in as somebody of the trial", for_people=True)
def signed_in() -> Response:
    """Open the session of the person chosen; the link is used then."""
    once, person = request.form.get("once", ""), request.form.get("person", "")
    if not person:
        return _choose(once, 400, "Choose who you are")
    token = services().sessions.open(once or browser_session.session_token(), person)
    if token is None:
        log.info("sign-in refused")
        return _choose("", 401)
    log.info("sign-in of %s", person)
    response: Response = redirect(PURPOSE, 303)  # type: ignore[assignment]  # werkzeug's class is Flask's base
    response.set_cookie(
        browser_session.cookie_name(),
        token,
        httponly=True,
        secure=services().settings.pages_address is not None,
        samesite="Lax",
        path="/",
    )
    return response


@blueprint.get("/pages/purpose")
@_person("Why you read")
def purpose() -> Response:
    """The purposes of the installation, none chosen."""
    return _ask()


def _ask(status: int = 200, error: str = "") -> Response:
    codes = services().settings.access.purposes
    return render.page("purpose.html", "Why do you read?", status, ask=purposes(codes, error))


@blueprint.post("/pages/purpose")
@_person("Say why you read")
def purpose_said() -> Response:
    """Remember the purpose for this session."""
    browser_session.check_form()
    code = request.form.get("purpose", "")
    if code not in services().settings.access.purposes:
        return _ask(400, "Choose why you read")
    services().sessions.set_purpose(browser_session.session_token(), code)
    return redirect(landing(g.session), 303)  # type: ignore[return-value]  # as above


@blueprint.post("/pages/sign-out")
@_person("Sign out")
def sign_out() -> Response:
    """End the session."""
    browser_session.check_form()
    services().sessions.end(browser_session.session_token())
    log.info("sign-out of %s", g.credential.id)
    del g.session
    response = render.page("signed_out.html", "You are signed out")
    response.delete_cookie(browser_session.cookie_name(), path="/", httponly=True, samesite="Lax")
    return response

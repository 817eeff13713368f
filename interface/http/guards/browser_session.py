"""The session of a browser: it opens pages and nothing else, as a token opens everything but pages.

Without `LEDGER_PAGES_ADDRESS` pages are served to this machine only: the request must come from here, and name this
machine. With it they are served under that address only, over https.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from flask import g, request

from application.access.sessions import Session
from domain.errors import Forbidden, NotFound
from interface.http.responses.problems import Unauthenticated
from interface.http.runtime.services import services

_HERE: Final = "localhost"


def cookie_name() -> str:
    """Return the name of the session's cookie. A browser takes `__Host-` only from https, for one host."""
    return "ledger-trial" if services().settings.pages_address is None else "__Host-ledger"


def session_token() -> str:
    """Return the token that the browser sent; empty when it sent none."""
    return request.cookies.get(cookie_name(), "")


def find_session() -> Session:
    """Return the browser's session; raise Unauthenticated when there is none that is live."""
    token = session_token()
    session = services().sessions.find(token) if token else None
    if session is None:
        raise Unauthenticated("You are signed out. Nothing is shown.")
    return session


def check_page_request() -> None:
    """Raise NotFound where pages are not served, and Forbidden for a form that another site sent."""
    address = services().settings.pages_address
    if not (_from_here() if address is None else request.host == urlsplit(address).netloc):
        raise NotFound("Pages are not served here.")
    if request.method == "POST" and not _from_own_page(address):
        raise Forbidden("The form did not come from a page of this ledger. Open the page again.")


def check_form() -> None:
    """Raise Forbidden for a form without the token of the session."""
    session: Session = g.session
    if request.form.get("form_token") != session.form_token:
        raise Forbidden("The form is of another session. Open the page again.")


def _from_here() -> bool:
    return _is_loopback(request.remote_addr or "") and _is_loopback(
        urlsplit(f"//{request.host}").hostname or ""
    )


def _is_loopback(name: str) -> bool:
    try:
        return name == _HERE or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _from_own_page(address: str | None) -> bool:
    """Return whether the browser says that a page of ours sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == (address or f"http://{request.host}")

"""Who may do what. Denied unless declared: a route without an operation is answered by nobody.

A recorder may post, with the sources that it lists, for its own namespace's episodes and for those that name it
(events.md 3). What is outside a reader's scope is not found.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import g, request

from application.access.credentials import Credential
from domain.errors import Forbidden, NotFound
from interface.http.contract.operation import Operation, current_operation
from interface.http.guards.browser_session import check_page_request, find_session
from interface.http.guards.rate_limit import Limiter
from interface.http.responses.problems import RateLimited, Unauthenticated

Authenticate = Callable[[str], Credential | None]


def guard(authenticate: Authenticate, limiter: Limiter) -> None:
    """Before every request: let it pass with a credential in `g`, or raise."""
    if request.url_rule is None:
        return  # nothing is there: the answer is 404 or 405, and needs no token
    operation = current_operation()
    if operation is None:
        raise Forbidden("This route has no access rule, so access is denied.")
    if operation.for_people:
        check_page_request()
    if operation.roles is None:
        return
    g.credential = credential = _reader(operation, authenticate)
    if not operation.roles & set(credential.roles):
        needed = ", ".join(sorted(operation.roles))
        what = "page needs" if operation.for_people else "route needs a token with"
        raise Forbidden(f"This {what} one of the roles: {needed}.")
    if not limiter.passes(credential.id):
        raise RateLimited("This token has made too many requests. Wait a second.")


def _reader(operation: Operation, authenticate: Authenticate) -> Credential:
    """Return who asks: for a page by the browser's session, for all else by a token, and neither for the other."""
    if not operation.for_people:
        return _credential(authenticate)
    g.session = session = find_session()
    return session.credential


def _credential(authenticate: Authenticate) -> Credential:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a token: Authorization: Bearer <token>.")
    credential = authenticate(token.strip())
    if credential is None:
        raise Unauthenticated(
            "The token is unknown, has expired or was revoked. Ask the operator for a new one."
        )
    return credential


def check_own_entry(credential: Credential, namespace_of: Callable[[], str | None]) -> None:
    """Raise NotFound unless the credential may have the proof of an entry: auditors of any, others of their own.

    `namespace_of` gives for whom the entry was recorded. A credential for every namespace has all for its own.
    """
    if {"auditor", "administrator"} & credential.roles or credential.namespace is None:
        return
    if namespace_of() != credential.namespace:
        raise NotFound("there is no entry of yours at this position")

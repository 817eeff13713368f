"""No answer shows children's records unless that is recorded first (design.md 6, stored-form.md 4).

A route says `discloses=True`. Its reader then needs a purpose. Its response says which records it discloses
(application/answers/disclosures.py), and leaves when that is in the access log. A route that names a child without
saying so gives no answer. Nor does one that says so and whose response does not tell.

An answer 304 is recorded as well: it shows nothing new, and confirms what the reader has. A refusal or a problem
shows nothing. An answer that is streamed is recorded when it begins, and its response tells by then all that it may
show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Response, g, request

from application.access.credentials import ROLES, Credential
from application.access.log import AccessContext
from application.answers.disclosures import DisclosedRecords
from domain.errors import Fault, InvalidQuery
from domain.facts.ledger_entries import LEDGER
from interface.http.contract.operation import Operation, current_operation, path_of
from interface.http.responses.bodies import DisclosingResponse
from interface.http.runtime.services import services

PURPOSE: Final = "Purpose"
"""The header in which a reader says why."""


class Undeclared(Exception):
    """A route discloses and does not declare it, or the other way round: a fault of ours."""


def with_access_recorded(view: Callable[[], Response]) -> Response:
    """The answer of a view, once what it shows is recorded; NotRecorded when it cannot be."""
    operation = current_operation()
    reading = _reading(operation, g.credential) if operation is not None and operation.discloses else None
    response = view()
    disclosed = response.disclosed if isinstance(response, DisclosingResponse) else None
    if reading is not None:
        _record(reading, disclosed, response.status_code)
    elif disclosed is not None and disclosed.children:
        raise Undeclared
    return response


def _record(reading: AccessContext, disclosed: DisclosedRecords | None, status: int) -> None:
    """Record what a response discloses, which it must tell."""
    if disclosed is None:
        raise Undeclared
    if not services().ledger.access.record(reading, disclosed, status):
        services().metrics.kept_aside()


def _reading(operation: Operation, credential: Credential) -> AccessContext:
    """Who reads, and why; InvalidQuery when they do not say."""
    assert request.url_rule is not None  # there is an operation
    role = next(role for role in reversed(ROLES) if role in credential.roles & (operation.roles or set()))
    by = LEDGER if credential.namespace is None else credential.namespace
    given = credential.purpose if operation.for_people else request.headers.get(PURPOSE, credential.purpose)
    return AccessContext(credential.id, by, role, _purpose(given), path_of(request.url_rule))


def _purpose(given: str | None) -> str:
    """The code that the request gives, else the token's own; of a page that of its session."""
    known = services().settings.access.purposes
    if given in known:
        return given
    takes = f"one of {', '.join(known)}"
    if given is None:
        raise InvalidQuery(f"Say why you read children's records: the header {PURPOSE} with {takes}.",
                           (Fault(f"/{PURPOSE}", f"is required: {takes}"),))  # fmt: skip
    whose = "The header" if PURPOSE in request.headers else "The token's own"
    raise InvalidQuery(f"{whose} {PURPOSE} must be {takes}.", (Fault(f"/{PURPOSE}", f"must be {takes}"),))

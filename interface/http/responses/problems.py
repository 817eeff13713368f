"""Problem documents (RFC 9457): every answer that is not the one asked for, from one table.

Errors are raised by their meaning and mapped here, so that no route knows a status. A problem never
repeats a value that was sent. In a batch its pointers begin with the event's index: `/3/data/mode`.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Final, NamedTuple

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from domain.errors import Fault, LedgerError
from interface.http.responses.bodies import answer

PROBLEM_JSON: Final = "application/problem+json"
IDENTITY: Final = "identity"
"""The content encoding of a body as it is: the only one that is taken."""
RETRY_AFTER: Final = 1
"""Seconds after which trying again is worth it."""
MOST_ERRORS: Final = 20
"""Faults of an event that are shown: an answer must not be many times what was sent."""

log = logging.getLogger("ledger.http")


class ProblemKind(NamedTuple):
    """The status and the title of a problem type."""

    status: int
    title: str


KINDS: Final = {
    "invalid-json": ProblemKind(400, "The body is not valid JSON"),
    "invalid-cloudevent": ProblemKind(400, "The body is not a CloudEvent"),
    "invalid-query": ProblemKind(400, "A parameter has an invalid value"),
    "invalid-request": ProblemKind(400, "The request cannot be read"),
    "unauthenticated": ProblemKind(401, "A valid token is required"),
    "forbidden": ProblemKind(403, "The token does not permit this request"),
    "not-found": ProblemKind(404, "Not found, or outside the scope of the token"),
    "method-not-allowed": ProblemKind(405, "Method not allowed"),
    "too-slow": ProblemKind(408, "The request came too slowly"),
    "id-reused": ProblemKind(409, "The id was used before, with other content"),
    "child-differs": ProblemKind(409, "The episode is about another child"),
    "lost-in-recovery": ProblemKind(410, "The entry was lost in a recovery"),
    "stale-version": ProblemKind(412, "The episode is at another version"),
    "too-large": ProblemKind(413, "The request is too large"),
    "unsupported-media-type": ProblemKind(415, "Unsupported media type"),
    "invalid-event": ProblemKind(422, "The event does not fit its type"),
    "future-event": ProblemKind(422, "The event is dated in the future"),
    "atomic": ProblemKind(422, "Another event of the atomic batch was refused"),
    "rate-limited": ProblemKind(429, "Too many requests"),
    "head-too-large": ProblemKind(431, "The head of the request is too large"),
    "internal": ProblemKind(500, "Internal error"),
    "overloaded": ProblemKind(503, "Too many events are waiting to be recorded"),
    "not-recorded": ProblemKind(503, "The database did not confirm"),
    "behind": ProblemKind(503, "The data is not available yet"),
}
"""Problem type, after /problems/, to status and title."""

_BY_STATUS: Final = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    500: "internal",
}


_DETAILS: Final = {404: "There is no such route: /docs lists the routes"}
"""Details of errors that bring none."""


class Unauthenticated(LedgerError):
    """There is no token, or none that is valid now."""

    reason: ClassVar[str] = "unauthenticated"


class UnsupportedMediaType(LedgerError):
    """The content type is none of those that the route takes."""

    reason: ClassVar[str] = "unsupported-media-type"


class UnsupportedEncoding(UnsupportedMediaType):
    """The body is compressed, or encoded in some other way."""


class Unreadable(LedgerError):
    """The bytes are no HTTP request."""

    reason: ClassVar[str] = "invalid-request"


class TooSlow(LedgerError):
    """A request was not whole in time."""

    reason: ClassVar[str] = "too-slow"


class HeadTooLarge(LedgerError):
    """The request line and the headers are longer than any client needs."""

    reason: ClassVar[str] = "head-too-large"


class RateLimited(LedgerError):
    """The credential has made too many requests."""

    reason: ClassVar[str] = "rate-limited"


def problem(
    reason: str, detail: str = "", faults: tuple[Fault, ...] = (), *, index: int | None = None
) -> dict[str, Any]:
    """A problem document; `index` is the event's place in a batch."""
    kind = KINDS[reason]
    made: dict[str, Any] = {"type": f"/problems/{reason}", "title": kind.title, "status": kind.status}
    if detail:
        made["detail"] = f"{detail[0].upper()}{detail[1:].rstrip('.')}."
    made["instance"] = f"urn:uuid:{g.correlation_id}" + ("" if index is None else f"#/{index}")
    if faults:
        step = "" if index is None else f"/{index}"
        made["errors"] = [{"pointer": f"{step}{f.pointer}", "detail": f.detail} for f in _first(faults)]
    return made


def _first(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The first faults, and at most one more entry, about the whole event, that says how many are left out."""
    if left := len(faults[MOST_ERRORS:]):
        return (*faults[:MOST_ERRORS], Fault("", f"and {left} more that are not shown"))
    return faults


def refusal(error: LedgerError, *, index: int | None = None) -> dict[str, Any]:
    """The problem document of an error of ours."""
    return problem(error.reason, error.detail, error.faults, index=index)


def answer_problem(document: dict[str, Any]) -> Response:
    """The whole answer: status, media type, and the headers that go with it."""
    response = answer(document, document["status"], PROBLEM_JSON)
    if document["status"] in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    if document["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ledger"'
    if document["status"] == 413:  # the rest of the body is not read, so the connection cannot be used again
        response.headers["Connection"] = "close"
    return response


def register(app: Flask) -> None:
    """Answer every error as a problem, ours by meaning, werkzeug's by status, the rest without detail."""
    app.register_error_handler(LedgerError, lambda error: answer_problem(refusal(error)))
    app.register_error_handler(UnsupportedEncoding, _of_encoding)
    app.register_error_handler(HTTPException, _of_werkzeug)
    app.register_error_handler(Exception, _unexpected)


def _of_encoding(error: UnsupportedEncoding) -> Response:
    """Say which encoding is taken: without this header a 415 is about the media type (RFC 9110 15.5.16)."""
    response = answer_problem(refusal(error))
    response.headers["Accept-Encoding"] = IDENTITY
    return response


def _of_werkzeug(error: HTTPException) -> Response:
    allow = ", ".join(sorted(error.valid_methods or ())) if isinstance(error, MethodNotAllowed) else ""
    detail = f"This route takes {allow}" if allow else _DETAILS.get(error.code or 500, "")
    response = answer_problem(problem(_BY_STATUS.get(error.code or 500, "invalid-request"), detail))
    if allow:
        response.headers["Allow"] = allow
    return response


def _unexpected(error: Exception) -> Response:
    log_unexpected(error)
    return answer_problem(problem("internal", "It was logged under the id of this instance."))


def log_unexpected(error: Exception) -> None:
    """Log where, never what: the text of an unforeseen error may hold a value that was sent."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else "?"
    log.error("%s at %s correlation=%s", type(error).__name__, where, g.correlation_id)

"""Blueprints of pages: the policy of their answers, and errors as pages in words."""

from __future__ import annotations

import logging
from typing import Any, Final

from flask import Blueprint, Response, g, redirect
from werkzeug.exceptions import HTTPException

from domain.errors import LedgerError
from interface.http.contract.operation import current_operation
from interface.http.responses import problems
from interface.pages import render
from interface.pages.shown.frame import PURPOSE
from interface.pages.shown.message import Message, message

log = logging.getLogger("ledger.pages")

_EXPECTED: Final = (LedgerError, HTTPException)


def pages_blueprint(name: str) -> Blueprint:
    """Return a blueprint for one page, or a few that belong together."""
    made = Blueprint(f"pages_{name}", __name__)
    made.before_request(_ask_purpose)
    made.after_request(render.set_policy)
    made.register_error_handler(LedgerError, _of_ours)
    made.register_error_handler(HTTPException, _of_werkzeug)
    made.register_error_handler(Exception, _unexpected)
    return made


def _ask_purpose() -> Any:
    """Lead a reader who has not said why to the question, before anything is shown."""
    operation = current_operation()
    if operation is not None and operation.discloses and g.credential.purpose is None:
        return redirect(PURPOSE, 303)
    return None


def _of_ours(error: LedgerError) -> Response:
    return _shown(message(error.reason, problems.KINDS[error.reason].status))


def _of_werkzeug(error: HTTPException) -> Response:
    status = error.code or 500
    return _shown(message("not-found" if status == 404 else "invalid-request", status))


def _unexpected(error: Exception) -> Response:
    problems.log_unexpected(error)
    return _shown(message("internal", 500))


def _shown(what: Message) -> Response:
    return render.page("message.html", what.heading, what.status, message=what, reference=g.correlation_id)

"""From what is shown to HTML, with the headers of every page."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, g, request
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

import interface
from application.access.sessions import Session
from application.answers.disclosures import DisclosedRecords
from interface.http.contract.operation import current_operation
from interface.http.responses.bodies import DisclosingResponse
from interface.pages.shown.frame import Frame, links, purpose, reader
from interface.pages.static_addresses import address

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HTML: Final = "text/html; charset=utf-8"
_TEMPLATES: Final = Environment(
    loader=ChoiceLoader(
        [
            PackageLoader("interface.pages"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    ),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, title: str, status: int = 200, **shown: Any) -> Response:
    """Return a page: the template gets the frame and what is shown, and nothing else."""
    return Response(_html(template, title, **shown), status, content_type=_HTML)


def disclosing_page(template: str, title: str, disclosed: DisclosedRecords, **shown: Any) -> Response:
    """Return a page as above, with the records that all answers on it disclose."""
    return DisclosingResponse(_html(template, title, **shown), disclosed, _HTML)


def _html(template: str, title: str, **shown: Any) -> str:
    return _TEMPLATES.get_template(template).render(frame=_frame(title), **shown)


def set_policy(response: Response) -> Response:
    """Allow a page what it needs and nothing from elsewhere."""
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _frame(title: str) -> Frame:
    session: Session | None = g.get("session")
    styles, icon = (address("govuk.css"), address("pages.css")), address("favicon.svg")
    if session is None:
        return Frame(title=title, version=interface.VERSION, styles=styles, icon=icon)
    operation = current_operation()
    return Frame(
        title=title,
        version=interface.VERSION,
        styles=styles,
        icon=icon,
        reader=reader(session),
        purpose=purpose(session),
        links=links(session, request.path),
        trial=session.trial,
        form_token=session.form_token,
        recorded=operation is not None and operation.discloses,
    )

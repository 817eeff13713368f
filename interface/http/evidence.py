"""GET /v1/episodes/{namespace}/{reference}/evidence: what an inspector takes home (docs/evidence.md)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g

from application.evidence.gathering import Asked
from application.telling import Seeing
from interface.http.handling import may_open, scope_of
from interface.http.operation import Answer, reads
from interface.http.query import AS_AT, KNOWN_AT, number, read_query
from interface.http.reading import known_at_if_asked, subject_of
from interface.http.services import services

blueprint = Blueprint("evidence", __name__)

_ZIP: Final = "application/zip"
_MOST: Final = 2**53


_AS_AT: Final = AS_AT._replace(
    means="As things stood at this time; when the last entry under the checkpoint was recorded, if left out."
)
_KNOWN_AT: Final = KNOWN_AT._replace(means="Also as the ledger knew it then, beside all that is proved.")
_SIZE: Final = number("size", 1, _MOST, "Under the checkpoint of so many entries; the last, if left out.")
_ACCESS_TO: Final = number(
    "access_to",
    0,
    _MOST,
    "The last position of the access log that is looked at; what was recorded by the checkpoint's last entry,"
    " if left out.",
)


@blueprint.get("/v1/episodes/<namespace>/<reference>/evidence")
@reads(
    "auditor",
    discloses=True,
    summary="An episode's evidence: lines, proofs, verdicts, and what checks them without the ledger",
    query=(_AS_AT, _KNOWN_AT, _SIZE, _ACCESS_TO),
    answers={200: Answer("The bundle; the same bytes for the same size and options", None, _ZIP)},
    problems=("not-found", "behind"),
)
def evidence(namespace: str, reference: str) -> Response:
    """The bundle of one episode, with what is sealed opened as far as the reader may see it."""
    query, credential = read_query(), g.credential
    asked = Asked(
        subjects=[subject_of(namespace, reference)],
        as_at=query["as_at"],
        known_at=known_at_if_asked(query),
        size=query["size"],
        access_to=query["access_to"],
    )
    content = services().evidence.bundle(asked, Seeing(scope_of(credential), may_open(credential)))
    headers = {"Content-Disposition": 'attachment; filename="evidence.zip"'}
    return Response(content, content_type=_ZIP, headers=headers)

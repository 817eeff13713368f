"""GET /v1/children/{scheme}/{reference}: a child, and all episodes of the person that they are."""

from __future__ import annotations

from flask import Blueprint, Response, g

from application.access.visibility import scope_of
from interface.http.answers import answer
from interface.http.operation import Answer, reads
from interface.http.query import AS_AT, KNOWN_AT, read_query
from interface.http.reading import as_at, child_of, known_at
from interface.http.services import services

blueprint = Blueprint("children", __name__)


@blueprint.get("/v1/children/<scheme>/<reference>")
@reads(
    "reader",
    "manager",
    "auditor",
    discloses=True,
    summary="A child's episodes",
    query=(AS_AT, KNOWN_AT),
    answers={200: Answer("The child and their episodes", "Child")},
    problems=("not-found",),
)
def child(scheme: str, reference: str) -> Response:
    """The child that somebody's reference names."""
    query = read_query()
    scope = scope_of(g.credential)
    return answer(services().reader.child(child_of(scheme, reference), scope, as_at(query), known_at(query)))

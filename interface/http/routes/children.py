"""GET /v1/children/{scheme}/{reference}: a child, and all episodes of the person that they are."""

from __future__ import annotations

from flask import Blueprint, Response, g

from application.access.visibility import scope_of
from interface.http.contract.list_schemas import ChildSchema
from interface.http.contract.operation import Answer, reads
from interface.http.requests.parameters import read_query
from interface.http.requests.shared_parameters import WithAsAt, WithKnownAt
from interface.http.requests.subject_and_times import as_at, child_of, known_at
from interface.http.responses.bodies import disclosing
from interface.http.runtime.services import services

blueprint = Blueprint("children", __name__)


class ChildParameters(WithKnownAt, WithAsAt):
    """The parameters of a child."""


@blueprint.get("/v1/children/<scheme>/<reference>")
@reads(
    "reader",
    "manager",
    "auditor",
    discloses=True,
    summary="A child's episodes",
    query=ChildParameters(),
    answers={200: Answer("The child and their episodes", ChildSchema)},
    problems=("not-found",),
)
def child(scheme: str, reference: str) -> Response:
    """The child that somebody's reference names."""
    query = read_query()
    scope = scope_of(g.credential)
    return disclosing(
        services().reader.child(child_of(scheme, reference), scope, as_at(query), known_at(query))
    )

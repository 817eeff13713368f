"""GET /v1/schemas/{type}: what an event of a type looks like, for those who connect a system."""

from __future__ import annotations

from flask import Blueprint, Response

from domain.errors import NotFound
from domain.facts import FACTS, of_type
from interface.http.contract.event_schemas import event_schema
from interface.http.contract.operation import Answer, public
from interface.http.contract.recording_schemas import SchemaSchema, TypesSchema
from interface.http.responses.bodies import answer

blueprint = Blueprint("schemas", __name__)


@blueprint.get("/v1/schemas/<type_>")
@public(
    "The JSON Schema (2020-12) of one event type",
    answers={
        200: Answer("The schema of the whole structured CloudEvent", SchemaSchema, "application/schema+json")
    },
    problems=("not-found",),
)
def schema(type_: str) -> Response:
    """The schema of one type."""
    cls = of_type(type_)
    if cls is None:
        raise NotFound("There is no such event type.")
    return _published(answer(event_schema(cls.NAME), media_type="application/schema+json"))


@blueprint.get("/v1/schemas")
@public("All event types", answers={200: Answer("Each type, and where its schema is", TypesSchema)})
def types() -> Response:
    """The types that can be posted."""
    return _published(
        answer({"types": [{"type": c.TYPE, "schema": f"/v1/schemas/{c.TYPE}"} for c in FACTS.values()]})
    )


def _published(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    return response

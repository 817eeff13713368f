"""GET /livez and /readyz: for those who start, restart and balance."""

from __future__ import annotations

from flask import Blueprint, Response

from interface.http.contract.operation import Answer, public
from interface.http.contract.recording_schemas import StatusSchema
from interface.http.responses.bodies import answer
from interface.http.runtime.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
@public("Whether the process answers", answers={200: Answer("It does", StatusSchema)})
def livez() -> Response:
    """This process answers; nothing else is asked."""
    return answer({"status": "alive"})


@blueprint.get("/readyz")
@public(
    "Whether requests can be served",
    answers={200: Answer("The database answers", StatusSchema)},
    problems=("not-recorded",),
)
def readyz() -> Response:
    """The database answers; 503 when it does not."""
    services().ready()
    return answer({"status": "ready"})

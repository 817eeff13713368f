"""GET /v1/children/{scheme}/{reference}/access, /v1/access/…: the access log, who read what and why, with proofs."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g

from application.access.summary import Period
from application.access.visibility import scope_of
from application.answers.disclosures import NOTHING, DisclosingAnswer
from application.queries.checks import check_period
from domain.moment import HOUR
from interface.http.contract.access_schemas import AccessListSchema, AccessSummarySchema
from interface.http.contract.operation import Answer, reads
from interface.http.contract.proof_schemas import TimestampSchema
from interface.http.requests import parameter_fields as p
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.shared_parameters import (
    StampedParameters,
    WithPage,
    WitnessedParameters,
    start_of_period,
)
from interface.http.requests.subject_and_times import child_of
from interface.http.responses.bodies import TEXT, answer, disclosing, text
from interface.http.runtime.services import services

blueprint = Blueprint("access", __name__)

_WEEK: Final = 7 * 24 * HOUR


class AccessSummaryParameters(ParametersSchema):
    """A period of readings."""

    from_ = start_of_period("Readings at or after this time. By default a week before `to`.")
    to = p.time("Readings before this time. By default now.")
    limit = WithPage().fields["limit"]


@blueprint.get("/v1/children/<scheme>/<reference>/access")
@reads(
    "auditor",
    discloses=True,
    summary="Who read a child's records, the latest first",
    query=WithPage(),
    answers={200: Answer("A page of the readings", AccessListSchema)},
    problems=("not-found",),
)
def of_child(scheme: str, reference: str) -> Response:
    """Return a page of the readings of one child, under any reference of theirs."""
    query, child = read_query(), child_of(scheme, reference)
    scope = scope_of(g.credential)
    ids = services().reader.same_child(child, scope)
    found = services().accessed.of_child(ids, scope, query["limit"], query["cursor"])
    return disclosing(found._replace(json={"child": child._asdict(), **found.json}))


@blueprint.get("/v1/access/summary")
@reads(
    "auditor",
    discloses=True,
    summary="Who read how much, and what is unusual about it",
    query=AccessSummaryParameters(),
    answers={200: Answer("Each reader", AccessSummarySchema)},
)
def summary() -> Response:
    """Readings of a period by reader: those of the organisations within the auditor's scope."""
    query = read_query()
    to = services().clock() if query["to"] is None else query["to"]
    from_ = to - _WEEK if query["from_"] is None else query["from_"]
    check_period(from_, to)
    period = Period(from_, to, scope_of(g.credential), query["limit"])
    return disclosing(DisclosingAnswer(services().access_summary.answer(period), NOTHING))


@blueprint.get("/v1/access/checkpoint")
@reads(
    "auditor",
    summary="The last checkpoint of the access log: a signed note (C2SP tlog-checkpoint), with cosignatures",
    query=WitnessedParameters(),
    answers={200: Answer("The signed note", None, TEXT)},
    problems=("behind", "not-found"),
)
def checkpoint() -> Response:
    """Return the note. A kept copy proves which readings were recorded by then."""
    return text(services().access_proofs.checkpoint(**read_query()))


@blueprint.get("/v1/access/timestamp")
@reads(
    "auditor",
    summary="The time stamp of a checkpoint of the access log (RFC 3161)",
    query=StampedParameters(),
    answers={200: Answer("The checkpoint, and the answer of the authority over it", TimestampSchema)},
    problems=("not-found",),
)
def timestamp() -> Response:
    """Return the time stamp, which is of a clock outside this service."""
    return answer(services().access_proofs.timestamp(**read_query()))

"""GET /v1/obligations: what is overdue, what was missed, by rule, authority and who answers for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from flask import Blueprint, Response, g

from application.access.visibility import scope_of
from application.projections.obligations_table import ObligationFilters
from application.queries.lists.person_verdict_changes import PositionRange
from application.queries.lists.verdict_changes import ChangesQuery
from domain.assessment.obligations.verdict import VERDICTS
from interface.http.contract.list_schemas import ObligationChangesSchema, ObligationListSchema
from interface.http.contract.operation import Answer, reads
from interface.http.requests import parameter_fields as p
from interface.http.requests.list_query import PREFER, question
from interface.http.requests.parameters import ParametersSchema, invalid, read_query
from interface.http.requests.shared_parameters import PagedParameters, WithAsAt, WithPage, WithRulebook
from interface.http.requests.subject_and_times import as_at
from interface.http.responses.bodies import disclosing
from interface.http.runtime.services import services

blueprint = Blueprint("obligations", __name__)

_NEEDED: Final = "is needed: a position, such as position:1"


class ObligationFilterParameters(ParametersSchema):
    """Which duties a list has."""

    verdict = p.choice(VERDICTS, "With this verdict; `overdue` includes possibly overdue.")
    rule = p.code("Of this rule, by its id.")
    authority = p.namespace(
        "Where this authority holds the duty, is responsible or host, or issued a subject."
    )
    accountable = p.code("For which this role, or this organisation, answers.")
    due_from = p.time("Due at or after.")
    due_before = p.time("Due before.")


class ObligationListParameters(WithRulebook, PagedParameters, ObligationFilterParameters):
    """The parameters of the list of duties."""


class ObligationChangesParameters(WithPage, WithAsAt):
    """The parameters of the list of changed verdicts."""

    from_ = p.position("As known at this position.", name="from", required=_NEEDED)
    to = p.position("As known at this later one.", required=_NEEDED)


@blueprint.get("/v1/obligations")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="Obligations, those due first at the beginning; overdue ones latest first",
    query=ObligationListParameters(),
    headers=(PREFER,),
    answers={200: Answer("A page of them", ObligationListSchema)},
    problems=("behind",),
)
def obligations() -> Response:
    """A page of obligations."""
    query = read_query()
    filters = ObligationFilters(**{each.name: query[each.name] for each in fields(ObligationFilters)})
    return disclosing(services().lists.obligations(filters, question(query)))


@blueprint.get("/v1/obligations/changes")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="Which verdicts moved between two positions of the ledger, and through which entries",
    query=ObligationChangesParameters(),
    answers={200: Answer("A page of them", ObligationChangesSchema)},
)
def changes() -> Response:
    """A page of what moved."""
    query = read_query()
    start, end, size = query["from_"], query["to"], services().reader.known_at().ledger_size
    if end > size:
        raise invalid("to", f"is past the last entry, which is entry {size}")
    if start > end:
        raise invalid("from", "must not be after to: give the earlier position first")
    between, page = PositionRange(start, end, as_at(query)), (query["limit"], query["cursor"], query["as_at"])
    return disclosing(services().changes.page(ChangesQuery(between, size, scope_of(g.credential), *page)))

"""GET /v1/obligations: what is overdue, what was missed, by rule, authority and who answers for it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g

from application.access.visibility import scope_of
from application.projections.obligations_table import ObligationFilters
from application.queries.lists.person_verdict_changes import PositionRange
from application.queries.lists.verdict_changes import ChangesQuery
from domain.assessment.obligations.verdict import VERDICTS
from interface.http.contract.operation import Answer, reads
from interface.http.requests.list_query import PAGED, PREFER, question
from interface.http.requests.parameters import (
    AS_AT,
    CURSOR,
    LIMIT,
    RULEBOOK,
    choice,
    code,
    invalid,
    namespace,
    place,
    read_query,
    time,
)
from interface.http.requests.subject_and_times import as_at
from interface.http.responses.bodies import answer
from interface.http.runtime.services import services

blueprint = Blueprint("obligations", __name__)

_FILTERS: Final = (
    choice("verdict", VERDICTS, "With this verdict; overdue includes the possibly overdue."),
    code("rule", "Of this rule, by its id."),
    namespace(
        "authority", "Where this authority holds the duty, is responsible or host, or issued a subject."
    ),
    code("accountable", "For which this role, or this namespace, answers."),
    time("due_before", "Due before."),
)


@blueprint.get("/v1/obligations")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="Obligations, those due first at the beginning",
    query=(*_FILTERS, *PAGED, RULEBOOK),
    headers=(PREFER,),
    answers={200: Answer("A page of them", "ObligationList")},
    problems=("behind",),
)
def obligations() -> Response:
    """A page of obligations."""
    query = read_query()
    filters = ObligationFilters(**{p.name: query[p.name] for p in _FILTERS})
    return answer(services().lists.obligations(filters, question(query)))


@blueprint.get("/v1/obligations/changes")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="Which verdicts moved between two positions of the ledger, and through which entries",
    query=(
        place("from", "As known at this position."),
        place("to", "As known at this later one."),
        AS_AT,
        LIMIT,
        CURSOR,
    ),
    answers={200: Answer("A page of them", "ObligationChanges")},
)
def changes() -> Response:
    """A page of what moved."""
    query = read_query()
    start, end, size = query["from"], query["to"], services().reader.known_at().ledger_size
    for name in ("from", "to"):
        if query[name] is None:
            raise invalid(name, "is needed: a position, such as position:1")
    if end > size:
        raise invalid("to", f"lies past the head: the last entry is at position {size}")
    if start > end:
        raise invalid("from", "must not be after to: give the earlier position first")
    between, page = PositionRange(start, end, as_at(query)), (query["limit"], query["cursor"], query["as_at"])
    return answer(services().changes.page(ChangesQuery(between, size, scope_of(g.credential), *page)))

"""GET /v1/obligations: what is overdue, what was missed, by rule, authority and who answers for it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from application.views.verdicts import ObligationFilters
from domain.assessment.verdict import VERDICTS
from interface.http.answers import answer
from interface.http.listing import PAGED, PREFER, question
from interface.http.operation import Answer, reads
from interface.http.query import RULEBOOK, choice, code, namespace, read_query, time
from interface.http.services import services

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

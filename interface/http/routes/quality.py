"""GET /v1/quality: what should be put right in what was recorded, and how each system's entries come in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from application.projections.quality_table import DAYS, QualityFilters
from domain.assessment.observations.data_quality import MEANINGS
from interface.http.contract.operation import Answer, Parameter, reads
from interface.http.requests.list_query import PAGED, PREFER, question
from interface.http.requests.parameters import child, choice, code, namespace, read_query, whole
from interface.http.responses.bodies import answer
from interface.http.runtime.services import services

blueprint = Blueprint("quality", __name__)

_FILTERS: Final = (
    choice("kind", tuple(MEANINGS), "Of this kind."),
    namespace("authority", "Where this authority is responsible or host, or issued a subject."),
    code("source", "About an entry that this system sent."),
    child("child", "Of any episode of this child, `<namespace>/<reference>`."),
    Parameter(
        "days",
        whole(1, 3650),
        {"type": "integer", "minimum": 1, "maximum": 3650},
        "For how many days nothing was heard of an open episode.",
        DAYS,
    ),
)


@blueprint.get("/v1/quality")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="What should be put right in what was recorded, the oldest at the beginning",
    query=(*_FILTERS, *PAGED),
    headers=(PREFER,),
    answers={200: Answer("A page of it", "QualityList")},
    problems=("behind",),
)
def issues() -> Response:
    """A page of issues."""
    query = read_query()
    filters = QualityFilters(**{p.name: query[p.name] for p in _FILTERS})
    return answer(services().quality.issues(filters, question(query)))


@blueprint.get("/v1/quality/sources")
@reads(
    "manager",
    "auditor",
    summary="The sending systems: how many entries, how late they come, and which of them are silent",
    query=PAGED,
    headers=(PREFER,),
    answers={200: Answer("A page of them", "SourceList")},
    problems=("behind",),
)
def sources() -> Response:
    """A page of sources."""
    return answer(services().quality.sources(question(read_query())))

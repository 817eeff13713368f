"""GET /v1/quality: what should be put right in what was recorded, and how each system's entries come in."""

from __future__ import annotations

from dataclasses import fields

from flask import Blueprint, Response

from application.projections.quality_table import DAYS, QualityFilters
from domain.assessment.observations.data_quality import MEANINGS
from interface.http.contract.operation import Answer, reads
from interface.http.contract.quality_schemas import QualityListSchema, SourceListSchema
from interface.http.requests import parameter_fields as p
from interface.http.requests.list_query import PREFER, question
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.shared_parameters import PagedParameters, authority
from interface.http.responses.bodies import disclosing
from interface.http.runtime.services import services

blueprint = Blueprint("quality", __name__)


class QualityFilterParameters(ParametersSchema):
    """Which issues a list has."""

    kind = p.choice(tuple(MEANINGS), "Of this kind.")
    authority = authority()
    source = p.code("About an entry that this system sent.")
    child = p.child("Of any episode of this child, `<namespace>/<reference>`.")
    days = p.whole(1, 3650, "For how many days an open episode had no entry.", default=DAYS)


class QualityParameters(PagedParameters, QualityFilterParameters):
    """The parameters of the list of issues."""


@blueprint.get("/v1/quality")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="What should be put right in what was recorded, the oldest at the beginning",
    query=QualityParameters(),
    headers=(PREFER,),
    answers={200: Answer("A page of it", QualityListSchema)},
    problems=("behind",),
)
def issues() -> Response:
    """A page of issues."""
    query = read_query()
    filters = QualityFilters(**{each.name: query[each.name] for each in fields(QualityFilters)})
    return disclosing(services().quality.issues(filters, question(query)))


@blueprint.get("/v1/quality/sources")
@reads(
    "manager",
    "auditor",
    summary="The sending systems: how many entries, how late they come, and which of them are silent",
    query=PagedParameters(),
    headers=(PREFER,),
    answers={200: Answer("A page of them", SourceListSchema)},
    problems=("behind",),
)
def sources() -> Response:
    """A page of sources."""
    return disclosing(services().quality.sources(question(read_query())))

"""GET /v1/measures: the service's figures, how sure each is, and the episodes behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, g

from application.access.visibility import scope_of
from application.projections.measures_table import PeriodFilter
from application.queries.measures.basis import (
    REPEAT,
    YEAR,
    MeasureSelection,
    MeasuresQuery,
    questions,
    read_repeat,
    survey,
)
from domain.errors import NotFound
from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import MEASURES, named
from interface.http.contract.measure_schemas import MeasuredEpisodesSchema, MeasuresSchema
from interface.http.contract.operation import Answer, reads
from interface.http.requests import parameter_fields as p
from interface.http.requests.list_query import PREFER, wait
from interface.http.requests.parameters import invalid, read_query
from interface.http.requests.shared_parameters import (
    WithAsAt,
    WithKnownAt,
    WithPage,
    WithPosition,
    WithRulebook,
    start_of_period,
)
from interface.http.requests.subject_and_times import as_at, known_at_if_asked
from interface.http.responses.bodies import answer, disclosing
from interface.http.runtime.services import services

blueprint = Blueprint("measures", __name__)

_IDS: Final = tuple(measure.id for measure in MEASURES)


class MeasuredPeriodParameters(WithPosition, WithRulebook, WithKnownAt, WithAsAt):
    """Which episodes are measured, and as at when."""

    from_ = start_of_period("Episodes that started at or after this time. By default a year before `to`.")
    to = p.time("Episodes that started before this time. By default `as_at`.")
    authority = p.namespace(
        "Of which this authority was responsible at the start, wherever the child was placed."
    )
    host = p.namespace("Placed in this authority's area at the start, under any responsible authority.")
    group_by = p.choice(BREAKDOWNS, "Broken down by this, as at the start of each episode.")
    repeat = p.read_by(
        read_repeat,
        {"type": "string", "pattern": "^([2-9]|[1-9][0-9])/[1-9][0-9]{0,2}$"},
        "For the measure `repeat`: how many episodes in how many days. By default 3/30.",
    )


class MeasuresParameters(MeasuredPeriodParameters):
    """The parameters of the figures."""

    measure = p.choice(_IDS, "Only this one.")
    set = p.choice(("survey",), "The seven questions of the national survey.")
    suppress = p.flag("Leave out numbers under five, and numbers from which they could be worked out.")


class MeasuredEpisodesParameters(WithPage, MeasuredPeriodParameters):
    """The parameters of the episodes that a measure counts."""

    group = p.code("Only those of this group.")


@blueprint.get("/v1/measures")
@reads(
    "manager",
    "auditor",
    summary="The service's figures, each with its definition, and how sure it is",
    query=MeasuresParameters(),
    headers=(PREFER,),
    answers={200: Answer("The figures", MeasuresSchema)},
    problems=("behind",),
)
def measures() -> Response:
    """All measures, one, or those of the survey."""
    query = read_query()
    return answer(
        services().measures.answer(replace(_request(query, _questions(query)), suppress=query["suppress"]))
    )


@blueprint.get("/v1/measures/<measure>/episodes")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="The episodes behind a figure",
    query=MeasuredEpisodesParameters(),
    headers=(PREFER,),
    answers={200: Answer("A page of them", MeasuredEpisodesSchema)},
    problems=("behind", "not-found"),
)
def episodes(measure: str) -> Response:
    """A page of the episodes that a measure looks at, in the order of their starts."""
    query = read_query()
    if measure not in _IDS:
        raise NotFound("there is no such measure")
    if query["group"] is not None and query["group_by"] is None:
        raise invalid("group", "needs group_by as well")
    request = _request(query, (MeasureSelection(named(measure)[0], query["group_by"]),))
    return disclosing(services().measures.episodes(request, query["group"], query["limit"], query["cursor"]))


def _questions(query: dict[str, Any]) -> tuple[MeasureSelection, ...]:
    if query["set"] is None:
        wanted = MEASURES if query["measure"] is None else named(query["measure"])
        return questions(wanted, query["group_by"])
    if query["group_by"] is not None or query["measure"] is not None:
        raise invalid("set", "takes neither group_by nor measure")
    return survey()


def _request(query: dict[str, Any], of: tuple[MeasureSelection, ...]) -> MeasuresQuery:
    wait(query)
    at = as_at(query)
    to = at if query["to"] is None else query["to"]
    wanted = PeriodFilter(
        from_=to - YEAR if query["from_"] is None else query["from_"],
        to=to,
        as_at=at,
        authority=query["authority"],
        host=query["host"],
        scope=scope_of(g.credential),
    )
    return MeasuresQuery(
        wanted=wanted, questions=of, known_at=known_at_if_asked(query), repeat=query["repeat"] or REPEAT
    )

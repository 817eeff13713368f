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
from interface.http.contract.operation import Answer, Parameter, reads
from interface.http.requests.list_query import PREFER, wait
from interface.http.requests.parameters import (
    AS_AT,
    CURSOR,
    KNOWN_AT,
    LIMIT,
    POSITION,
    RULEBOOK,
    choice,
    code,
    flag,
    invalid,
    namespace,
    read_query,
    time,
)
from interface.http.requests.subject_and_times import as_at, known_at_if_asked
from interface.http.responses.bodies import answer
from interface.http.runtime.services import services

blueprint = Blueprint("measures", __name__)

_IDS: Final = tuple(measure.id for measure in MEASURES)
_BY: Final = choice("group_by", BREAKDOWNS, "Broken down by this, as at the start of each episode.")
_ABOUT: Final = (
    time("from", "Episodes that started at or after this time; a year before `to`, if left out."),
    time("to", "Episodes that started before this time; `as_at`, if left out."),
    namespace(
        "authority", "Of which this authority was responsible at the start, wherever the child was placed."
    ),
    namespace("host", "Placed in this authority's area at the start, whoever was responsible."),
    _BY,
    Parameter(
        "repeat",
        read_repeat,
        {"type": "string", "pattern": "^[1-9][0-9]?/[1-9][0-9]{0,2}$"},
        "Of the measure `repeat`: how many episodes in how many days; 3/30, if left out.",
    ),
    AS_AT,
    KNOWN_AT,
    RULEBOOK,
    POSITION,
)


@blueprint.get("/v1/measures")
@reads(
    "manager",
    "auditor",
    summary="The service's figures, each with its definition, and how sure it is",
    query=(
        choice("measure", _IDS, "Only this one."),
        choice("set", ("survey",), "The seven questions of the national survey."),
        *_ABOUT,
        flag("suppress", "Leave out what rests on fewer than five, also where a total would reveal it."),
    ),
    headers=(PREFER,),
    answers={200: Answer("The figures", "Measures")},
    problems=("behind",),
)
def measures() -> Response:
    """All measures, one, or those of the survey."""
    query = read_query()
    return answer(
        services().measures.answer(replace(_asked(query, _questions(query)), suppress=query["suppress"]))
    )


@blueprint.get("/v1/measures/<measure>/episodes")
@reads(
    "manager",
    "auditor",
    discloses=True,
    summary="The episodes behind a figure",
    query=(*_ABOUT, code("group", "Only those of this group."), LIMIT, CURSOR),
    headers=(PREFER,),
    answers={200: Answer("A page of them", "MeasuredEpisodes")},
    problems=("behind", "not-found"),
)
def episodes(measure: str) -> Response:
    """A page of the episodes that a measure looks at, in the order of their starts."""
    query = read_query()
    if measure not in _IDS:
        raise NotFound("there is no such measure")
    if query["group"] is not None and query["group_by"] is None:
        raise invalid("group", "needs group_by beside it, which says of what it is a group")
    asked = _asked(query, (MeasureSelection(named(measure)[0], query["group_by"]),))
    return answer(services().measures.episodes(asked, query["group"], query["limit"], query["cursor"]))


def _questions(query: dict[str, Any]) -> tuple[MeasureSelection, ...]:
    if query["set"] is None:
        wanted = MEASURES if query["measure"] is None else named(query["measure"])
        return questions(wanted, query["group_by"])
    if query["group_by"] is not None or query["measure"] is not None:
        raise invalid("set", "takes neither group_by nor measure beside it")
    return survey()


def _asked(query: dict[str, Any], of: tuple[MeasureSelection, ...]) -> MeasuresQuery:
    wait(query)
    at = as_at(query)
    to = at if query["to"] is None else query["to"]
    wanted = PeriodFilter(
        from_=to - YEAR if query["from"] is None else query["from"],
        to=to,
        as_at=at,
        authority=query["authority"],
        host=query["host"],
        scope=scope_of(g.credential),
    )
    return MeasuresQuery(
        wanted=wanted, questions=of, known_at=known_at_if_asked(query), repeat=query["repeat"] or REPEAT
    )

"""GET /v1/episodes: all of them, filtered; one of them, its history, its timeline."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g, request

from application.access.visibility import may_open, scope_of
from application.projections.standings_table import EpisodeFilters
from application.queries.checks import check_period
from domain.vocabulary import CATEGORY, PLACEMENT_TYPE, STANDINGS, ValueList
from interface.http.contract.operation import Answer, Header, reads
from interface.http.requests.list_query import PAGED, PREFER, question
from interface.http.requests.parameters import (
    AS_AT,
    KNOWN_AT,
    RULEBOOK,
    child,
    choice,
    chosen,
    flag,
    namespace,
    read_query,
    time,
)
from interface.http.requests.subject_and_times import as_at, known_at, subject_of
from interface.http.responses.bodies import answer
from interface.http.runtime.services import services

blueprint = Blueprint("episodes", __name__)

_READERS: Final = ("reader", "manager", "auditor")
_ORDER: Final = choice("order", ("recorded", "happened"), "The order of the entries.", "recorded")
_BACKWARDS: Final = flag("backwards", "The last entry in that order first.")
_NOT_APPLICABLE: Final = flag("not_applicable", "Also the rules that do not apply, with the reason.")
_PATH: Final = "/v1/episodes/<namespace>/<reference>"
_IF_NONE_MATCH: Final = Header(
    "If-None-Match", "The ETag of an answer that is there already.", {"type": "string"}
)

_CATEGORIES: Final = ValueList(CATEGORY.name, (*CATEGORY.values, "absent"))
"""Those of the guidance, and the one that only the police's scheme of 2013 has (ACPO-2013)."""

_FILTERS: Final = (
    flag(
        "open",
        "Not back: noticed, missing, away, located, or back but contradicted; false: the others.",
        None,
    ),
    flag("unmatched", "Linked with nothing; false: the others.", None),
    choice("standing", STANDINGS, "With this standing."),
    namespace("authority", "Where this authority is responsible or host, or issued a subject."),
    child("child", "Of the person that this child is."),
    chosen("category", _CATEGORIES, "With this category now, in any scheme."),
    chosen("placement_type", PLACEMENT_TYPE, "With this placement at the start."),
    time("from", "Started at or after."),
    time("to", "Started before."),
)


@blueprint.get("/v1/episodes")
@reads(
    *_READERS,
    discloses=True,
    summary="Episodes, in the order of their starts",
    query=(*_FILTERS, *PAGED),
    headers=(PREFER,),
    answers={200: Answer("A page of them", "EpisodeList")},
    problems=("behind",),
)
def episodes() -> Response:
    """A page of episodes. `open=true` is the answer at two in the morning."""
    query = read_query()
    given = {p.name: query[p.name] for p in _FILTERS}
    filters = EpisodeFilters(from_=given.pop("from"), **given)
    check_period(filters.from_, filters.to)
    return answer(services().lists.episodes(filters, question(query)))


@blueprint.get(_PATH)
@reads(
    *_READERS,
    discloses=True,
    summary="Where an episode stands",
    query=(AS_AT, KNOWN_AT, RULEBOOK),
    headers=(_IF_NONE_MATCH,),
    answers={200: Answer("The episode", "Episode"), 304: Answer("Nothing has changed", media_type=None)},
    problems=("not-found",),
)
def episode(namespace: str, reference: str) -> Response:
    """One episode, as at and as known at."""
    query, subject = read_query(), subject_of(namespace, reference)
    tag, found = services().reader.episode_with_etag(
        subject, scope_of(g.credential), as_at(query), known_at(query)
    )
    response = answer(found)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request.environ)  # type: ignore[return-value]


@blueprint.get(f"{_PATH}/history")
@reads(
    *_READERS,
    discloses=True,
    summary="What was recorded of an episode, and what each entry changed",
    query=(_ORDER, _BACKWARDS, KNOWN_AT, RULEBOOK),
    answers={200: Answer("The entries", "History")},
    problems=("not-found",),
)
def history(namespace: str, reference: str) -> Response:
    """The entries, with what is sealed opened as far as the reader may see it."""
    query, credential = read_query(), g.credential
    found = services().reader.history(
        subject_of(namespace, reference),
        scope_of(credential),
        known_at(query),
        may_open(credential),
        by_happened=query["order"] == "happened",
    )
    return answer(found | {"items": found["items"][:: -1 if query["backwards"] else 1]})


@blueprint.get(f"{_PATH}/timeline")
@reads(
    *_READERS,
    discloses=True,
    summary="An episode's obligations: in time, late, due or overdue, and why",
    query=(AS_AT, KNOWN_AT, RULEBOOK, _NOT_APPLICABLE),
    answers={200: Answer("The obligations", "Timeline")},
    problems=("not-found",),
)
def timeline(namespace: str, reference: str) -> Response:
    """The obligations, each with its verdict and evidence."""
    query, scope, subject = read_query(), scope_of(g.credential), subject_of(namespace, reference)
    asked = {"not_applicable": query["not_applicable"]}
    return answer(services().reader.timeline(subject, scope, as_at(query), known_at(query), **asked))

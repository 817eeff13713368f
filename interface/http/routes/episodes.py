"""GET /v1/episodes: all of them, filtered; one of them, its history, its timeline."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from flask import Blueprint, Response, g, request

from application.access.visibility import may_open, scope_of
from application.projections.standings_table import EpisodeFilters
from application.queries.checks import check_period
from application.queries.episodes.history_page import HistoryQuery
from domain.vocabulary import CATEGORY, PLACEMENT_TYPE, STANDINGS, ValueList
from interface.http.contract.episode_schemas import EpisodeSchema, HistorySchema
from interface.http.contract.list_schemas import EpisodeListSchema
from interface.http.contract.obligation_schemas import TimelineSchema
from interface.http.contract.operation import Answer, Header, reads
from interface.http.requests import parameter_fields as p
from interface.http.requests.list_query import PREFER, question
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.shared_parameters import (
    PagedParameters,
    WithAsAt,
    WithKnownAt,
    WithRulebook,
    authority,
    cursor,
    start_of_period,
)
from interface.http.requests.subject_and_times import as_at, known_at, subject_of
from interface.http.responses.bodies import disclosing
from interface.http.runtime.services import services

blueprint = Blueprint("episodes", __name__)

_READERS: Final = ("reader", "manager", "auditor")
_PATH: Final = "/v1/episodes/<namespace>/<reference>"
_IF_NONE_MATCH: Final = Header(
    "If-None-Match", "The ETag of an answer that is there already.", {"type": "string"}
)

_CATEGORIES: Final = ValueList(CATEGORY.name, (*CATEGORY.values, "absent"))
"""Those of the guidance, and the one that only the police's scheme of 2013 has (ACPO-2013)."""


class EpisodeFilterParameters(ParametersSchema):
    """Which episodes a list has."""

    open = p.flag(
        "Not back: noticed, missing, away, located, or back but contradicted; false: the others.", None
    )
    unmatched = p.flag("Linked with nothing; false: the others.", None)
    standing = p.choice(STANDINGS, "With this standing.")
    authority = authority()
    child = p.child("Of the person that this child is.")
    category = p.chosen(_CATEGORIES, "With this category now, in any scheme.")
    placement_type = p.chosen(PLACEMENT_TYPE, "With this placement at the start.")
    from_ = start_of_period("Started at or after.")
    to = p.time("Started before.")
    ended_from = p.time("Over, and ended at or after.")
    ended_to = p.time("Over, and ended before.")
    waiting = p.flag(
        "With a message that nobody acknowledged, or an action or review past its time; false: the others.",
        None,
    )


class EpisodeListParameters(PagedParameters, EpisodeFilterParameters):
    """The parameters of the list of episodes."""


class EpisodeParameters(WithRulebook, WithKnownAt, WithAsAt):
    """The parameters of an episode."""


class HistoryParameters(WithRulebook, WithKnownAt):
    """The parameters of a history."""

    order = p.choice(("recorded", "happened"), "The order of the entries.", default="recorded")
    backwards = p.flag("The last entry in that order first.")
    limit = p.whole(1, 500, "Entries at most. By default, and without `cursor`, all of them.")
    cursor = cursor()


class TimelineParameters(EpisodeParameters):
    """The parameters of a timeline."""

    not_applicable = p.flag("Also the rules that do not apply, with the reason.")


@blueprint.get("/v1/episodes")
@reads(
    *_READERS,
    discloses=True,
    summary="Episodes, in the order of their starts",
    query=EpisodeListParameters(),
    headers=(PREFER,),
    answers={200: Answer("A page of them", EpisodeListSchema)},
    problems=("behind",),
)
def episodes() -> Response:
    """A page of episodes. `open=true` is the answer at two in the morning."""
    query = read_query()
    filters = EpisodeFilters(**{each.name: query[each.name] for each in fields(EpisodeFilters)})
    check_period(filters.from_, filters.to)
    check_period(filters.ended_from, filters.ended_to, ("ended_from", "ended_to"))
    return disclosing(services().lists.episodes(filters, question(query)))


@blueprint.get(_PATH)
@reads(
    *_READERS,
    discloses=True,
    summary="Where an episode stands",
    query=EpisodeParameters(),
    headers=(_IF_NONE_MATCH,),
    answers={200: Answer("The episode", EpisodeSchema), 304: Answer("Nothing has changed", media_type=None)},
    problems=("not-found",),
)
def episode(namespace: str, reference: str) -> Response:
    """One episode, as at and as known at."""
    query, subject = read_query(), subject_of(namespace, reference)
    tag, found = services().reader.episode_with_etag(
        subject, scope_of(g.credential), as_at(query), known_at(query)
    )
    response = disclosing(found)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request.environ)  # type: ignore[return-value]


@blueprint.get(f"{_PATH}/history")
@reads(
    *_READERS,
    discloses=True,
    summary="What was recorded of an episode, and what each entry changed",
    query=HistoryParameters(),
    answers={200: Answer("The entries", HistorySchema)},
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
        HistoryQuery(
            by_happened=query["order"] == "happened",
            backwards=query["backwards"],
            limit=query["limit"],
            cursor=query["cursor"],
            names_known_at=query["known_at"] is not None,
        ),
    )
    return disclosing(found)


@blueprint.get(f"{_PATH}/timeline")
@reads(
    *_READERS,
    discloses=True,
    summary="An episode's obligations: in time, late, due or overdue, and why",
    query=TimelineParameters(),
    answers={200: Answer("The obligations", TimelineSchema)},
    problems=("not-found",),
)
def timeline(namespace: str, reference: str) -> Response:
    """The obligations, each with its verdict and evidence."""
    query, scope, subject = read_query(), scope_of(g.credential), subject_of(namespace, reference)
    asked = {"not_applicable": query["not_applicable"]}
    return disclosing(services().reader.timeline(subject, scope, as_at(query), known_at(query), **asked))

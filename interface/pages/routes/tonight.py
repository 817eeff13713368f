"""GET /pages: Tonight. One view, one entry in the access log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, g

from application.access.visibility import scope_of
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, disclosed_by, joined
from application.projections.obligations_table import ObligationFilters
from application.projections.standings_table import EpisodeFilters
from application.projections.table_query import MOST
from application.queries.lists.page import ListQuery
from domain.assessment.obligations.verdict import DUE, OVERDUE
from domain.moment import Instant
from interface.http.contract.operation import reads
from interface.http.runtime.services import services
from interface.pages import render
from interface.pages.routes.pages_blueprint import pages_blueprint
from interface.pages.shown import tonight as shown

blueprint = pages_blueprint("tonight")

Json = dict[str, Any]


class Everything(NamedTuple):
    """All items of a list, and the members around those of its first page."""

    items: list[Json]
    envelope: Json
    disclosed: DisclosedRecords


@blueprint.get("/pages")
@reads("manager", "auditor", discloses=True, summary="Who is not back", for_people=True)
def tonight() -> Response:
    """The board of the reader's organisation, as at now."""
    answers, disclosed = _answers(services().clock())
    board = shown.board(answers, {g.credential.namespace: g.session.organisation})
    return render.disclosing_page("tonight.html", board.title, disclosed, board=board)


def _answers(now: Instant) -> tuple[shown.Answers, DisclosedRecords]:
    """Ask what the interface for programs would be asked, all as at one instant."""
    lists = services().lists
    soon = ObligationFilters(verdict=DUE, due_before=now + shown.DUE_WITHIN)
    late = ObligationFilters(verdict=OVERDUE, due_from=now - shown.OVERDUE_WITHIN)
    not_back = _all(lambda query: lists.episodes(EpisodeFilters(open=True), query), now)
    over = EpisodeFilters(open=False, ended_from=now - shown.BACK_WITHIN)
    back = _all(lambda query: lists.episodes(over, query), now)
    due = _all(lambda query: lists.obligations(soon, query), now)
    overdue = _all(lambda query: lists.obligations(late, query), now)
    sources = _all(services().quality.sources, now)
    asked = (not_back, back, due, overdue, sources)
    answers = shown.Answers(
        not_back.items, back.items, due.items, overdue.items, sources.items, not_back.envelope
    )
    return answers, joined(each.disclosed for each in asked)


def _all(ask: Callable[[ListQuery], DisclosingAnswer], now: Instant) -> Everything:
    """Return every page of a list: a part must never look like the whole."""
    query = ListQuery(now, scope=scope_of(g.credential), limit=MOST)
    pages = [ask(query)]
    while (following := pages[-1].json["next"]) is not None:
        pages.append(ask(query._replace(cursor=following)))
    items = [item for page in pages for item in page.json["items"]]
    return Everything(items, pages[0].json, disclosed_by(pages))

"""GET /pages: Tonight. One view, one entry in the access log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, g

from application.access.visibility import scope_of
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


@blueprint.get("/pages")
@reads("manager", "auditor", discloses=True, summary="Who is not back", for_people=True)
def tonight() -> Response:
    """The board of the reader's organisation, as at now."""
    board = shown.board(_answers(services().clock()), {g.credential.namespace: g.session.organisation})
    return render.page("tonight.html", board.title, board=board)


def _answers(now: Instant) -> shown.Answers:
    """Ask what the interface for programs would be asked, all as at one instant."""
    lists = services().lists
    soon = ObligationFilters(verdict=DUE, due_before=now + shown.DUE_WITHIN)
    late = ObligationFilters(verdict=OVERDUE, due_from=now - shown.OVERDUE_WITHIN)
    not_back = _all(lambda query: lists.episodes(EpisodeFilters(open=True), query), now)
    return shown.Answers(
        not_back=not_back.items,
        due=_all(lambda query: lists.obligations(soon, query), now).items,
        overdue=_all(lambda query: lists.obligations(late, query), now).items,
        sources=_all(services().quality.sources, now).items,
        envelope=not_back.envelope,
    )


def _all(ask: Callable[[ListQuery], Json], now: Instant) -> Everything:
    """Return every page of a list: a part must never look like the whole."""
    query = ListQuery(now, scope=scope_of(g.credential), limit=MOST)
    first = answer = ask(query)
    items = list(answer["items"])
    while answer["next"] is not None:
        answer = ask(query._replace(cursor=answer["next"]))
        items += answer["items"]
    return Everything(items, first)

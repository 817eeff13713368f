"""The query of every list: two times, a page, and the wait for what was just recorded."""

from __future__ import annotations

from typing import Any, Final

from flask import g

from application.access.visibility import scope_of
from application.queries.lists.page import ListQuery, NamedTimes
from domain.errors import Behind
from interface.http.requests.prefer_wait import prefer, preferred_wait
from interface.http.requests.subject_and_times import as_at, known_at_if_asked
from interface.http.runtime.services import services

PREFER: Final = prefer("for `position`")


def question(query: dict[str, Any]) -> ListQuery:
    """Return the query of a list; raise Behind when the list is not complete to `position` in time."""
    wait(query)
    known = known_at_if_asked(query)
    named = NamedTimes(query["as_at"], query["known_at"])
    return ListQuery(as_at(query), known, scope_of(g.credential), query["limit"], query["cursor"], named)


def wait(query: dict[str, Any]) -> None:
    """Wait until the lists are complete to `position`; raise Behind when they are not in time."""
    position = query["position"]
    if position is not None and not services().lists.wait_for(position, preferred_wait()):
        raise Behind("The list is not complete to this position yet.")

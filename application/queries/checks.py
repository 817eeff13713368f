"""Checks of queries that are well formed and still have no answer; each error says what would be right."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.access.scope import Scope
from domain.errors import Fault, InvalidQuery
from domain.moment import Instant

_STARTED: Final = """
    select exists (select from views.standings where %(scope)s::text[] is null or namespaces && %(scope)s::text[]),
        exists (select from views.standings
            where started <= %(as_at)s and (%(scope)s::text[] is null or namespaces && %(scope)s::text[]))
"""


class UnanswerableQuery(InvalidQuery):
    """The query has no sensible answer; the sentence says what would be right."""


def check_period(from_: Instant | None, to: Instant | None, names: tuple[str, str] = ("from", "to")) -> None:
    """Raise UnanswerableQuery when a period ends before it starts, or with its start; None leaves an end open."""
    if from_ is not None and to is not None and to <= from_:
        raise UnanswerableQuery(
            f"The period ends before it starts: give a `{names[1]}` that is later than `{names[0]}`.",
            (Fault(f"/{names[1]}", f"must be later than {names[0]}"),),
        )


def check_as_at(connection: psycopg.Connection[Any], as_at: Instant, scope: Scope) -> None:
    """Raise UnanswerableQuery when there are episodes that the reader may see, and none had started by then."""
    names = None if scope is None else sorted(scope)
    row = connection.execute(_STARTED, {"as_at": as_at, "scope": names}).fetchone()
    if row is not None and row[0] and not row[1]:
        raise UnanswerableQuery(
            "No episode had started by `as_at`. Give a later time.",
            (Fault("/as_at", "must be a time at which an episode had started"),),
        )

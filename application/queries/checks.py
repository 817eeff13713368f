"""Meant: what can be asked and still mean nothing, each said with what would be right."""

from __future__ import annotations

from typing import Any

import psycopg

from domain.errors import Fault, LedgerError
from domain.moment import Instant, rfc3339


class UnanswerableQuery(LedgerError):
    """What is asked cannot be meant; the sentence says what would be right."""

    reason = "invalid-query"


def check_period(from_: Instant | None, to: Instant | None) -> None:
    """Raise Meaningless when a period ends before it starts, or with its start; None leaves an end open."""
    if from_ is not None and to is not None and to <= from_:
        raise UnanswerableQuery(
            "The period ends before it starts: give a `to` that is later than `from`.",
            (Fault("/to", "must be later than from"),),
        )


def check_as_at(connection: psycopg.Connection[Any], as_at: Instant) -> None:
    """Raise Meaningless when nothing that is known had begun by then."""
    row = connection.execute("select min(started) from views.standings").fetchone()
    first = None if row is None else row[0]
    if first is not None and as_at < first:
        raise UnanswerableQuery(
            f"Nothing that is known had begun by `as_at`: the first episode began {rfc3339(first)}; ask as at that"
            " or later.",
            (Fault("/as_at", f"must be {rfc3339(first)} or later"),),
        )

"""Subjects that are not assessable. Each is listed, causes an alarm and is tried again; none is skipped."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import psycopg

from application.store.database import Database


def streams_of(connection: psycopg.Connection[Any], children: Collection[UUID]) -> set[int]:
    """Return the streams to try again when new entries concern these children."""
    found = connection.execute(
        "select s.no from aside a join ledger.streams s on s.subject = a.subject where a.children && %s::uuid[]",
        (list(children),),
    )
    return {no for (no,) in found}


def examples(database: Database, count: int) -> list[tuple[str, str]]:
    """Return the first subjects that are not assessable, each with the class of the error."""
    rows = database.rows("select subject, error from views.aside order by position limit %s", (count,))
    return [(subject, error) for subject, error in rows]


def clear_mark(connection: psycopg.Connection[Any], subjects: Collection[str]) -> None:
    """Clear the mark: these subjects are assessed again, or marked under another subject."""
    connection.execute("delete from aside where subject = any(%s)", (list(subjects),))


def mark_not_assessable(
    connection: psycopg.Connection[Any],
    subjects: Collection[str],
    children: Collection[UUID],
    position: int,
    error: str,
) -> None:
    """Mark subjects that could not be assessed together; `error` is the name of its class."""
    connection.execute(
        "insert into aside (subject, children, position, error) select s, %s, %s, %s from unnest(%s::text[]) s",
        (sorted(children), position, error, list(subjects)),
    )


def subjects_of(database: Database, child: str) -> list[str]:
    """Return the subjects that could not be assessed together with this child."""
    query = "select subject from views.aside where children @> array[%s::text::uuid]"
    return [subject for (subject,) in database.rows(query, (child,))]


def count_in_scope(connection: psycopg.Connection[Any], scope: Collection[str] | None) -> int:
    """Return how many subjects that a reader may see could not be assessed."""
    row = connection.execute(
        "select count(*) from views.aside a where %(scope)s::text[] is null"
        " or split_part(a.subject, '/', 1) = any(%(scope)s) or exists (select from ledger.streams s"
        "  join ledger.grants g on g.stream_no = s.no where s.subject = a.subject and g.namespace = any(%(scope)s))",
        {"scope": None if scope is None else sorted(scope)},
    ).fetchone()
    return 0 if row is None else int(row[0])

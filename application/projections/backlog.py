"""The backlog: thousands of entries that no table shows yet, such as after an import of ten years.

What is recorded meanwhile goes first, so a child reported missing tonight is in the lists at once. The rest of the
backlog follows, a page of persons at a time. Until the end, rows are ahead of the position that the lists promise.
"""

from __future__ import annotations

import time
from typing import Any, Final

import psycopg

from application.projections import bulk_queue as todo
from application.projections import progress
from application.projections import sources_table as arrivals
from application.projections.assessment_units import persons
from application.projections.bulk_reassess import PAGE, OnProgress, reassess_page
from application.projections.catch_up import NewRulebook, size
from application.projections.progress import FollowerProgress
from application.store.adopted_rulebooks import adopted, next_adoption

PAGE_SECONDS: Final = 0.5
"""A page that took longer is followed by a smaller one: so long may what is recorded meanwhile have to wait."""


def catch_up_in_bulk(connection: psycopg.Connection[Any], on_progress: OnProgress) -> None:
    """Take all recorded entries in bulk: the persons concerned, each whole, those of the newest entries first.

    Raise NewRulebook as `catch_up` does.
    """
    with connection.transaction():
        at, known_at = progress.locked(connection), size(connection)
        book = adopted(connection, known_at)
        if book is None or at.rulebook_position not in {None, book.entry.position}:
            raise NewRulebook
        todo.fill(connection, at.position, known_at)
    reached = _newest_first(connection, FollowerProgress(known_at, book.entry.position), on_progress)
    with connection.transaction():
        if progress.locked(connection) == at:  # else a rebuild has changed places with these tables
            arrivals.count(connection, at.position, reached.position)
            progress.write(connection, reached)


def _newest_first(
    connection: psycopg.Connection[Any], to: FollowerProgress, on_progress: OnProgress
) -> FollowerProgress:
    """Reassess all queued streams, on each page first what was recorded meanwhile; return how far that came."""
    done, most = 0, 1
    while True:
        to, newest = _recorded_meanwhile(connection, to, most)
        page = [*newest, *todo.page(connection, max(1, most - len(newest)), newest)]  # both go on
        if not page:
            return to
        began = time.monotonic()
        done += reassess_page(connection, persons(connection, page), to)
        on_progress(done, done + todo.count(connection))
        most = _next_size(most, time.monotonic() - began)


def _next_size(streams: int, seconds: float) -> int:
    """Return how many streams the next page may begin with: a person of ten years takes long, most take little."""
    return max(1, streams // 2) if seconds > PAGE_SECONDS else min(PAGE, streams * 2)


def _recorded_meanwhile(
    connection: psycopg.Connection[Any], to: FollowerProgress, most: int
) -> tuple[FollowerProgress, list[int]]:
    """Queue what was recorded since; return how far that goes, and the streams that go first, at most so many.

    It stops before the adoption of a rulebook, which asks for a rebuild.
    """
    head = size(connection)
    if head == to.position:
        return to, []
    adoption = next_adoption(connection, to.position, head)
    upto = head if adoption is None else adoption - 1
    return to._replace(position=upto), todo.add(connection, to.position, upto, most)

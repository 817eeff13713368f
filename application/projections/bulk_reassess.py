"""Reassessment in bulk: the persons of many streams, each whole and once, a page at a time, in one or more processes.

Each page is one transaction, which also removes the page's streams from the queue. Stopped at any point, the rest is
still queued. Memory holds one page, however long the queue is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

import psycopg

from application.projections import bulk_queue as todo
from application.projections import progress
from application.projections.assessment_units import AssessmentUnit, persons
from application.projections.catch_up import judged_by
from application.projections.connection import connect, use
from application.projections.progress import FollowerProgress
from application.projections.reassess import reassess
from application.store.helper_process import begin_helping

PAGE: Final = 50
"""Streams that a page begins with; their persons are taken whole."""

OnProgress = Callable[[int, int], None]
"""A callback that receives how many streams are done, and of how many."""


class Helpers(NamedTuple):
    """Processes of their own that share the work: persons are independent of one another."""

    dsn: str
    schema: str
    processes: int


def reassess_all(
    connection: psycopg.Connection[Any],
    to: FollowerProgress,
    on_progress: OnProgress,
    helpers: Helpers | None = None,
) -> None:
    """Reassess all queued streams, a page of persons at a time, as known at a position."""
    left = total = todo.count(connection)

    def struck(streams: int) -> None:
        nonlocal left
        left -= streams
        on_progress(total - left, total)

    if helpers is not None:
        _shared(connection, to, struck, helpers)
    while page := todo.page(connection, PAGE):
        struck(reassess_page(connection, persons(connection, page), to))


def reassess_page(
    connection: psycopg.Connection[Any], units: Sequence[AssessmentUnit], to: FollowerProgress
) -> int:
    """Reassess a page; return how many streams that removed from the queue."""
    with connection.transaction():
        progress.shared(connection)
        reassess(connection, units, to.position, judged_by(connection, to))
        return todo.done(connection, _numbers(units))


def _numbers(units: Sequence[AssessmentUnit]) -> set[int]:
    return {no for unit in units for no in unit.numbers}


def _shared(
    connection: psycopg.Connection[Any], to: FollowerProgress, struck: Callable[[int], None], helpers: Helpers
) -> None:
    """Give out pages of persons until none is left; no person is in two pages at once.

    Helpers are spawned: the caller may have threads, which a fork would leave in an undefined state.
    """
    running: dict[Future[int], set[int]] = {}
    with ProcessPoolExecutor(helpers.processes, get_context("spawn"), begin_helping) as pool:
        try:
            while True:
                room = len(running) <= helpers.processes  # one page waits for the first process that is done
                units = _untouched(connection, set().union(*running.values())) if room else []
                if units:
                    running[pool.submit(_helped, helpers, units, to)] = _numbers(units)
                    continue
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    del running[done]
                    struck(done.result())
        finally:
            pool.shutdown(cancel_futures=True)


def _untouched(connection: psycopg.Connection[Any], taken: set[int]) -> list[AssessmentUnit]:
    """Return the next persons none of whose streams is taken."""
    page = todo.page(connection, PAGE, taken)
    units = persons(connection, page) if page else []
    return [unit for unit in units if unit.numbers.isdisjoint(taken)]


def _helped(helpers: Helpers, units: Sequence[AssessmentUnit], to: FollowerProgress) -> int:
    """Reassess a page in a process of its own."""
    with connect(helpers.dsn) as connection:
        use(connection, helpers.schema)
        return reassess_page(connection, units, to)

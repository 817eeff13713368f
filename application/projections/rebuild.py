"""Rebuild: fill the views anew beside the live ones, compare the two, and change their places.

Reading and following go on meanwhile; only at the end does the follower wait for the comparison. A rebuild
that was stopped goes on where it was, unless another rulebook has been adopted since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

import psycopg

from application.projections import (
    bulk_queue as todo,
)
from application.projections import (
    progress,
)
from application.projections import (
    sources_table as arrivals,
)
from application.projections import (
    table_sets as sets,
)
from application.projections.bulk_reassess import Helpers, OnProgress, reassess_all
from application.projections.catch_up import NewRulebook, catch_up, size
from application.projections.connection import LIVE, NEXT, REBUILDING, connect, use
from application.projections.progress import FollowerProgress
from application.projections.rebuild_comparison import RebuildReport, compare
from application.projections.table_sets import PreviousTables
from application.store.adopted_rulebooks import adopted
from application.store.advisory_locks import lock_held
from application.store.clock import now
from domain.errors import LedgerError

LISTED: Final = 20
"""Changed verdicts that a report lists, unless more are asked for."""
_PAUSE: Final = 1.0
"""Seconds for which readers are let through when one of them was in the way."""
_NEAR: Final = 20_000
"""Entries that the live views are brought forward by, if they are behind, before they are compared."""


class Rebuilding(LedgerError):
    """Another rebuild is under way."""


class NothingKept(LedgerError):
    """There are no earlier views to go back to."""


T = TypeVar("T")


def rebuild(
    dsn: str,
    on_progress: OnProgress | None = None,
    *,
    switch: bool = True,
    most: int | None = LISTED,
    processes: int = 1,
) -> RebuildReport:
    """Rebuild all views and compare. `on_progress` is told how many streams are done, and of how many.

    `switch` False: the live views stay what they are, and what was made anew is let go. `most`: changed verdicts
    to list in the report; None: all. `processes`: how many fill the views; more than one are processes beside this.
    """
    helpers = Helpers(dsn, NEXT, processes) if processes > 1 else None
    with connect(dsn) as connection, _only_one(connection):
        while True:
            try:
                _fill(connection, on_progress or _quietly, helpers)
                return _finish(connection, switch=switch, most=most)
            except NewRulebook:
                continue  # it was adopted meanwhile: begin again with it


def back(dsn: str) -> PreviousTables:
    """Make the views that were live before the last rebuild live again; the follower brings them to the present.

    The present ones are kept in their place; they are what is told. Raise NothingKept when there are none to go
    back to.
    """
    with connect(dsn) as connection, _only_one(connection):
        return _without_readers(lambda: _back(connection))


def drop_old(dsn: str) -> PreviousTables | None:
    """Let the views go that were live before the last rebuild; what they were, None when none were kept."""
    with connect(dsn) as connection, _only_one(connection), connection.transaction():
        gone = sets.previous_tables(connection)
        sets.drop_old(connection)
        return gone


@contextmanager
def _only_one(connection: psycopg.Connection[Any]) -> Iterator[None]:
    with lock_held(connection, REBUILDING) as alone:
        if not alone:
            raise Rebuilding("another rebuild is under way; wait for it")
        yield


def _quietly(_done: int, _total: int) -> None:
    """For one who does not ask about progress."""


def _fill(connection: psycopg.Connection[Any], on_progress: OnProgress, helpers: Helpers | None) -> None:
    """Fill the views beside up to the present end."""
    use(connection, NEXT)
    reassess_all(connection, _begin(connection), on_progress, helpers)
    while catch_up(connection):
        pass


def _finish(connection: psycopg.Connection[Any], *, switch: bool, most: int | None) -> RebuildReport:
    """Compare, and change places if that is wanted."""
    report = _without_readers(lambda: _take_over(connection, switch=switch, most=most))
    if not switch:
        sets.empty(connection)
    return report


def _take_over(connection: psycopg.Connection[Any], *, switch: bool, most: int | None) -> RebuildReport:
    """Bring both sides to the same position, compare, and change places, while the follower waits."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")  # one head for both sides
        connection.execute("lock table views.progress in exclusive mode")  # before the head is looked at
        while catch_up(connection):
            pass
        use(connection, LIVE)
        with suppress(NewRulebook):  # the live ones are of an earlier rulebook: compared as they are
            _bring_near(connection)
        use(connection, NEXT)
        report = compare(connection, now(), most)
        if switch:
            sets.switch(connection)
        return report._replace(switched=switch)


def _bring_near(connection: psycopg.Connection[Any]) -> None:
    """Bring the live views to the head, unless they are so far behind that nobody can be following."""
    if size(connection) - progress.locked(connection).position <= _NEAR:
        while catch_up(connection):
            pass


def _back(connection: psycopg.Connection[Any]) -> PreviousTables:
    with connection.transaction():
        if sets.previous_tables(connection) is None:
            raise NothingKept("no earlier lists are kept: there was no rebuild, or they were deleted")
        if not sets.of_one_form(connection):
            raise NothingKept("the kept lists are of an earlier release: rebuild instead")
        connection.execute("lock table views.progress in exclusive mode")
        sets.back(connection)
        there = sets.previous_tables(connection)
        assert there is not None  # the two have changed places
        return there


def _without_readers(change: Callable[[], T]) -> T:
    """Do it; begin again when a reader is in the way for long, so that others get through."""
    while True:
        try:
            return change()
        except psycopg.errors.LockNotAvailable:
            time.sleep(_PAUSE)


def _begin(connection: psycopg.Connection[Any]) -> FollowerProgress:
    """Where to fill to: where a rebuild that was stopped was going, if it can go on, else the present end."""
    with connection.transaction():
        at, end = progress.locked(connection), size(connection)
        book = adopted(connection, end)
        to = FollowerProgress(end, None if book is None else book.entry.position)
        if todo.count(connection) and at.rulebook_position == to.rulebook_position:
            return at
        sets.empty(connection)
        todo.fill(connection, 0, end)
        arrivals.count(connection, 0, end)
        progress.write(connection, to)
    return to

"""Rebuild: fill a second set of projection tables, compare it with the live one, and exchange the two.

Reading and following go on meanwhile; only at the end does the follower wait for the comparison. A rebuild
that was stopped continues where it was, unless another rulebook has been adopted since.
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
"""Seconds for which readers may go first when one of them was in the way."""
_NEAR: Final = 20_000
"""Entries by which the live tables are brought forward, if they are behind, before the comparison."""


class Rebuilding(LedgerError):
    """Another rebuild is under way."""


class NothingKept(LedgerError):
    """There are no earlier tables to go back to."""


T = TypeVar("T")


def rebuild(
    dsn: str,
    on_progress: OnProgress | None = None,
    *,
    switch: bool = True,
    most: int | None = LISTED,
    processes: int = 1,
) -> RebuildReport:
    """Rebuild all tables and compare. `on_progress` receives how many streams are done, and of how many.

    `switch` False: the live tables stay, and the rebuilt ones are deleted. `most`: changed verdicts to list in the
    report; None: all. `processes`: how many fill the tables; those beyond the first are helper processes.
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
    """Make the tables live again that were live before the last rebuild; the follower brings them up to date.

    The present ones are kept in their place, and the result describes them. Raise NothingKept when there are none
    to go back to.
    """
    with connect(dsn) as connection, _only_one(connection):
        return _without_readers(lambda: _back(connection))


def drop_old(dsn: str) -> PreviousTables | None:
    """Delete the tables that were live before the last rebuild; return what they were, None when none were kept."""
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
    """Ignore progress."""


def _fill(connection: psycopg.Connection[Any], on_progress: OnProgress, helpers: Helpers | None) -> None:
    """Fill the new set of tables up to the last entry."""
    use(connection, NEXT)
    reassess_all(connection, _begin(connection), on_progress, helpers)
    while catch_up(connection):
        pass


def _finish(connection: psycopg.Connection[Any], *, switch: bool, most: int | None) -> RebuildReport:
    """Compare, and exchange the two sets if requested."""
    report = _without_readers(lambda: _take_over(connection, switch=switch, most=most))
    if not switch:
        sets.empty(connection)
    return report


def _take_over(connection: psycopg.Connection[Any], *, switch: bool, most: int | None) -> RebuildReport:
    """Bring both sets to the same position, compare, and exchange them, while the follower waits."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")  # one last entry for both sides
        connection.execute("lock table views.progress in exclusive mode")  # before the last entry is read
        while catch_up(connection):
            pass
        use(connection, LIVE)
        with suppress(NewRulebook):  # the live tables follow an earlier rulebook: compared as they are
            _bring_near(connection)
        use(connection, NEXT)
        report = compare(connection, now(), most)
        if switch:
            sets.switch(connection)
        return report._replace(switched=switch)


def _bring_near(connection: psycopg.Connection[Any]) -> None:
    """Bring the live tables up to date, unless they are so far behind that no follower can be at work."""
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
    """Run the change; run it again when a reader is in the way for long, so that others get through."""
    while True:
        try:
            return change()
        except psycopg.errors.LockNotAvailable:
            time.sleep(_PAUSE)


def _begin(connection: psycopg.Connection[Any]) -> FollowerProgress:
    """Return the position to fill to: that of a stopped rebuild, if it can continue, else the last entry."""
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

"""Rebuild: fill the views anew beside the live ones, compare the two, and change their places.

Reading and following go on meanwhile; only at the end does the follower wait for the comparison. A rebuild
that was stopped goes on where it was, unless another rulebook has been adopted since.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from application.views import arrivals, progress, todo
from application.views.adopted import adopted
from application.views.advance import NewRulebook, advance, bulk, size
from application.views.connect import LIVE, NEXT, OLD, REBUILDING, connect, try_lock, use
from application.views.progress import Progress
from domain.errors import LedgerError

_TABLES: Final = (
    "progress", "episodes", "standings", "verdicts", "counted", "quality", "arrivals", "children", "aside", "todo",
)  # fmt: skip
_COMPARED: Final = ("episodes", "standings", "verdicts", "counted", "quality")
_EXAMPLES: Final = 5
_PAUSE: Final = 1.0
"""Seconds for which readers are let through when one of them was in the way."""


class Rebuilding(LedgerError):
    """Another rebuild is under way."""


class Step(NamedTuple):
    """How far a rebuild has come."""

    done: int
    total: int
    seconds_left: float
    """As long as it goes on as it went so far."""


class Difference(NamedTuple):
    """What differs in one view between the live rows and those made anew."""

    view: str
    episodes: int
    """How many have rows that differ, are missing, or are too many."""
    examples: tuple[str, ...]
    """The leads of some of them."""


class Report(NamedTuple):
    """What a rebuild found and did."""

    position: int
    """The new views are complete to here."""
    episodes: int
    compared: int
    """Episodes that stood at the same entry on both sides; others are not compared."""
    differences: tuple[Difference, ...]


def rebuild(dsn: str, on_progress: Callable[[int, int], None] | None = None) -> Report:
    """Rebuild all views. `on_progress` is told how many streams are done, and of how many."""
    with connect(dsn) as connection:
        if not try_lock(connection, REBUILDING):
            raise Rebuilding("another rebuild is under way; wait for it")
        while True:
            try:
                return _rebuild(connection, on_progress or _quietly)
            except NewRulebook:
                continue  # it was adopted meanwhile: begin again with it


def _quietly(_done: int, _total: int) -> None:
    """For one who does not ask about progress."""


def with_time_left(told: Callable[[Step], None]) -> Callable[[int, int], None]:
    """What a rebuild is to call, for one who wants to know the time left as well."""
    began = time.monotonic()

    def on_progress(done: int, total: int) -> None:
        spent = time.monotonic() - began
        told(Step(done, total, spent * (total - done) / max(done, 1)))

    return on_progress


def _rebuild(connection: psycopg.Connection[Any], on_progress: Callable[[int, int], None]) -> Report:
    use(connection, NEXT)
    bulk(connection, _begin(connection), on_progress)
    while advance(connection):
        pass
    report = _take_over(connection)
    _empty(connection)
    return report


def _take_over(connection: psycopg.Connection[Any]) -> Report:
    """Compare and change places; begin again when a reader is in the way for long, so that others get through."""
    while True:
        try:
            with connection.transaction():
                connection.execute("select from views.progress for update")  # the follower waits from here on
                while advance(connection):
                    pass
                report = _compare(connection)
                _change_places(connection)
                return report
        except psycopg.errors.LockNotAvailable:
            time.sleep(_PAUSE)


def _begin(connection: psycopg.Connection[Any]) -> Progress:
    """Where to fill to: where a rebuild that was stopped was going, if it can go on, else the present end."""
    with connection.transaction():
        at, end = progress.locked(connection), size(connection)
        book = adopted(connection, end)
        to = Progress(end, None if book is None else book.entry.position)
        if todo.count(connection) and at.rulebook_position == to.rulebook_position:
            return at
        _empty(connection)
        todo.fill(connection, 0, end)
        arrivals.count(connection, 0, end)
        progress.write(connection, to)
    return to


def _empty(connection: psycopg.Connection[Any]) -> None:
    """Nothing in the tables beside, and no progress."""
    tables = sql.SQL(", ").join(sql.Identifier(NEXT, name) for name in _TABLES if name != "progress")
    connection.execute(sql.SQL("truncate {}").format(tables))
    connection.execute("update views_next.progress set position = 0, rulebook_position = null")


def _compare(connection: psycopg.Connection[Any]) -> Report:
    """Row by row, of the episodes that stand at the same entry on both sides."""
    connection.execute(
        "set local enable_hashjoin = on; set local enable_seqscan = on; set local work_mem = '64MB'"
    )
    connection.execute(
        "create temp table same on commit drop as select lead from views.episodes o"
        " join views_next.episodes n using (lead) where o.position = n.position and not o.aside"
    )
    row = connection.execute(
        "select (select position from views_next.progress), (select count(*) from views_next.episodes),"
        " (select count(*) from same)"
    ).fetchone()
    assert row is not None
    position, episodes, compared = row
    found = (_difference(connection, view) for view in _COMPARED)
    return Report(position, episodes, compared, tuple(each for each in found if each.episodes))


def _difference(connection: psycopg.Connection[Any], view: str) -> Difference:
    query = sql.SQL(
        "with old as (select t.* from {old} t join same using (lead)),"
        " new as (select t.* from {new} t join same using (lead)),"
        " differ as (select lead from (table old except table new) a"
        " union select lead from (table new except table old) b)"
        " select lead, count(*) over () from differ order by lead limit %s"
    ).format(old=sql.Identifier(LIVE, view), new=sql.Identifier(NEXT, view))
    rows = connection.execute(query, (_EXAMPLES,)).fetchall()
    return Difference(view, rows[0][1] if rows else 0, tuple(lead for lead, _ in rows))


def _change_places(connection: psycopg.Connection[Any]) -> None:
    """The tables beside become the live ones; whoever reads meets the one set or the other, whole."""
    connection.execute("set local lock_timeout = '1s'")
    for name in _TABLES:
        for was, becomes in ((LIVE, OLD), (NEXT, LIVE), (OLD, NEXT)):
            move = sql.SQL("alter table {} set schema {}")
            connection.execute(move.format(sql.Identifier(was, name), sql.Identifier(becomes)))

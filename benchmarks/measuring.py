"""Suite: a year's measures of an authority, from the views and by replay."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Final

import psycopg

from application.projections.measures_table import PeriodFilter
from application.queries.episodes.person_loader import KnownAt
from application.queries.measures.basis import REPEAT, MeasuresQuery, questions
from application.queries.measures.figures import Measures
from application.store.database import Database
from benchmarks import feed
from benchmarks.filling import fill, year
from benchmarks.machine import Machine
from benchmarks.rebuilding import read_raw
from benchmarks.rounds import Against, Measured, Suite, again, arm
from domain.measures.definitions import named
from domain.moment import instant

ENTRIES: Final = 10_000
_YEAR: Final = PeriodFilter(
    from_=instant("2024-01-01T00:00:00Z"),
    to=instant("2025-01-01T00:00:00Z"),
    as_at=instant("2026-01-01T00:00:00Z"),
    authority=feed.AUTHORITY,
)
_COUNT: Final = """
    select count(*) filter (where substr(states, 1, 1) = 'y'), count(*) from views.counted
    where authority = %(authority)s and started_latest >= %(from)s and started < %(to)s
        and since <= %(as_at)s and until > %(as_at)s
"""


def suite(machine: Machine, seconds: float, stack: ExitStack, entries: int = ENTRIES) -> Suite:
    """One ledger of one authority's year, asked from inside; each arm is one connection of one process."""
    dsn = machine.new_ledger()
    fill(machine, dsn, year(feed.seed(), entries))
    database = Database(dsn)
    stack.callback(database.close)
    ledger = stack.enter_context(machine.opened(dsn))
    connection = stack.enter_context(database.connect())
    measures = Measures(database, ledger.vault, most=None)
    head = database.rows("select position from views.progress")[0][0]
    past = KnownAt(head - 1, head)
    return Suite(
        f"Measures of an authority's year, {entries:,} entries",
        "answers",
        {
            "plain count": "one SQL statement that counts the same rows",
            "one measure": "one measure from the views, with all that is said beside it",
            "all measures": "the thirteen and their like, from the views",
            "keyset read": "the same entries, raw, in pages by position; in years of the authority",
            "past measure": "one measure as known an entry earlier, by replay of every entry",
        },
        (
            arm("plain count", lambda: again(lambda: _plain(connection), seconds)),
            arm("one measure", lambda: again(lambda: measures.answer(_asked("missing-episodes")), seconds)),
            arm("all measures", lambda: again(lambda: measures.answer(_asked()), seconds)),
            arm("keyset read", lambda: Measured(read_raw(dsn, seconds / 2).rate / head)),
            arm(
                "past measure",
                lambda: again(lambda: measures.answer(_asked("missing-episodes", known_at=past)), seconds),
            ),
        ),
        (
            Against("one measure", "plain count", 0.1),
            Against("all measures", "plain count"),
            Against("past measure", "keyset read", 0.1),
        ),
    )


def _asked(*ids: str, known_at: KnownAt | None = None) -> MeasuresQuery:
    of = questions(named(*ids)) if ids else questions()
    return MeasuresQuery(wanted=_YEAR, questions=of, known_at=known_at, repeat=REPEAT)


def _plain(connection: psycopg.Connection[Any]) -> None:
    given = {"authority": _YEAR.authority, "from": _YEAR.from_, "to": _YEAR.to, "as_at": _YEAR.as_at}
    connection.execute(_COUNT, given).fetchone()

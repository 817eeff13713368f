"""What is over costs nothing: the lists asked at two in the morning read as much as is open, not as much as was."""

from __future__ import annotations

import psycopg
import pytest

from application.projections import quality_table as quality
from application.projections.quality_table import QualityFilters
from application.projections.table_query import TableQuery, Where
from domain.moment import FOREVER
from tests.support.projection_stories import at
from tests.support.query_plans import rows_read

_HISTORY = 20_000
_CLOSED = """
insert into views.standings
select 'x/' || n || '-' || k, case k when 0 then n else n + 5 end, case k when 0 then n + 5 else 2::bigint ^ 62 end,
    case k when 0 then 'missing' else 'returned' end, k = 0, n, '{A}', '{A}', '{}', null, false, false, null
from generate_series(1, %s) n, generate_series(0, 1) k
"""
_MET_LATE = """
insert into views.verdicts
select 'x/' || n, 'rule', 1, n, n + k, case k when 2 then 2::bigint ^ 62 else n + k + 1 end,
    (array['due', 'overdue', 'met_late'])[k + 1], k = 1, n, '{A}', '{A}', '{A}', gen_random_uuid(), ''
from generate_series(1, %s) n, generate_series(0, 2) k
"""
_WANTING = """
insert into views.quality
select 'x/' || n || '-' || k, 'report_without_police_reference', n, case k when 0 then n + 5 else 2::bigint ^ 62 end,
    array[n], '{urn:x}', '{}', '{A}', '{A}', gen_random_uuid()
from generate_series(1, %s) n, generate_series(0, 1) k where k = 0 or n %% 20 = 0
"""


_STILL_OPEN = """
insert into views.standings
select 'x/' || n, n, 2::bigint ^ 62, 'missing', true, n, '{A}', '{A}', '{}', null, false, false, null
from generate_series(1, %s) n
"""
_STILL_LATE = """
insert into views.verdicts
select 'x/' || n || '-' || k, 'rule', 1, n, n, 2::bigint ^ 62, (array['due', 'overdue'])[k + 1], k = 1, n - 1,
    '{A}', '{A}', '{A}', gen_random_uuid(), ''
from generate_series(1, %s) n, generate_series(0, 1) k
"""


@pytest.fixture(scope="module", params=[1_000, 20_000])
def much_open(databases, request):
    """A database in which so many episodes are still open, and as many duties due and late; only read here."""
    dsn = databases.take()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_STILL_OPEN, (request.param,))
        connection.execute(_STILL_LATE, (request.param,))
        connection.execute("vacuum analyze views.standings, views.verdicts")
        yield connection
    databases.give_back(dsn)


@pytest.fixture(scope="module")
def long_history(databases):
    """A database in which twenty thousand episodes are over, and every duty was met, late; only read here."""
    dsn = databases.take()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_CLOSED, (_HISTORY,))
        connection.execute(_MET_LATE, (_HISTORY,))
        connection.execute(_WANTING, (_HISTORY,))
        connection.execute("vacuum analyze views.standings, views.verdicts, views.quality")
        yield connection
    databases.give_back(dsn)


@pytest.mark.parametrize(
    ("view", "few", "by"),
    [
        ("views.standings", "open", "started, lead"),
        ("views.verdicts", "late", "due, lead"),
        ("views.verdicts", "verdict = 'due'", "due, lead"),
    ],
)
def test_what_is_open_now_is_found_without_meeting_what_is_over(long_history, view, few, by) -> None:
    where = Where(at(0), few)
    where.given("namespaces && %s", ["A"])
    assert rows_read(long_history, *where.query(view, "lead", by, 50)) == 0


_KEY = "due, lead, rule, rule_version, trigger"


@pytest.mark.parametrize(
    ("view", "few", "by", "after"),
    [
        ("views.standings", "open", "started, lead", (500, "x/500")),
        ("views.verdicts", "late", _KEY, (500, "x/500-1", "rule", 1, 500)),
        ("views.verdicts", "verdict = 'due'", _KEY, (500, "x/500-0", "rule", 1, 500)),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_a_page_of_what_is_open_reads_a_page_however_much_is(much_open, view, few, by, after, later) -> None:
    where = Where(at(0), few)
    where.given("namespaces && %s", ["A"])
    if later:
        where.add(f"({by}) > ({', '.join(['%s'] * len(after))})", *after)
    assert 50 <= rows_read(much_open, *where.query(view, "lead", by, 50)) <= 101


@pytest.mark.parametrize(
    ("view", "by"), [("views.standings", "started, lead"), ("views.verdicts", "due, lead")]
)
def test_a_page_of_everything_meets_about_a_page(long_history, view, by) -> None:
    where = Where(at(0), None)
    assert 50 <= rows_read(long_history, *where.query(view, "lead", by, 50)) <= 150


@pytest.mark.parametrize("filters", [{}, {"kind": "report_without_police_reference"}, {"authority": "A"}])
@pytest.mark.parametrize("scope", [None, frozenset("A")])
@pytest.mark.parametrize("after", [None, quality.Key(FOREVER, _HISTORY // 2, "x", "y")])
def test_a_page_of_what_is_wanting_meets_nothing_that_was_put_right(
    long_history, filters, scope, after
) -> None:
    asked = TableQuery(as_at=at(0), scope=scope, after=after)
    assert rows_read(long_history, *quality.found(QualityFilters(**filters), asked, None)) == 50

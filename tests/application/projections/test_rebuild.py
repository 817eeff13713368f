"""The rebuild: beside the live views, the same rows, a comparison, and a change of places."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from application.projections import table_sets as sets
from application.projections.connection import LIVE, OLD, REBUILDING, connect, use
from application.projections.follower import Follower
from application.projections.progress import lag
from application.projections.rebuild import NothingKept, Rebuilding, back, drop_old, rebuild
from application.projections.rebuild_comparison import ChangedVerdict, NotAssessed
from application.store.advisory_locks import lock_held
from tests.support.follower_faults import poison
from tests.support.local_rulebooks import RENUMBERED
from tests.support.projection_stories import (
    AUTHORITY,
    adopt,
    at,
    event,
    expected,
    held,
    naive,
    record,
    went_missing,
)
from tests.support.waiting import PATIENCE

SUBJECTS = [f"{AUTHORITY}/e{n}" for n in range(12)]


@pytest.fixture
def followed(ledger, dsn):
    """A ledger of twelve episodes of four children, two of them linked, and its views complete."""
    for n, subject in enumerate(SUBJECTS):
        went_missing(ledger, subject, 20 * n, child=f"P-{n % 4}", back=20 * n + 30 if n % 3 else None)
    record(ledger, event("profile-recorded", SUBJECTS[4], 70, "P-0", sex="female", ethnicity="A1",
                         child_protection_plan="yes", legal_status="C2", exploitation_flag="no"))  # fmt: skip
    record(
        ledger, event("episodes-linked", SUBJECTS[0], 1, "P-0", with_=SUBJECTS[1], relation="same_episode")
    )
    Follower(dsn).catch_up()
    return ledger


@pytest.mark.parametrize("processes", [1, 3])
def test_a_rebuild_makes_the_same_rows_and_finds_no_difference(followed, dsn, monkeypatch, processes) -> None:
    monkeypatch.setattr("application.projections.bulk_reassess.PAGE", 1)
    before = held(dsn, SUBJECTS)
    told: list[tuple[int, int]] = []
    report = rebuild(dsn, lambda done, total: told.append((done, total)), processes=processes)
    assert report.differences == ()
    assert report.compared == report.episodes == 11
    assert report.position == lag(followed.database).position == lag(followed.database).ledger_size
    assert held(dsn, SUBJECTS) == before == expected(naive(followed, SUBJECTS))
    assert told[-1] == (12, 12)


def test_a_live_row_that_is_wrong_is_named_and_put_right(followed, dsn) -> None:
    right = held(dsn, SUBJECTS)
    with connect(dsn) as connection:
        connection.execute("update standings set standing = 'away' where lead = %s", (SUBJECTS[5],))
        connection.execute("delete from verdicts where lead = any(%s)", ([SUBJECTS[7], SUBJECTS[8]],))
    report = rebuild(dsn)
    assert [(d.view, d.episodes, d.examples) for d in report.differences] == [
        ("standings", 1, (SUBJECTS[5],)),
        ("verdicts", 2, (SUBJECTS[7], SUBJECTS[8])),
    ]
    assert held(dsn, SUBJECTS) == right


def test_the_live_views_are_read_and_followed_while_it_goes_on(followed, dsn) -> None:
    follower, positions = Follower(dsn), []

    def meanwhile(_done: int, _total: int) -> None:
        if not positions:
            record(followed, event("notification-sent", SUBJECTS[2], 50, "P-2", recipient_role="ofsted"))
            positions.append(follower.catch_up())
            assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))

    report = rebuild(dsn, meanwhile)
    assert report.differences == ()
    assert report.position == positions[0]
    record(followed, event("notification-sent", SUBJECTS[3], 70, "P-3", recipient_role="ofsted"))
    follower.catch_up()
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))


class Stopped(Exception):
    """Somebody stopped it."""


@pytest.mark.parametrize("processes", [1, 2])
def test_stopped_it_leaves_the_live_views_alone_and_then_goes_on_where_it_was(
    followed, dsn, monkeypatch, processes
) -> None:
    monkeypatch.setattr("application.projections.bulk_reassess.PAGE", 1)
    for n in range(4):
        went_missing(followed, f"{AUTHORITY}/f{n}", 20 * n, child=f"Q-{n}")
    Follower(dsn).catch_up()

    def stop(_done: int, _total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rebuild(dsn, stop, processes=processes)
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))
    with connect(dsn) as connection:
        use(connection, "views_next")
        [left] = connection.execute("select count(*) from todo").fetchone()
    steps: list[tuple[int, int]] = []
    assert rebuild(dsn, lambda *step: steps.append(step)).differences == ()
    assert 0 < left < len(SUBJECTS) + 4
    assert steps[-1] == (left, left)  # and not all of them again
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))


def test_only_one_rebuild_at_a_time(followed, dsn) -> None:
    with connect(dsn) as connection, lock_held(connection, REBUILDING) as alone:
        assert alone
        with pytest.raises(Rebuilding):
            rebuild(dsn)
    rebuild(dsn)


def test_the_change_of_places_is_seen_whole_by_readers(followed, dsn) -> None:
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            rows = followed.database.rows(
                "select count(*), (select count(*) from views.standings) from views.episodes"
            )
            seen.add(rows[0])

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        rebuild(dsn)
    stop.set()
    reader.join()
    assert len(seen) == 1


def test_the_service_may_read_the_views_after_they_changed_places_and_never_write_them(followed, dsn) -> None:
    rebuild(dsn)
    assert followed.database.rows("select count(*) from views.episodes") == [(11,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        followed.database.rows("delete from views.episodes returning lead")


def test_a_long_read_delays_the_change_of_places_and_nobody_else(followed, dsn) -> None:
    with psycopg.connect(dsn) as reader, ThreadPoolExecutor(1) as pool:
        reader.execute("select from views.episodes")  # and its transaction stays open
        rebuilding = pool.submit(rebuild, dsn)
        with pytest.raises(TimeoutError):
            rebuilding.result(timeout=2)
        assert followed.database.rows("select count(*) from views.episodes") == [(11,)]
        reader.commit()
        assert rebuilding.result(timeout=PATIENCE).differences == ()


HELD = "return-interview-held"


def test_an_episode_that_only_one_side_has_differs(followed, dsn) -> None:
    with connect(dsn) as connection:
        for view in ("episodes", "standings", "verdicts", "counted"):
            connection.execute(f"delete from {view} where lead = %s", (SUBJECTS[4],))
        connection.execute("update episodes set lead = 'E08000025/gone' where lead = %s", (SUBJECTS[5],))
    differences = {each.view: each.examples for each in rebuild(dsn).differences}
    assert differences["episodes"] == (SUBJECTS[4], SUBJECTS[5], f"{AUTHORITY}/gone")
    assert SUBJECTS[4] in differences["verdicts"]


def test_a_changed_verdict_is_told_with_what_it_was_and_is(followed, dsn) -> None:
    with connect(dsn) as connection:
        connection.execute(
            "update verdicts set verdict = 'met' where lead = %s and rule = %s and verdict = 'overdue'",
            (SUBJECTS[4], HELD),
        )
    report = rebuild(dsn)
    assert report.verdicts == {(HELD, "met", "overdue"): 1}
    [change] = report.changes
    trigger = followed.database.rows(
        "select trigger from views.verdicts where lead = %s limit 1", (SUBJECTS[4],)
    )
    assert change == ChangedVerdict(
        subject=SUBJECTS[4],
        rule=HELD,
        trigger=trigger[0][0],
        since=at(110 + 72) + 1,  # a microsecond after the limit
        before="met",
        after="overdue",
        why="the live rows are not what follows from the entries",
    )


def test_another_rulebook_changes_verdicts_and_the_report_says_so_and_lists_no_more_than_asked(
    followed, dsn
) -> None:
    adopt(
        followed,
        RENUMBERED.replace("hours = 72", "hours = 999999"),
    )
    report = rebuild(dsn, most=3)
    assert report.verdicts[HELD, "overdue", "due"] == 8
    assert sum(report.verdicts.values()) > len(report.changes) == 3
    assert {change.why for change in report.changes} == {"another rulebook was adopted"}
    assert len(rebuild(dsn, most=None).changes) == 0  # the live ones are of that rulebook now


def test_checked_only_the_live_views_stay_as_they_are(followed, dsn) -> None:
    right = held(dsn, SUBJECTS)
    assert rebuild(dsn, switch=False).agrees
    with connect(dsn) as connection:
        connection.execute("update standings set standing = 'away' where lead = %s", (SUBJECTS[5],))
    wrong = held(dsn, SUBJECTS)
    report = rebuild(dsn, switch=False)
    assert [(d.view, d.examples) for d in report.differences] == [("standings", (SUBJECTS[5],))]
    assert not report.agrees
    assert not report.switched
    assert held(dsn, SUBJECTS) == wrong != right
    assert followed.database.rows("select count(*) from views.todo") == [(0,)]
    with connect(dsn) as connection:
        assert connection.execute("select count(*) from views_next.episodes").fetchone() == (0,)


def test_live_views_that_are_a_little_behind_are_brought_to_the_same_entry_first(followed, dsn) -> None:
    record(followed, event("notification-sent", SUBJECTS[2], 50, "P-2", recipient_role="ofsted"))
    report = rebuild(dsn, switch=False)
    assert report.position == report.live_position == lag(followed.database).position
    assert report.compared == report.episodes == 11


@pytest.mark.parametrize("processes", [1, 2])
def test_who_cannot_be_assessed_is_named_and_in_no_comparison(followed, dsn, processes) -> None:
    poison(followed, SUBJECTS[4], "P-0")
    Follower(dsn).catch_up()
    report = rebuild(dsn, processes=processes)
    assert {each.error for each in report.aside} == {"ValueError"}
    assert NotAssessed(SUBJECTS[4], "ValueError") in report.aside
    assert report.differences == ()
    assert not report.agrees


def test_what_was_live_is_kept_and_can_be_live_again(followed, dsn) -> None:
    with connect(dsn) as connection:
        connection.execute("update standings set standing = 'away' where lead = %s", (SUBJECTS[5],))
    wrong = held(dsn, SUBJECTS)
    position = lag(followed.database).position
    rebuild(dsn)
    right = held(dsn, SUBJECTS)
    record(followed, event("notification-sent", SUBJECTS[2], 50, "P-2", recipient_role="ofsted"))
    assert back(dsn).position == position
    assert held(dsn, SUBJECTS) == wrong
    back(dsn)
    assert held(dsn, SUBJECTS) == right
    assert Follower(dsn).catch_up() == position + 1
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))
    assert followed.database.rows("select count(*) from views.episodes") == [
        (11,)
    ]  # the service may read them


def test_what_is_kept_goes_when_it_is_let_go_or_replaced(followed, dsn) -> None:
    with pytest.raises(NothingKept):
        back(dsn)
    assert drop_old(dsn) is None
    rebuild(dsn)
    rebuild(dsn)
    assert drop_old(dsn).position == lag(followed.database).position
    with connect(dsn) as connection:
        assert sets.tables(connection, OLD) == []
        assert len(sets.tables(connection, LIVE)) > 5
    with pytest.raises(NothingKept):
        back(dsn)


def test_views_of_an_earlier_release_do_not_become_live_again(followed, dsn) -> None:
    rebuild(dsn)
    with connect(dsn) as connection:
        connection.execute("alter table views.episodes add column other text")
    with pytest.raises(NothingKept, match="earlier release"):
        back(dsn)


def test_every_set_of_tables_has_the_same_form_after_rebuilds(followed, dsn) -> None:
    def form(schema: str) -> list[tuple[str, ...]]:
        return followed.database.rows(
            "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), obj_description(c.oid),"
            " (select count(*) from pg_index i where i.indrelid = c.oid)"
            " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
            " where c.relkind = 'r' and c.relnamespace = %s::regnamespace order by 1, a.attnum",
            (schema,),
        )

    live = form("views")
    for _ in range(3):
        rebuild(dsn)
    assert form("views") == live
    assert [row[:3] for row in form("views_next")] == [row[:3] for row in live]


_KILLED = """
import os, signal, sys
from application.projections import bulk_reassess
from application.projections.rebuild import rebuild
bulk_reassess.PAGE = 1
pages, reassess = 0, bulk_reassess.reassess
def killed(*given):
    global pages
    pages += 1
    touched = reassess(*given)
    if pages == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # its rows are written, its transaction is open
    return touched
bulk_reassess.reassess = killed
rebuild(sys.argv[1])
"""


def test_killed_half_way_it_leaves_no_trace_and_another_process_goes_on_to_the_same_rows(
    followed, dsn
) -> None:
    for seed in ("1", "2"):  # strings come out of sets in another order in each
        killed = subprocess.run(
            [sys.executable, "-c", _KILLED, dsn], env=os.environ | {"PYTHONHASHSEED": seed}, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))
    with connect(dsn) as connection:
        [left] = connection.execute("select count(*) from views_next.todo").fetchone()
    assert 0 < left < len(SUBJECTS)
    steps: list[tuple[int, int]] = []
    report = rebuild(dsn, lambda *step: steps.append(step))
    assert (report.differences, report.compared, steps[-1]) == ((), 11, (left, left))
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))

"""The rebuild: beside the live views, the same rows, a comparison, and a change of places."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from application.follow import Follower, lag
from application.rebuild import Rebuilding, Step, rebuild, with_time_left
from application.views.connect import REBUILDING, connect, try_lock, use
from tests.views_stories import AUTHORITY, event, expected, held, naive, record, went_missing
from tests.waiting import PATIENCE

SUBJECTS = [f"{AUTHORITY}/e{n}" for n in range(12)]


@pytest.fixture
def followed(ledger, dsn):
    """A ledger of twelve episodes of four children, two of them linked, and its views complete."""
    for n, subject in enumerate(SUBJECTS):
        went_missing(ledger, subject, 20 * n, child=f"P-{n % 4}", back=20 * n + 30 if n % 3 else None)
    record(
        ledger, event("episodes-linked", SUBJECTS[0], 1, "P-0", with_=SUBJECTS[1], relation="same_episode")
    )
    Follower(dsn).catch_up()
    return ledger


def test_a_rebuild_makes_the_same_rows_and_finds_no_difference(followed, dsn) -> None:
    before = held(dsn, SUBJECTS)
    steps: list[Step] = []
    report = rebuild(dsn, with_time_left(steps.append))
    assert report.differences == ()
    assert report.compared == report.episodes == 11
    assert report.position == lag(followed.database).position == lag(followed.database).ledger_size
    assert held(dsn, SUBJECTS) == before == expected(naive(followed, SUBJECTS))
    assert steps[-1] == Step(12, 12, 0.0)


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


def test_stopped_it_leaves_the_live_views_alone_and_then_goes_on_where_it_was(
    followed, dsn, monkeypatch
) -> None:
    monkeypatch.setattr("application.views.advance._PAGE", 3)

    def stop(_done: int, _total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rebuild(dsn, stop)
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))
    with connect(dsn) as connection:
        use(connection, "views_next")
        [left] = connection.execute("select count(*) from todo").fetchone()
    steps: list[tuple[int, int]] = []
    assert rebuild(dsn, lambda *step: steps.append(step)).differences == ()
    assert 0 < left < len(SUBJECTS)
    assert steps[-1] == (left, left)  # and not all of them again
    assert held(dsn, SUBJECTS) == expected(naive(followed, SUBJECTS))


def test_only_one_rebuild_at_a_time(followed, dsn) -> None:
    with connect(dsn) as connection:
        assert try_lock(connection, REBUILDING)
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

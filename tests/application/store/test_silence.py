"""Connections that fall silent: they are found, cut and replaced, and long work goes on."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from application.projections.follower import Follower
from application.recording.ledger import Ledger
from application.store.database import Database, Unreachable, connect
from tests.support.silent_proxy import SilentProxy
from tests.support.submission_builder import submission
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(dsn):
    """A way to the test's database that can fall silent."""
    proxy = SilentProxy(dsn)
    yield proxy
    proxy.close()


@pytest.fixture
def database(proxy):
    """A database over the proxy, with a connection in its pool."""
    database = Database(proxy.dsn)
    assert database.rows("select 1") == [(1,)]
    yield database
    database.close()


def test_a_query_over_a_silent_connection_is_answered_over_a_new_one(database, proxy):
    proxy.fall_silent()
    assert database.rows("select 1") == [(1,)]


def test_a_query_is_given_up_when_new_connections_are_silent_too(database, proxy):
    proxy.fall_silent(new=True)
    with pytest.raises(Unreachable):
        database.rows("select 1")
    proxy.recover()
    until(lambda: answers(database))


def test_those_who_ask_later_are_not_kept_waiting_as_long(database, proxy):
    proxy.fall_silent(new=True)
    with pytest.raises(Unreachable):
        database.rows("select 1")
    began = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        assert not any(pool.map(lambda _: answers(database), range(64)))
    assert time.monotonic() - began < 16  # of 5 seconds each it would be 20


def answers(database):
    try:
        return database.rows("select 1") == [(1,)]
    except Unreachable:
        return False


@pytest.mark.parametrize("seconds", [4])
def test_a_statement_that_takes_long_is_not_cut(database, proxy, seconds):
    sleep = "select pg_sleep(%s) is null"
    assert database.rows(sleep, (seconds,)) == [(False,)]
    with connect(proxy.dsn) as connection:
        assert connection.execute(sleep, (seconds,)).fetchone() == (False,)


def test_a_statement_longer_than_its_limit_is_given_up(proxy):
    database = Database(proxy.dsn, statement_seconds=1)
    with pytest.raises(Unreachable) as caught:
        database.rows("select pg_sleep(60)")
    assert isinstance(caught.value.__cause__, psycopg.errors.QueryCanceled)
    database.close()


def test_what_is_recorded_over_a_silent_connection_is_recorded_once_over_a_new_one(proxy, ledger, keys):
    through = Ledger(proxy.dsn, keys, "test")
    [before] = through.record([submission(id="before")])
    proxy.fall_silent()
    [during] = through.record([submission(id="during")])
    assert during.receipt.position == before.receipt.position + 1
    assert ledger.entries.max_notification_id() == during.receipt.position
    through.close()


def test_a_silent_connection_leaves_no_lock_behind_and_the_follower_goes_on(proxy, ledger, dsn):
    stop = threading.Event()
    following = threading.Thread(target=Follower(proxy.dsn).run, args=(stop,))
    following.start()
    try:
        until(lambda: followed(dsn) == ledger.entries.max_notification_id())
        proxy.fall_silent()
        ledger.record([submission(id="later")])
        until(lambda: followed(dsn) == ledger.entries.max_notification_id())
    finally:
        stop.set()
        following.join()


def followed(dsn):
    with psycopg.connect(dsn) as connection:
        return connection.execute("select position from views.progress").fetchone()[0]

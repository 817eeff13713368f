"""The one loop that waits for new entries: woken by a notification, through broken connections, one at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from application.projections.follower import Follower
from application.projections.progress import lag
from application.store.entry_listener import LOOK, EntryListener, interruption
from application.store.logs import EPISODES
from tests.support.submission_builder import submission
from tests.support.waiting import until

LOCK = 7_301_159_999
Connection = psycopg.Connection[Any]


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    """Stops every listener of a test."""
    made = threading.Event()
    yield made
    made.set()


@contextmanager
def listening(
    ledger, stop: threading.Event, step: Callable[[Connection], Any], **how: Any
) -> Iterator[list[Any]]:
    """A listener in a thread; what `until` returned."""
    returned: list[Any] = []
    listener = EntryListener(ledger.database.connect, EPISODES, stop, prepare=lambda c: c, pause=0.05, **how)

    def run() -> None:
        with listener:
            returned.append(listener.until(step))

    thread = threading.Thread(target=run)
    thread.start()
    yield returned
    stop.set()
    thread.join()


def size(connection: Connection) -> int:
    """The position of the last entry."""
    [(position,)] = connection.execute("select position from ledger.heads where log = 1").fetchall()
    return int(position)


def test_a_notification_wakes_it_before_it_looks_by_itself(ledger, stop) -> None:
    steps: list[tuple[int, float]] = []

    def step(connection: Connection) -> int | None:
        steps.append((size(connection), time.monotonic()))
        return steps[-1][0] if steps[-1][0] > steps[0][0] else None

    with listening(ledger, stop, step) as returned:
        until(lambda: len(steps) >= 1)
        recorded = time.monotonic()
        ledger.record([submission()])
        until(lambda: returned)
    assert returned == [steps[0][0] + 1]
    assert steps[-1][1] - recorded < LOOK


def test_a_broken_connection_is_replaced_and_said(ledger, stop) -> None:
    pids: list[int] = []
    said: list[Exception] = []

    def step(connection: Connection) -> None:
        pids.append(connection.info.backend_pid)
        if len(pids) < 3:
            connection.execute("select pg_terminate_backend(pg_backend_pid())")

    with listening(ledger, stop, step, on_trouble=said.append):
        until(lambda: len(pids) >= 3)
    assert len(set(pids[:3])) == 3
    assert len(said) == 2


def test_of_two_with_a_lock_one_works_until_it_is_closed(ledger, stop) -> None:
    first_stop, working = threading.Event(), []
    with listening(ledger, stop, lambda _: working.append("second"), lock=LOCK):
        until(lambda: working)
        with listening(ledger, first_stop, lambda _: working.append("first"), lock=LOCK):
            assert "first" not in working
            stop.set()
            until(lambda: "first" in working)


def test_following_says_once_what_interrupts_it_and_goes_on_after_it(
    ledger, dsn, stop, caplog: pytest.LogCaptureFixture
) -> None:
    database = ledger.database.rows("select current_database()")[0][0]

    def read_only(setting: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("set default_transaction_read_only = off")
            connection.execute(f'alter database "{database}" set default_transaction_read_only = {setting}')

    def interruptions() -> list[str]:
        return [r.getMessage() for r in caplog.records if "interrupted" in r.getMessage()]

    read_only("on")
    with caplog.at_level(logging.WARNING):
        thread = threading.Thread(target=Follower(dsn).run, args=(stop,))
        thread.start()
        until(interruptions)
        read_only("off")
        until(lambda: lag(ledger.database).behind == 0)
        stop.set()
        thread.join()
    [said] = interruptions()
    assert "25006 (cannot execute SELECT FOR UPDATE in a read-only transaction)" in said


def test_a_message_that_may_hold_a_value_is_not_repeated() -> None:
    """Only messages about the database itself are."""
    full, wrong = psycopg.errors.DiskFull("No space"), psycopg.errors.InvalidTextRepresentation("Jane Smith")
    assert interruption(full).startswith("DiskFull")
    assert interruption(wrong) == "InvalidTextRepresentation 22P02"
    assert interruption(OSError("Jane Smith")) == "OSError"

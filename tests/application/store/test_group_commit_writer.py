"""The writer under load and in trouble: order, nothing acknowledged lost, nothing claimed."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.pq import ConnStatus

from application.recording.ledger import Ledger
from application.recording.outcomes import Duplicate, Receipt, Recorded
from application.store.append import EPISODES
from application.store.line_codec import read_line
from domain.entries.entry import Entry
from domain.errors import NotRecorded, Overloaded
from tests.conftest import Server
from tests.support.submission_builder import submission
from tests.support.waiting import until


def every_entry(ledger: Ledger) -> list[Entry]:
    """Every entry, in order of position."""
    return [
        read_line(line)
        for (line,) in ledger.database.rows("select line from ledger.entries order by position")
    ]


def assert_sound(entries: list[Entry]) -> None:
    """Positions without gap, times that never fall, versions without gap within each subject."""
    assert [e.position for e in entries] == list(range(1, len(entries) + 1))
    assert sorted(e.recorded_at for e in entries) == [e.recorded_at for e in entries]
    for subject in {e.subject for e in entries}:
        versions = [e.version for e in entries if e.subject == subject]
        assert versions == list(range(1, len(versions) + 1))


def assert_kept(receipts: list[Receipt], entries: list[Entry]) -> None:
    """Everything acknowledged is there, once, where its receipt says."""
    kept = {(e.source, e.id): e.position for e in entries}
    assert len(kept) == len(entries)
    assert all(kept[r.source, r.id] == r.position for r in receipts)


def record_one(ledger: Ledger, episode: str) -> Receipt:
    """Record a new submission, and the same again for as long as the store does not confirm, as a sender does."""
    sent = submission(episode=episode, child=f"P-{episode}")
    while True:
        try:
            [outcome] = ledger.record([sent])
        except NotRecorded:
            continue
        assert isinstance(outcome, Recorded | Duplicate)
        return outcome.receipt


def test_several_writers_with_many_threads_keep_one_order(open_ledger, ledger: Ledger) -> None:
    ledgers = [ledger, open_ledger(), open_ledger()]
    with ThreadPoolExecutor(24) as pool:
        receipts = list(pool.map(lambda n: record_one(ledgers[n % 3], f"ME-{n % 7}"), range(600)))
    entries = every_entry(ledger)
    assert len(entries) == 602
    assert_sound(entries)
    assert_kept(receipts, entries)


def test_connections_killed_while_recording_lose_and_double_nothing(ledger: Ledger, dsn: str) -> None:
    done = threading.Event()

    def kill() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while not done.wait(0.05):
                connection.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                                   " where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda n: record_one(ledger, f"ME-{n % 5}"), range(120)))
    done.set()
    killer.join()
    entries = every_entry(ledger)
    assert len(entries) == 122
    assert_sound(entries)
    assert_kept(receipts, entries)


def test_an_acknowledgement_lost_after_the_commit_is_found_again(ledger: Ledger, monkeypatch) -> None:
    real, lost = EPISODES.append, []

    def lose_first(connection, requests, **how):
        answers = real(connection, requests, **how)
        if not lost:
            lost.append(True)
            connection.close()
            raise psycopg.OperationalError("the link broke before the answer came")
        return answers

    monkeypatch.setattr(ledger._writer, "_log", EPISODES._replace(append=lose_first))
    [outcome] = ledger.record([submission()])
    assert lost
    assert isinstance(outcome, Duplicate)
    assert len(every_entry(ledger)) == 3


def test_a_link_that_breaks_while_something_unread_waits_on_it_is_a_broken_link(
    open_ledger, ledger: Ledger, dsn: str, monkeypatch
) -> None:
    """Libpq then reads what waits, reports the failed write, and still calls the connection good."""
    real, states = EPISODES.append, []

    def break_first(connection, requests, **how):
        if states:
            return real(connection, requests, **how)
        connection.execute("listen something")
        with psycopg.connect(dsn, autocommit=True) as other:
            other.execute("notify something")
        select.select([connection.fileno()], [], [])
        with socket.socket(fileno=os.dup(connection.fileno())) as link:
            link.shutdown(socket.SHUT_WR)
        try:
            return real(connection, requests, **how)
        finally:
            states.append(connection.pgconn.status)

    other = open_ledger()
    monkeypatch.setattr(other._writer, "_log", EPISODES._replace(append=break_first))
    [outcome] = other.record([submission()])
    assert states == [ConnStatus.OK]
    assert isinstance(outcome, Recorded)
    assert len(every_entry(ledger)) == 3


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_database_stopped_and_started_under_load(
    ledger: Ledger, postgres: Server, how: signal.Signals
) -> None:
    receipts: list[Receipt] = []
    done = threading.Event()

    def load(worker: int) -> None:
        while not done.is_set():
            receipts.append(record_one(ledger, f"ME-{worker}"))

    with ThreadPoolExecutor(8) as pool:
        for worker in range(8):
            pool.submit(load, worker)
        try:
            until(lambda: len(receipts) > 50)
            postgres.stop(how)
            before = len(receipts)
            postgres.start()
            until(lambda: len(receipts) > before + 50)
        finally:
            done.set()
    entries = every_entry(ledger)
    assert_sound(entries)
    assert_kept(receipts, entries)


class Held:
    """The head row, locked by somebody else: every append waits."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn)
        self._connection.execute("select * from ledger.heads where log = 1 for update")

    def release(self) -> None:
        """Let them go on."""
        self._connection.close()


def test_what_waits_goes_together_in_one_call(ledger: Ledger, dsn: str) -> None:
    [(before,)] = ledger.database.rows("select writes from ledger.heads where log = 1")
    held = Held(dsn)
    with ThreadPoolExecutor(33) as pool:
        first = pool.submit(record_one, ledger, "ME-0")
        until(lambda: ledger._writer._waiting == 1 and ledger._writer._queue.empty())
        rest = [pool.submit(record_one, ledger, f"ME-{n}") for n in range(1, 33)]
        until(lambda: ledger._writer._waiting == 33)
        held.release()
        assert {future.result().position for future in (first, *rest)} == set(range(3, 36))
    assert ledger.database.rows("select writes from ledger.heads where log = 1") == [(before + 2,)]


def test_too_much_waiting_is_turned_away_and_the_rest_recorded(open_ledger, ledger: Ledger, dsn: str) -> None:
    small = open_ledger(capacity=3)
    held = Held(dsn)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(small.record, [submission()]) for _ in range(3)]
        until(lambda: small._writer._waiting == 3)
        with pytest.raises(Overloaded):
            small.record([submission()])
        held.release()
        assert all(isinstance(future.result()[0], Recorded) for future in waiting)
    assert isinstance(small.record([submission()])[0], Recorded)


def test_nobody_waits_for_ever_and_nothing_is_claimed(open_ledger, ledger: Ledger, dsn: str) -> None:
    hasty = open_ledger(deadline=0.1)
    held = Held(dsn)
    sent = submission()
    with pytest.raises(NotRecorded):
        hasty.record([sent])
    held.release()
    assert isinstance(ledger.record([sent])[0], Recorded | Duplicate)
    assert len(every_entry(ledger)) == 3


def test_closing_records_what_waits_and_turns_away_what_comes(open_ledger, ledger: Ledger, dsn: str) -> None:
    other = open_ledger()
    held = Held(dsn)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(other.record, [submission()]) for _ in range(5)]
        until(lambda: other._writer._waiting == 5)
        closing = pool.submit(other._writer.close)
        held.release()
        closing.result()
        assert all(isinstance(future.result()[0], Recorded) for future in waiting)
    with pytest.raises(NotRecorded):
        other.record([submission()])


def test_a_forked_process_writes_with_a_thread_and_connection_of_its_own(ledger: Ledger) -> None:
    ledger.record([submission()])
    theirs, ours = submission(), submission()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that there are threads is the point
        child = os.fork()
    if child == 0:
        try:
            os._exit(0 if isinstance(ledger.record([theirs])[0], Recorded) else 1)
        except BaseException:  # noqa: BLE001  the copy of the test's process must end here
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert isinstance(ledger.record([ours])[0], Recorded)
    assert_sound(every_entry(ledger))


def test_a_cancelled_wait_for_the_standby_is_not_taken_as_durable(ledger: Ledger, monkeypatch) -> None:
    real, warned = EPISODES.append, []

    def warn_once(connection, requests, **how):
        if not warned:
            warned.append(True)
            connection.pgconn.exec_(b"do $$ begin raise warning 'canceling wait for synchronous replication due to"
                                    b" user request'; end $$")  # fmt: skip
        return real(connection, requests, **how)

    monkeypatch.setattr(ledger._writer, "_log", EPISODES._replace(append=warn_once))
    [outcome] = ledger.record([submission()])
    assert isinstance(outcome, Duplicate), "it was sent again, and only then acknowledged"

"""The follower: only what changed, one at a time, through kills, restarts and what cannot be assessed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import psycopg
import pytest

from application.projections.connection import FOLLOWING
from application.projections.follower import Follower
from application.projections.progress import lag
from domain.rules.rulebook import england, parse
from tests.support.local_rulebooks import RENUMBERED
from tests.support.projection_stories import (
    AUTHORITY,
    POLICE,
    adopt,
    event,
    expected,
    held,
    hour,
    naive,
    record,
    went_missing,
)
from tests.support.waiting import PATIENCE, until

pytest_plugins = ["tests.support.projection_fixtures"]

A, B, C, D = (f"{AUTHORITY}/{name}" for name in "abcd")
C_OF_POLICE = f"{POLICE}/c"
_PROGRAM = """
import sys, threading
from application.projections.follower import Follower
Follower(sys.argv[1]).run(threading.Event())
"""


@pytest.fixture
def process(dsn) -> Iterator[subprocess.Popen[bytes]]:
    """A follower in a process of its own."""
    started = subprocess.Popen([sys.executable, "-c", _PROGRAM, dsn])
    yield started
    started.kill()
    started.wait()


@pytest.fixture
def thread(dsn) -> Iterator[threading.Thread]:
    """A follower in a thread."""
    stop = threading.Event()
    started = threading.Thread(target=Follower(dsn).run, args=(stop,))
    started.start()
    yield started
    stop.set()
    started.join()


def followers_with_the_lock(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as connection:
        return [
            pid
            for (pid,) in connection.execute(
                "select pid from pg_locks where locktype = 'advisory' and granted and objid = %s"
                " and database = (select oid from pg_database where datname = current_database())",
                (FOLLOWING & 0xFFFFFFFF,),
            )
        ]


def versions(dsn: str) -> dict[tuple[str, str, str], str]:
    """The transaction that wrote each row of the views."""
    with psycopg.connect(dsn) as connection:
        return {
            (view, lead, ctid): xmin
            for view in ("episodes", "standings", "verdicts")
            for lead, ctid, xmin in connection.execute(
                f"select lead, ctid::text, xmin::text from views.{view}".encode()
            )
        }


def test_an_entry_writes_only_the_rows_that_it_changes(ledger, dsn) -> None:
    went_missing(ledger, A, 0, back=10)
    went_missing(ledger, B, 100, back=110)
    follower = Follower(dsn)
    follower.catch_up()
    before = versions(dsn)
    record(ledger, event("strategy-discussion-held", A, 1))
    follower.catch_up()
    after = versions(dsn)
    written = {(view, lead) for (view, lead, _), _ in after.items() ^ before.items()}
    assert written == {("episodes", A)}  # its last entry; it stands as it stood, and so do its duties


def test_an_entry_that_moves_an_episode_rewrites_those_it_comes_to_overlap_and_no_others(ledger, dsn) -> None:
    went_missing(ledger, A, 0, back=10)
    went_missing(ledger, B, 20, back=30)
    went_missing(ledger, C, 50, back=60)
    follower = Follower(dsn)
    follower.catch_up()
    before = versions(dsn)
    record(ledger, event("absence-noticed", B, 21, left_at=hour(5)))
    follower.catch_up()
    written = {lead for (_, lead, _), _ in versions(dsn).items() ^ before.items()}
    assert written == {A, B}
    assert held(dsn, [A, B, C]) == expected(naive(ledger, [A, B, C]))


def test_two_subjects_linked_to_one_that_is_not_there_yet_are_one_episode(ledger, dsn) -> None:
    follower = Follower(dsn)
    for subject in (A, B):
        link = {"with_": C, "relation": "same_episode"}
        record(ledger, event("reported", subject, 0), event("episodes-linked", subject, 1, **link))
        follower.catch_up()
    assert held(dsn, [A, B, C]) == expected(naive(ledger, [A, B]))
    assert [row[1] for row in held(dsn, [A, B, C])["episodes"]] == [[A, B]]
    record(ledger, event("returned", C, 10))
    follower.catch_up()
    assert held(dsn, [A, B, C]) == expected(naive(ledger, [A, B, C]))


def test_a_child_tied_to_another_by_one_episode_is_one_person_in_all_of_them(ledger, dsn) -> None:
    follower = Follower(dsn)
    record(ledger, event("reported", A, 0, "P-1"), event("reported", B, 5, "P-2"))
    record(ledger, event("reported", C, 90, "P-2"), event("reported", D, 95, "P-1"))
    follower.catch_up()
    record(ledger, event("episodes-linked", A, 6, "P-1", with_=B, relation="same_episode"))
    follower.catch_up()
    for subject, child in ((C, "P-2"), (D, "P-1")):  # neither names the tie, and both are of the person
        record(ledger, event("returned", subject, 100, child))
        follower.catch_up()
        assert held(dsn, [A, B, C, D]) == expected(naive(ledger, [A]))
    assert len({row[3] for row in held(dsn, [A, C, D])["episodes"]}) == 1


def test_a_proposed_link_of_children_stays_with_each_of_their_episodes_whatever_follows(ledger, dsn) -> None:
    follower = Follower(dsn)
    other = {"scheme": AUTHORITY, "reference": "P-2"}
    record(ledger, event("reported", A, 0, "P-1"), event("reported", B, 5, "P-2"))
    record(ledger, event("child-linked", C_OF_POLICE, 1, "P-1", same_as=other))
    for subject, child in ((A, "P-1"), (B, "P-2")):
        follower.catch_up()
        record(ledger, event("returned", subject, 10, child))
        follower.catch_up()
        assert held(dsn, [A, B, C_OF_POLICE]) == expected(naive(ledger, [A]))
    assert [len(each.episode.proposals) for each in naive(ledger, [A])] == [1, 1, 1]


def test_one_of_two_followers_works_and_the_other_takes_over_when_it_is_killed(
    ledger, dsn, lists, process, request
) -> None:
    went_missing(ledger, A, 0)
    until(lambda: followers_with_the_lock(dsn))
    [first] = followers_with_the_lock(dsn)
    request.getfixturevalue("thread")
    position = record(ledger, event("returned", A, 10))[0].position
    assert lists.wait_for(position, PATIENCE)
    assert followers_with_the_lock(dsn) == [first]
    process.kill()
    position = record(ledger, event("interview-held", A, 20))[0].position
    assert lists.wait_for(position, PATIENCE)
    assert followers_with_the_lock(dsn) not in ([], [first])
    assert held(dsn, [A]) == expected(naive(ledger, [A]))


def test_killed_in_the_middle_of_a_batch_nothing_of_it_is_there_and_the_next_does_it_whole(
    ledger, dsn, process
) -> None:
    until(lambda: lag(ledger.database).behind == 0)
    complete = lag(ledger.database).position
    with psycopg.connect(dsn) as blocker:
        blocker.execute("lock table views.verdicts in share mode")
        record(ledger, event("reported", A, 0), event("returned", A, 10))
        until(lambda: waiting_for_a_lock(dsn))
        process.send_signal(signal.SIGKILL)
        process.wait()
    until(lambda: not followers_with_the_lock(dsn))
    assert held(dsn, [A])["episodes"] == []
    assert lag(ledger.database).position == complete
    Follower(dsn).catch_up()
    assert held(dsn, [A]) == expected(naive(ledger, [A]))


def waiting_for_a_lock(dsn: str) -> bool:
    with psycopg.connect(dsn) as connection:
        return bool(connection.execute("select from pg_locks where not granted").fetchall())


def test_it_goes_on_after_postgresql_crashed_under_it(ledger, dsn, lists, postgres, thread) -> None:
    went_missing(ledger, A, 0)
    until(lambda: lag(ledger.database).behind == 0)
    postgres.stop(signal.SIGQUIT)
    postgres.start()
    position = record(ledger, event("returned", A, 10))[0].position
    assert lists.wait_for(position, PATIENCE)
    assert held(dsn, [A]) == expected(naive(ledger, [A]))


def test_a_newly_adopted_rulebook_judges_everything_anew(ledger, dsn) -> None:
    went_missing(ledger, A, 0, back=10)
    follower = Follower(dsn)
    follower.catch_up()
    raised = [r for r in england().rules if any(p.fact.NAME == "returned" for p in r.starts.facts)]
    assert {row[1:3] for row in held(dsn, [A])["verdicts"]} == {(r.id, r.version) for r in raised}
    text = RENUMBERED.replace("hours = 72", "hours = 24")
    adopt(ledger, text)
    position = record(ledger, event("notification-sent", A, 1, recipient_role="ofsted"))[0].position
    assert follower.catch_up() == position
    assert {row[1:3] for row in held(dsn, [A])["verdicts"]} == {(r.id, 2) for r in raised}


def test_a_rule_that_looks_at_the_childs_other_episodes_sees_them_as_they_come(ledger, dsn) -> None:
    adopt(ledger, _LOOKING_AT_OTHERS)
    follower = Follower(dsn)
    went_missing(ledger, A, 0, back=10)
    follower.catch_up()
    for subject, when in ((B, 20), (C, 40)):
        went_missing(ledger, subject, when)
        follower.catch_up()
        rows = held(dsn, [A, B, C])["verdicts"]
        assert rows == expected(naive(ledger, [A], parse(_LOOKING_AT_OTHERS)))["verdicts"]
    assert {row[:2] for row in rows} == {(A, "paused-while-missing"), (B, "repeated"), (C, "repeated")}


_LOOKING_AT_OTHERS = """
id = "others"
version = "1"
title = "t"
lateness_hours = 24

[[rules]]
id = "repeated"
version = 1
title = "t"
source = "s"
accountable = "responsible_authority"
starts = { episodes = 2, within_days = 30 }
met_by = [{ fact = "strategy-discussion-held" }]

[[rules]]
id = "paused-while-missing"
version = 1
title = "t"
source = "s"
accountable = "responsible_authority"
starts = [{ fact = "returned" }]
limit = { hours = 72 }
met_by = [{ fact = "interview-held" }]
missing_again = "pauses"
"""

"""A backlog: bulk reassessment gives the same result, and what is recorded meanwhile is in the lists before it."""

from __future__ import annotations

import pytest

from application.projections.backlog import PAGE, PAGE_SECONDS, _next_size, catch_up_in_bulk
from application.projections.catch_up import NewRulebook
from application.projections.connection import connect
from application.projections.follower import Follower
from application.projections.progress import lag
from tests.support.local_rulebooks import RENUMBERED
from tests.support.projection_stories import (
    AUTHORITY,
    adopt,
    arrivals_expected,
    arrivals_held,
    event,
    expected,
    held,
    naive,
    record,
    went_missing,
)

TONIGHT = f"{AUTHORITY}/tonight"


@pytest.fixture
def backlog(ledger, monkeypatch):
    """Subjects of the backlog, which takes a page for each."""
    monkeypatch.setattr("application.projections.backlog.PAGE", 1)
    subjects = [f"{AUTHORITY}/p{n}" for n in range(8)]
    for n, subject in enumerate(subjects):
        went_missing(ledger, subject, n, child=f"P-{n}", back=n + 40)
    return subjects


def test_far_behind_it_redoes_persons_in_bulk_with_the_same_result(ledger, dsn) -> None:
    for n in range(3):
        went_missing(ledger, f"{AUTHORITY}/p{n}", n, child=f"P-{n}", back=n + 40)
        went_missing(ledger, f"{AUTHORITY}/q{n}", n + 20, child=f"P-{n}")
    subjects = [f"{AUTHORITY}/{kind}{n}" for kind in "pq" for n in range(3)]
    assert Follower(dsn, far=3).catch_up() == lag(ledger.database).ledger_size
    assert held(dsn, subjects) == expected(naive(ledger, subjects))
    record(ledger, event("returned", subjects[5], 30, "P-2"))
    Follower(dsn, far=0).catch_up()
    assert held(dsn, subjects) == expected(naive(ledger, subjects))


def test_what_is_recorded_meanwhile_is_in_the_lists_before_the_backlog(ledger, dsn, backlog) -> None:
    shown: list[tuple[bool, int]] = []

    def between_pages(_done: int, _of: int) -> None:
        if not shown:
            record(ledger, event("reported", TONIGHT, 300, "P-tonight", category="missing"))
        there = len(held(dsn, [TONIGHT])["episodes"])
        shown.append((bool(there), len(held(dsn, backlog)["episodes"])))

    with connect(dsn) as connection:
        catch_up_in_bulk(connection, between_pages)
    assert shown[0] == (False, 1)
    assert shown[1] == (True, 2)  # the page after it was recorded has it, and goes on with the backlog
    assert shown[-1] == (True, len(backlog))
    assert lag(ledger.database).behind == 0
    assert held(dsn, [*backlog, TONIGHT]) == expected(naive(ledger, [*backlog, TONIGHT]))
    assert arrivals_held(dsn) == arrivals_expected(ledger)


def test_an_episode_of_the_backlog_that_receives_an_entry_meanwhile_is_as_known_last(
    ledger, dsn, backlog
) -> None:
    pages: list[int] = []

    def between_pages(_done: int, _of: int) -> None:
        if len(pages) < len(backlog):
            record(ledger, event("located", backlog[len(pages)], 200, f"P-{len(pages)}"))
        pages.append(1)

    with connect(dsn) as connection:
        catch_up_in_bulk(connection, between_pages)
    Follower(dsn).catch_up()
    assert held(dsn, backlog) == expected(naive(ledger, backlog))


def test_the_lists_promise_nothing_before_the_backlog_is_done(ledger, dsn, backlog) -> None:
    Follower(dsn).catch_up()
    before = lag(ledger.database).position
    for n, subject in enumerate(backlog):
        record(ledger, event("located", subject, 100, f"P-{n}"))
    promised: list[int] = []
    with connect(dsn) as connection:
        catch_up_in_bulk(connection, lambda _done, _of: promised.append(lag(ledger.database).position))
    assert set(promised) == {before}
    assert lag(ledger.database).behind == 0


def test_a_rulebook_adopted_meanwhile_is_left_to_a_rebuild(ledger, dsn, backlog) -> None:
    adopted = lag(ledger.database).ledger_size + 1

    def between_pages(_done: int, _of: int) -> None:
        if lag(ledger.database).ledger_size < adopted:
            adopt(ledger, RENUMBERED)
            record(ledger, event("reported", TONIGHT, 300, "P-tonight", category="missing"))

    with connect(dsn) as connection:
        catch_up_in_bulk(connection, between_pages)
        assert lag(ledger.database).position == adopted - 1
        with pytest.raises(NewRulebook):
            catch_up_in_bulk(connection, between_pages)
    Follower(dsn).catch_up()
    assert len(held(dsn, [TONIGHT])["episodes"]) == 1


def test_a_page_that_took_long_is_followed_by_a_smaller_one_and_never_by_none() -> None:
    long, short = PAGE_SECONDS * 2, PAGE_SECONDS / 2
    assert [_next_size(n, long) for n in (PAGE, 2, 1)] == [PAGE // 2, 1, 1]
    assert [_next_size(n, short) for n in (1, PAGE - 1, PAGE)] == [2, PAGE, PAGE]

"""A batch is recorded in its order, whatever happens with children (stored-form.md 3)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.recording.ledger import Ledger
from application.recording.outcomes import Duplicate, Outcome, Recorded, RefusedOutcome
from domain.entries.entry import Submission
from tests.support.submission_builder import submission

_RUNS = count(1)

events = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)
"""Which episode and which child each event of a batch is about."""


@pytest.fixture
def other(open_ledger) -> Ledger:
    """A second process on the same ledger."""
    return open_ledger()


def batch(run: int, some: list[tuple[int, int]]) -> list[Submission]:
    return [submission(episode=f"R{run}-{episode}", child=f"R{run}-{child}") for episode, child in some]


def assert_in_order(sent: list[Submission], outcomes: list[Outcome]) -> None:
    """Positions rise in the order sent, and so do the versions of each episode."""
    receipts = [o.receipt for o in outcomes if isinstance(o, Recorded)]
    assert [r.position for r in receipts] == sorted(r.position for r in receipts)
    for subject in {one.subject for one in sent}:
        of_one = [r.version for r in receipts if r.subject == subject]
        assert all(later == earlier + 1 for earlier, later in pairwise(of_one))


def test_a_child_that_another_process_recorded_first_moves_nothing(ledger: Ledger, other: Ledger) -> None:
    sent = [submission(episode=f"ME-{n}", child=f"K-{n}") for n in (1, 2, 3)]
    ledger.record([submission(episode="ME-9", child="K-1")], dry_run=True)  # it makes up a key for the child
    other.record([submission(episode="ME-8", child="K-1")])
    outcomes = ledger.record(sent)
    assert [type(o) for o in outcomes] == [Recorded] * 3
    assert_in_order(sent, outcomes)


def test_what_is_refused_is_refused_alone_and_a_duplicate_answers_as_before(
    ledger: Ledger, other: Ledger
) -> None:
    ledger.record([submission(episode="ME-9", child="K-1")], dry_run=True)
    [first] = other.record([submission(episode="ME-8", child="K-1")])
    again = submission(id="again", episode="ME-5", child="K-5")
    other.record([again])
    sent = [
        submission(episode="ME-1", child="K-1"),
        submission(episode="ME-8", child="K-9"),  # another child's
        submission(episode="ME-2", child="K-2"),
        again,
        submission(episode="ME-1", child="K-1"),
    ]
    outcomes = ledger.record(sent)
    assert [type(o) for o in outcomes] == [Recorded, RefusedOutcome, Recorded, Duplicate, Recorded]
    assert isinstance(outcomes[1], RefusedOutcome)
    assert outcomes[1].problem.reason == "child-differs"
    assert isinstance(first, Recorded)
    assert_in_order(sent, outcomes)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events, events, events)
def test_two_writers_of_the_same_new_children_each_keep_their_order(
    ledger: Ledger, other: Ledger, seen: list, first: list, second: list
) -> None:
    run = next(_RUNS)
    ledger.record(batch(run, seen), dry_run=True)
    mine, theirs = batch(run, first), batch(run, second)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].record(pair[1]), [(ledger, mine), (other, theirs)]))
    for sent, outcomes in zip((mine, theirs), answers, strict=True):
        assert len(outcomes) == len(sent)
        receipts = [o.receipt for o in outcomes if isinstance(o, Recorded)]
        assert [r.position for r in receipts] == sorted(r.position for r in receipts)
        for subject in {one.subject for one in sent}:
            versions = [r.version for r in receipts if r.subject == subject]
            assert versions == sorted(set(versions))

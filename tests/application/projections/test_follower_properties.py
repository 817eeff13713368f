"""The live views equal a rebuild equal the naive assessment of whole persons, whatever is recorded, in any batches."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from application.projections.follower import Follower
from application.projections.rebuild import rebuild
from domain.entries.entry import Submission
from tests.support.projection_stories import (
    arrivals_expected,
    arrivals_held,
    expected,
    held,
    naive,
    persons,
)
from tests.support.random_stories import stories


def test_live_views_equal_the_naive_assessment_and_a_rebuild(ledger, dsn) -> None:
    follower = Follower(dsn)
    everything: set[str] = set()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(stories())
    def live_equals_naive(story: list[Submission | None]) -> None:
        for submission in story:
            if submission is None:
                follower.catch_up()
            else:
                ledger.record([submission])
        follower.catch_up()
        subjects = {submission.subject for submission in story if submission is not None}
        found = naive(ledger, subjects)
        everything.update(subjects)
        assert held(dsn, subjects) == expected(found)
        assert arrivals_held(dsn) == arrivals_expected(ledger)
        assert persons(dsn, {e.episode.child for e in found}) == {
            e.episode.child: e.episode.person for e in found
        }

    live_equals_naive()
    before = held(dsn, everything)
    report = rebuild(dsn)
    assert report.differences == ()
    assert report.compared == report.episodes == len(before["episodes"]) > 0
    assert held(dsn, everything) == before
    assert arrivals_held(dsn) == arrivals_expected(ledger)

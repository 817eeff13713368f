"""Measures from the views and by replay are the same figures, and stay the same whatever is recorded later."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.projections import measures_table as counted
from application.projections.connection import connect
from application.projections.follower import Follower
from application.projections.measures_table import PeriodFilter
from application.projections.rebuild import rebuild
from application.queries.checks import UnanswerableQuery
from application.queries.episodes.person_loader import KnownAt
from application.queries.measures.basis import MeasuresQuery, questions, survey
from application.queries.measures.figures import Measures
from application.queries.measures.replayed_episodes import ReplayTooLarge
from domain.errors import Behind
from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import named
from tests.support.projection_stories import (
    AUTHORITY,
    HOST,
    POLICE,
    at,
    event,
    expected,
    held,
    naive,
    record,
    went_missing,
)
from tests.support.random_stories import stories

YEAR = PeriodFilter(from_=at(-24), to=at(24 * 300), as_at=at(24 * 200), authority=AUTHORITY)
_MORE = itertools.count(1)


@pytest.fixture
def measures(ledger):
    return Measures(ledger.database, ledger.vault)


@pytest.fixture
def follower(dsn):
    return Follower(dsn)


def ask(wanted=YEAR, *ids, by=None, known_at=None, **more):
    """A question about some measures."""
    known = None if known_at is None else KnownAt(known_at, known_at)
    return MeasuresQuery(
        wanted=wanted,
        questions=questions(named(*ids), by) if ids else questions(by=by),
        known_at=known,
        **more,
    )


def figures(answer):
    """The counts of each figure, by measure or by group."""
    return {
        item.get("group", item["measure"]): (item["surely"], item["surely_not"], item["cannot_tell"])
        for item in answer["items"]
    }


def figure(measures, asked):
    [item] = measures.answer(asked)["items"]
    return item


def several(ledger):
    """Six episodes of four children: two of the authority are one, one is the host's."""
    went_missing(ledger, f"{AUTHORITY}/a1", 20, "A", back=30)
    went_missing(ledger, f"{AUTHORITY}/a2", 200, "A", back=210)
    went_missing(ledger, f"{AUTHORITY}/a3", 400, "A")
    went_missing(ledger, f"{AUTHORITY}/b1", 40, "B", back=90)
    went_missing(ledger, f"{HOST}/c1", 50, "C", back=60)
    police = f"{POLICE}/p1"
    record(
        ledger,
        event("police-notified", police, 21, "A", force=POLICE),
        event("episodes-linked", f"{AUTHORITY}/a1", 22, "A", with_=police, relation="same_episode"),
        event("episodes-linked", police, 22, "A", with_=f"{AUTHORITY}/a1", relation="same_episode"),
        event("reported", f"{AUTHORITY}/d1", 60, "D", category="away_without_authorisation"),
        event(
            "interview-held", f"{AUTHORITY}/a2", 220, "A", covers=[f"{AUTHORITY}/a1"], provider="LISTENING"
        ),
    )


def test_linked_duplicates_count_once_and_children_are_not_episodes(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    found = figures(measures.answer(ask()))
    assert found["missing-episodes"] == (4, 1, 0)
    assert found["children-missing"] == (2, 1, 0)
    assert found["interview-offered"] == (2, 1, 0)
    assert found["interviews-held"] == (1, 0, 0)
    assert found["interview-within-72h-of-held"] == (1, 1, 0)
    assert found["over-24-hours"] == (2, 2, 0)
    assert found["repeat"] == (1, 1, 0)
    assert found["currently-missing"] == (1, 0, 0)
    assert found["reconciliation"] == (1, 4, 0)
    everyone = replace(YEAR, authority=None)
    assert figures(measures.answer(ask(everyone)))["missing-episodes"] == (5, 1, 0)
    [mean] = measures.answer(ask(YEAR, "episodes-per-child"))["items"]
    assert (mean["numerator"], mean["denominator"], mean["value"], mean["median"]) == (4, 2, 2.0, 2)


def test_the_period_is_half_open_and_by_the_start(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    for start, end, n in ((20, 41, 2), (20, 40, 1), (21, 40, 0), (21, 41, 1)):
        wanted = replace(YEAR, from_=at(start), to=at(end))
        assert figures(measures.answer(ask(wanted, "missing-episodes")))["missing-episodes"] == (n, 0, 0)


def test_a_start_that_may_lie_outside_the_period_is_where_nobody_can_tell(ledger, measures, follower):
    left = {"earliest": "2026-03-01T10:00:00Z", "latest": "2026-03-01T20:00:00Z"}
    record(ledger, event("reported", f"{AUTHORITY}/u", 20, category="missing", left_at=left))
    position = follower.catch_up()
    for start, end, expected_ in (
        (0, 15, (0, 0, 1)),
        (15, 40, (0, 0, 1)),
        (10, 21, (1, 0, 0)),
        (21, 40, (0, 0, 0)),
    ):
        asked = ask(replace(YEAR, from_=at(start), to=at(end)), "missing-episodes")
        assert figures(measures.answer(asked))["missing-episodes"] == expected_
    record(ledger, event("returned", f"{AUTHORITY}/u", 50))
    asked = ask(replace(YEAR, from_=at(15), to=at(40)), "missing-episodes", known_at=position)
    assert figures(measures.answer(asked))["missing-episodes"] == (0, 0, 1)


def test_what_is_asked_again_is_the_same_for_ever(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    given = [
        *(ask(by=by, suppress=by == "month") for by in (None, *BREAKDOWNS)),
        MeasuresQuery(wanted=YEAR, questions=survey()),
    ]
    first = [measures.answer(asked) for asked in given]
    went_missing(ledger, f"{AUTHORITY}/e1", 70, "E", back=80)
    record(
        ledger,
        event("episode-recorded-in-error", f"{AUTHORITY}/b1", 100, "B"),
        event("child-linked", f"{AUTHORITY}/a1", 100, "A", same_as={"scheme": AUTHORITY, "reference": "B"}),
        event("interview-held", f"{AUTHORITY}/a3", 430, "A"),
    )
    for lagging in (True, False):
        again = [
            measures.answer(replace(asked, known_at=KnownAt(answer["known_at"], answer["known_at"])))
            for asked, answer in zip(given, first, strict=True)
        ]
        assert again == first
        if lagging:
            follower.catch_up()
    assert measures.answer(given[0])["items"] != first[0]["items"]


def test_a_position_that_the_views_have_not_reached_is_replayed(ledger, measures, follower):
    follower.catch_up()
    several(ledger)
    head = ledger.entries.max_notification_id()
    assert figures(measures.answer(ask()))["missing-episodes"] == (0, 0, 0)
    ahead = measures.answer(ask(known_at=head))
    assert figures(ahead)["missing-episodes"] == (4, 1, 0)
    follower.catch_up()
    assert measures.answer(ask(known_at=head)) == ahead == measures.answer(ask())


def test_a_breakdown_by_first_or_repeat(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    found = figures(measures.answer(ask(YEAR, "missing-episodes", by="first_or_repeat")))
    assert found == {"first": (2, 1, 0), "repeat": (2, 0, 0)}


def test_the_survey_is_one_call(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    items = measures.answer(MeasuresQuery(wanted=YEAR, questions=survey()))["items"]
    assert {item["measure"] for item in items} == {
        "children-missing",
        "missing-episodes",
        "interview-offered",
        "interview-completed-of-offered",
        "interview-within-72h-of-held",
        "interviews-held",
        "placed-out-of-area",
    }
    [by_provider] = [item for item in items if item["measure"] == "interviews-held"]
    assert (by_provider["group_by"], by_provider["group"], by_provider["value"]) == (
        "provider",
        "LISTENING",
        1,
    )


def test_scope_applies(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    everyone = replace(YEAR, authority=None)
    for scope, n in ((None, 5), ({HOST}, 1), ({AUTHORITY}, 4), ({POLICE}, 1), ({"E10000014"}, 0)):
        within = replace(everyone, scope=None if scope is None else frozenset(scope))
        assert figures(measures.answer(ask(within)))["missing-episodes"][0] == n


def test_the_episodes_behind_a_figure(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    asked = ask(YEAR, "missing-episodes")
    body = measures.episodes(asked, None, 3, None).json
    rest = measures.episodes(asked, None, 3, body["next"]).json
    assert rest["next"] is None
    listed = [(item["subject"].partition("/")[2], item["counted"]) for item in body["items"] + rest["items"]]
    assert listed == [
        ("a1", "surely"),
        ("b1", "surely"),
        ("d1", "surely_not"),
        ("a2", "surely"),
        ("a3", "surely"),
    ]
    assert body["items"][0]["child"] == {"scheme": AUTHORITY, "reference": "A"}
    repeated = measures.episodes(ask(YEAR, "repeat"), None, 9, None).json["items"]
    assert [item["counted"] for item in repeated] == ["surely", "surely_not", "surely", "surely"]
    again = ask(YEAR, "missing-episodes", by="first_or_repeat")
    assert [i["subject"][-2:] for i in measures.episodes(again, "repeat", 9, None).json["items"]] == [
        "a2",
        "a3",
    ]


def test_behind_every_figure_there_are_as_many_episodes_as_it_says(ledger, measures, follower):
    several(ledger)
    follower.catch_up()
    for item in measures.answer(ask())["items"]:
        rows = measures.episodes(ask(YEAR, item["measure"]), None, 100, None).json["items"]
        counted_ = [row["counted"] for row in rows]
        if item["unit"] == "episode":
            assert [counted_.count(word) for word in ("surely", "surely_not", "cannot_tell")] == [
                item["surely"],
                item["surely_not"],
                item["cannot_tell"],
            ]
        else:
            assert bool(item["denominator"]) == bool(rows)


def test_what_cannot_be_meant_is_a_sentence(ledger, measures, follower):
    went_missing(ledger, f"{AUTHORITY}/a1", 20, "A", back=30)
    follower.catch_up()
    with pytest.raises(UnanswerableQuery, match="ends before it starts"):
        measures.answer(ask(replace(YEAR, from_=YEAR.to, to=YEAR.from_)))
    with pytest.raises(UnanswerableQuery, match="No episode had started by `as_at`"):
        measures.answer(ask(replace(YEAR, as_at=at(19))))
    with pytest.raises(UnanswerableQuery, match="before 2000"):
        measures.answer(ask(replace(YEAR, from_=at(-24 * 365 * 30))))


def test_more_than_one_answer_may_replay_is_refused_with_what_to_do(ledger, follower):
    several(ledger)
    position = follower.catch_up()
    went_missing(ledger, f"{AUTHORITY}/e1", 70, "E", back=80)
    follower.catch_up()
    with pytest.raises(ReplayTooLarge, match="Ask for one authority, a shorter period"):
        Measures(ledger.database, ledger.vault, most=2).answer(ask(known_at=position))


def test_while_rows_are_ahead_of_the_position_the_present_is_not_told_and_a_position_is_replayed(
    ledger, measures, follower, dsn
):
    several(ledger)
    position = follower.catch_up()
    first = measures.answer(ask())
    with connect(dsn) as connection:
        connection.execute("update progress set position = position - 1")
    with pytest.raises(Behind):
        measures.answer(ask())
    assert measures.answer(ask(known_at=position)) == first


def test_the_view_is_found_by_authority_and_start(ledger, dsn):
    with connect(dsn) as connection:
        plan = connection.execute(
            "explain select count(*) from counted where authority = 'E08000025' and started_latest >= 1"
            " and started_latest < 5 and until > 3 and since <= 3"
        ).fetchall()
    assert "counted_authority_started_latest_until_since_idx" in str(plan)


def test_views_replay_and_a_naive_assessment_agree_on_any_story(ledger, measures, follower, dsn):
    everything = set()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(
        stories(), st.sampled_from([None, AUTHORITY, HOST]), st.sampled_from(BREAKDOWNS), st.integers(1, 320)
    )
    def agree(story, authority, by, hour):
        for submission in story:
            if submission is None:
                follower.catch_up()
            else:
                ledger.record([submission])
                everything.add(submission.subject)
        position = follower.catch_up()
        subjects = {submission.subject for submission in story if submission is not None}
        found = naive(ledger, subjects)
        with connect(dsn) as connection:
            rows = sorted(counted.TABLE.rows(connection, list(subjects)))
        assert rows == sorted(row for each in found for row in counted.rows(each))
        wanted = replace(YEAR, authority=authority, as_at=at(hour), from_=at(10), to=at(150))
        asked = [ask(wanted, known_at=position), ask(wanted, by=by, known_at=position)]
        present = [measures.answer(each) for each in asked]
        record(ledger, event("reported", f"{AUTHORITY}/more-{next(_MORE)}", 20, "more", category="missing"))
        follower.catch_up()
        assert [measures.answer(each) for each in asked] == present
        adds_up(present)

    def adds_up(answers):
        of_all, by_group = answers
        for item in of_all["items"]:
            if item["unit"] == "episode":
                groups = [g for g in by_group["items"] if g["measure"] == item["measure"]]
                for counts in ("surely", "surely_not", "cannot_tell"):
                    assert sum(g[counts] for g in groups) == item[counts]

    agree()
    assert rebuild(dsn).differences == ()
    found = naive(ledger, everything)
    assert held(dsn, everything) == expected(found)

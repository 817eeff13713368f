"""What each measure makes of an episode, told by hand: sure, surely not, cannot tell, or not looked at."""

from __future__ import annotations

import pytest

from domain.measures.definitions import MEASURES
from domain.measures.measured_episode import counted_at, measured_episode
from domain.rules.rulebook import england
from domain.spans import at
from tests.support.entry_builder import Telling, assessed, missing_and_back
from tests.support.measured_stories import APART, NO, UNSURE, YES, seen, state


@pytest.mark.parametrize(
    ("category", "expected"),
    [({"category": "missing"}, YES), ({}, YES), ({"category": "away_without_authorisation"}, NO)],
)
def test_missing_is_not_away(category, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", **category)
    assert state(tell, "missing-episodes") == state(tell, "children-missing") == expected


def test_of_an_end_without_a_start_nobody_can_tell_whether_the_child_was_missing():
    tell = Telling()
    tell("returned", "2026-03-01T20:00:00Z")
    assert state(tell, "missing-episodes") == UNSURE
    assert state(tell, "interview-offered") == UNSURE


def test_an_episode_in_error_is_not_looked_at():
    tell = missing_and_back()
    tell("episode-recorded-in-error", "2026-03-03T10:00:00Z")
    assert seen(tell) is None
    assert measured_episode(assessed(tell), england()) == ()


def test_nothing_is_offered_before_it_is_and_nothing_in_scope_before_the_end():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    assert state(tell, "interview-offered", "2026-03-01T21:00:00Z") == APART
    assert state(tell, "interview-offered", "2026-03-01T23:00:00Z") == NO
    assert state(tell, "interview-offered", "2026-03-02T10:00:00Z") == YES


@pytest.mark.parametrize(
    "fact", ["interview-offered", "interview-accepted", "interview-held", "interview-declined"]
)
def test_what_was_accepted_held_or_declined_was_offered(fact):
    tell = missing_and_back()
    tell(fact, "2026-03-02T10:00:00Z")
    assert state(tell, "interview-offered") == YES


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({"reason": "remanded", "whereabouts_known": "yes"}, NO),
        ({"reason": "turned_18", "whereabouts_known": "no"}, APART),
        ({"reason": "died"}, APART),
    ],
)
def test_an_interview_is_for_a_child_who_was_found_alive(end, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    tell("ended-otherwise", "2026-03-02T20:00:00Z", **end)
    assert state(tell, "interview-offered") == expected


def test_away_without_authorisation_is_not_in_scope_of_interviews():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
    tell("returned", "2026-03-01T22:00:00Z")
    assert state(tell, "interview-offered") == APART


def test_not_held_is_not_held_in_time_of_those_ended_and_not_looked_at_of_those_held():
    tell = missing_and_back()
    assert state(tell, "interview-within-72h-of-ended") == NO
    assert state(tell, "interview-within-72h-of-held") == APART
    assert state(tell, "interview-completed-of-ended") == NO
    assert state(tell, "interview-completed-of-offered") == APART


@pytest.mark.parametrize(
    ("summary", "offered", "held", "in_time", "declined"),
    [
        ({"offered": "yes", "accepted": "yes"}, YES, UNSURE, UNSURE, NO),
        ({"offered": "yes", "accepted": "no"}, YES, NO, NO, UNSURE),
        ({"offered": "no"}, NO, NO, NO, APART),
        ({"offered": "not_known"}, UNSURE, NO, NO, UNSURE),
        ({"offered": "yes", "accepted": "yes", "held": "yes"}, YES, YES, UNSURE, NO),
        ({"offered": "yes", "accepted": "yes", "held": "no"}, YES, NO, NO, NO),
        ({"offered": "not_applicable"}, NO, NO, NO, APART),
    ],
)
def test_a_summary_says_what_it_says_and_leaves_the_rest_open(summary, offered, held, in_time, declined):
    tell = missing_and_back()
    tell("interview-summary-recorded", "2026-04-30T12:00:00Z", **summary)
    assert state(tell, "interview-offered") == offered
    assert state(tell, "interview-completed-of-ended") == held
    assert state(tell, "interview-within-72h-of-ended") == in_time
    found = state(tell, "interview-declined")
    assert found == (UNSURE if offered == UNSURE else declined)


@pytest.mark.parametrize(
    ("by", "child", "parent", "not_said"),
    [("child", YES, NO, NO), ("parent", NO, YES, NO), (None, NO, NO, YES), ("local:advocate", NO, NO, YES)],
)
def test_declined_is_parted_by_whose_word_it_is(by, child, parent, not_said):
    tell = missing_and_back()
    tell("interview-declined", "2026-03-02T08:00:00Z", by_="parent" if by == "child" else "child")
    tell("interview-declined", "2026-03-02T09:00:00Z", **({} if by is None else {"by_": by}))
    found = [state(tell, f"interview-declined-by-{who}") for who in ("child", "parent", "not-said")]
    assert found == [child, parent, not_said]
    tell("interview-held", "2026-03-03T09:00:00Z")
    found = [state(tell, f"interview-declined-by-{who}") for who in ("child", "parent", "not-said")]
    assert found == [NO, NO, NO]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["interview-declined"], YES),
        (["interview-declined", "interview-held"], NO),
        (["interview-attempted", "interview-declined"], YES),
        (["interview-declined", "interview-attempted"], NO),
        (["interview-offered"], NO),
    ],
)
def test_declined_is_the_last_outcome_and_no_answer_is_none(outcomes, expected):
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T08:00:00Z")
    for n, outcome in enumerate(outcomes):
        tell(outcome, f"2026-03-0{n + 3}T10:00:00Z")
    assert state(tell, "interview-declined") == expected


def test_which_outcome_is_the_last_can_be_open():
    tell = missing_and_back()
    tell("interview-declined", "2026-03-03T10:00:00Z")
    tell("interview-held", {"earliest": "2026-03-03T00:00:00Z", "latest": "2026-03-04T00:00:00Z"})
    assert state(tell, "interview-declined") == UNSURE


def test_spans_say_the_same_as_a_look_at_any_instant():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    tell("interview-held", {"earliest": "2026-03-04T00:00:00Z", "latest": "2026-03-05T00:00:00Z"})
    tell(
        "returned",
        {"earliest": "2026-03-01T21:00:00Z", "latest": "2026-03-02T21:00:00Z"},
        source="urn:x:home",
    )
    episode = assessed(tell)
    spans = measured_episode(episode, england())
    edges = {edge for span in spans for edge in (span.start, span.end)}
    for edge in sorted(edges):
        for instant_ in (edge - 1, edge, edge + 1):
            span = at(spans, instant_)
            assert (None if span is None else span.value) == counted_at(episode, england(), instant_)


def test_every_measure_says_what_it_means_in_one_sentence():
    assert len({measure.id for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.definition.endswith(".")
        assert measure.definition.count(". ") == 0

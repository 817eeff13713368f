"""Figures that hang on a length of time: the 72 hours, the 24 hours, and the limit that a rulebook sets."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.measures.definitions import letter, named
from domain.measures.interview_deadline import limit_words
from domain.measures.measured_episode import counted_at
from domain.moment import instant
from domain.rules.rulebook import cached, england
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, Telling, missing_and_back
from tests.support.local_rulebooks import local
from tests.support.measured_stories import NO, UNSURE, YES, between, group, state


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2026-03-04T22:29:59Z", YES), ("2026-03-04T22:30:00Z", YES), ("2026-03-04T22:30:01Z", NO)],
)
def test_72_hours_are_elapsed_hours_and_the_instant_counts(held, expected):
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", held)
    assert state(tell, "interview-within-72h-of-held") == expected
    assert state(tell, "interview-within-72h-of-ended") == expected


def test_72_hours_across_the_change_of_the_clocks():
    tell = missing_and_back("2026-03-28T22:00:00Z")
    tell("interview-held", "2026-03-31T23:00:00+01:00")
    assert state(tell, "interview-within-72h-of-held") == YES


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2026-03-03T12:00:00Z", YES), ("2026-03-04T12:00:00Z", UNSURE), ("2026-03-05T12:00:00Z", NO)],
)
def test_a_return_known_to_the_day_leaves_open_what_hangs_on_the_hour(held, expected):
    tell = Telling()
    tell("reported", "2026-02-27T20:00:00Z")
    tell("returned", {"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-02T00:00:00Z"})
    tell("interview-held", held)
    assert state(tell, "interview-within-72h-of-held") == expected


def test_an_interview_before_the_return_is_in_time():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", "2026-03-01T21:30:00Z")
    assert state(tell, "interview-within-72h-of-held") == YES


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("2026-03-02T19:59:59Z", NO), ("2026-03-02T20:00:00Z", YES), ("2026-03-09T20:00:00Z", YES)],
)
def test_24_hours_by_actual_times(returned, expected):
    assert state(missing_and_back(returned), "over-24-hours") == expected


def test_24_hours_of_an_episode_that_goes_on_and_of_one_whose_end_is_known_to_the_day():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    assert state(tell, "over-24-hours", "2026-03-02T19:59:59Z") == NO
    assert state(tell, "over-24-hours", "2026-03-02T20:00:00Z") == YES
    tell("returned", {"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-03T00:00:00Z"})
    assert state(tell, "over-24-hours") == UNSURE
    assert group(tell, "duration_band") == "not_known"


def test_held_on_the_last_instant_at_which_it_may_have_been_in_time_is_open():
    tell = Telling()
    tell("reported", "2026-02-27T20:00:00Z")
    tell("returned", between("2026-03-01T10:00:00Z", "2026-03-01T22:00:00Z"))
    tell("interview-held", "2026-03-04T22:00:00Z")
    assert state(tell, "interview-within-72h-of-held") == UNSURE


def by_book(entries, text):
    """What the figure of interviews in time makes of an episode, by a rulebook that extends England's."""
    book = cached(text, england().text)
    [episode] = assess(entries, book)
    this = counted_at(episode, book, instant(LONG_AFTER))
    return letter(named("interview-within-72h-of-ended")[0], this.states), limit_words(book)


def test_the_limit_is_that_of_the_rulebook_s_rule_for_everyone():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T10:30:00Z")
    own = local()
    everyone = own.replace(f'authorities = ["{AUTHORITY}"]\n', "")
    assert by_book(tell, own) == (YES, "72 hours")
    assert by_book(tell, everyone) == (NO, "48 hours")
    assert by_book(tell, everyone.replace("limit =", "enabled = false\nlimit =")) == (
        UNSURE,
        "a limit that the rulebook does not have",
    )


def test_a_limit_in_days_is_counted_in_days():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T23:00:00Z")
    days = local().replace(f'authorities = ["{AUTHORITY}"]\n', "").replace("hours = 48", "days = 3")
    assert by_book(tell, days) == (YES, "3 days")
    assert by_book(tell, days.replace("days = 3", "days = 2")) == (NO, "2 days")


def test_the_limit_is_that_in_force_when_the_child_was_found():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T10:30:00Z")
    text = local().replace(f'authorities = ["{AUTHORITY}"]\n', "")
    later, earlier = (
        text.replace("limit =", f'in_force_from = "2026-0{month}-01T00:00:00Z"\nlimit =') for month in (4, 2)
    )
    assert by_book(tell, later) == (YES, "72 hours or 48 hours")
    assert by_book(tell, earlier) == (NO, "72 hours or 48 hours")

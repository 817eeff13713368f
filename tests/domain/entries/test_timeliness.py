"""How what a system sends comes in: lateness, habit and silence, in numbers."""

from __future__ import annotations

import pytest

from domain.entries.timeliness import Arrival, arrival, habit, lateness, percentile, silent_for
from domain.moment import HOUR, instant
from tests.support.entry_builder import Telling


def days(text):
    """Instants at noon of days of March 2026."""
    return [instant(f"2026-03-{int(day):02}T12:00:00Z") for day in text.split()]


def test_late_by_the_latest_at_which_it_can_have_happened_and_was_learned() -> None:
    tell = Telling()
    told = tell(
        "returned",
        {"earliest": "2026-03-01T08:00:00Z", "latest": "2026-03-01T10:00:00Z"},
        learned_at="2026-03-01T11:00:00Z",
        recorded="2026-03-01T13:00:00Z",
    )
    came = arrival(told)
    assert (came.after_happened, came.after_learned) == (
        3 * HOUR + 1,
        2 * HOUR + 1,
    )  # recorded 1 µs after one


def test_a_day_that_is_not_over_and_a_clock_ahead_are_not_late() -> None:
    tell = Telling()
    assert arrival(tell("returned", {"date": "2026-03-01"}, recorded="2026-03-01T13:00:00Z"))[1:] == (0, None)
    assert arrival(tell("returned", "2026-03-01T13:04:00Z", recorded="2026-03-01T13:00:00Z"))[1:] == (0, None)


def test_nobody_knows_when_it_happened_at_the_latest() -> None:
    told = Telling()("returned", {"earliest": "2026-03-01T08:00:00Z"})
    assert arrival(told) == Arrival(told.recorded_at, None, None)


@pytest.mark.parametrize(
    ("values", "median", "most"),
    [([1], 1, 1), ([1, 2], 1, 2), (range(1, 11), 5, 9), (range(1, 1001), 500, 900)],
)
def test_percentiles_are_values_that_there_are(values, median, most) -> None:
    found = lateness([*values, None])
    assert found is not None
    assert (found.entries, found.median, found.percentile_90) == (len(values), median, most)
    assert lateness([None]) is None
    assert percentile(list(values), 100) == values[-1]


@pytest.mark.parametrize(
    ("sent", "days_"),
    [
        ("1", 1),
        ("1 1 1 2 3", 1),
        ("2 3 4 5 6 9 10 11 12 13 16", 3),  # working days
        ("2 9 16 23", 7),  # a weekly extract
        (" ".join(str(n) for n in (*range(1, 21), 31)), 1),  # one long gap in twenty is no habit
        (" ".join(str(n) for n in (*range(1, 20), 30)), 11),
    ],
)
def test_a_habit_is_the_gap_in_days_that_is_kept_95_times_in_a_hundred(sent, days_) -> None:
    assert habit(days(sent)) == days_


def test_silence_is_counted_in_days_of_london() -> None:
    last = instant("2026-03-28T23:30:00Z")
    assert silent_for(last, instant("2026-03-28T23:59:00Z")) == 0
    assert silent_for(last, instant("2026-03-29T22:59:00Z")) == 1
    assert silent_for(last, instant("2026-03-29T23:00:00Z")) == 2  # the clocks went forward

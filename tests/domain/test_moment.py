"""Moments: what is read, what is refused, and days across both clock changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moment import HOUR, Moment, day, instant, read_moment, rfc3339

AT = instant("2026-03-01T22:30:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T22:30:00Z",
        "2026-03-01t22:30:00z",
        "2026-03-01T23:30:00+01:00",
        "2026-03-01T22:30:00.000000Z",
        "2026-03-01T22:30:00.0000000Z",
        "2026-03-01T22:30:00.000000999+00:00",
    ],
)
def test_the_same_instant_however_it_is_written(text: str) -> None:
    """Offsets, case and empty fractions do not change which instant it is."""
    assert instant(text) == AT
    assert read_moment(text) == Moment(AT, AT)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T22:30:00",
        "2026-03-01 22:30:00Z",
        "2026-03-01",
        "2026-02-29T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T22:30:60Z",
        "2026-03-01T22:30:00.1234567890Z",
        "2026-3-1T22:30:00Z",
        "0001-01-01T00:00:00+01:00",
        "1899-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "20260301T223000Z",
        "٢٠٢٦-03-01T22:30:00Z",
        "",
        None,
        1772404200,
        True,
    ],
)
def test_what_is_not_an_exact_time_with_offset_is_refused(text: object) -> None:
    """A naive time above all: nobody may guess an offset."""
    with pytest.raises(ValueError, match=r"must be|must lie|not a time"):
        instant(text)


@pytest.mark.parametrize(
    ("date", "hours"), [("2026-03-29", 23), ("2025-10-26", 25), ("2026-03-01", 24), ("2026-07-01", 24)]
)
def test_a_day_is_from_its_midnight_in_london_to_the_next(date: str, hours: int) -> None:
    """The day on which the clocks change has 23 or 25 hours."""
    whole = day(date)
    assert whole.latest is not None
    assert whole.earliest is not None
    assert whole.latest - whole.earliest == hours * HOUR


def test_a_summer_day_begins_at_eleven_at_night_utc() -> None:
    """Days are London's, not UTC's."""
    assert read_moment({"date": "2026-07-01"}).earliest == instant("2026-06-30T23:00:00Z")


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"date": "2026-02-30"},
        {"date": "9999-12-31"},
        {"latest": "9999-12-31T23:59:59Z"},
        {"date": "2026-03-01", "earliest": "2026-03-01T00:00:00Z"},
        {"from": "2026-03-01T00:00:00Z"},
        {"earliest": None},
        {"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-01T00:00:00Z"},
        {"date": 20260301},
    ],
)
def test_what_is_not_a_moment_is_refused(value: object) -> None:
    """Latest before earliest, two forms at once, days that do not exist."""
    with pytest.raises(ValueError, match=r"must be|must lie|has a|not a day"):
        read_moment(value)


def test_one_end_of_an_interval_may_be_unknown() -> None:
    """Between, not before, not after."""
    assert read_moment({"latest": "2026-03-01T22:30:00Z"}) == Moment(None, AT)
    assert read_moment({"earliest": "2026-03-01T22:30:00Z"}) == Moment(AT, None)


@given(st.integers(min_value=instant("1970-01-01T00:00:00Z"), max_value=instant("2199-12-31T23:59:59Z")))
def test_every_instant_is_written_so_that_it_reads_the_same(at: int) -> None:
    """To the microsecond."""
    assert instant(rfc3339(at)) == at


def test_touching_intervals_are_not_surely_apart() -> None:
    """Both ends are included."""
    one, other = Moment(0, 10), Moment(10, 20)
    assert one.overlaps(other)
    assert not one.surely_before(other)
    assert Moment(0, 9).surely_before(other)
    assert not Moment(0, None).surely_before(other)

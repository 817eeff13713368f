"""Times, lengths and counts as people read them."""

from __future__ import annotations

import pytest

from domain.moment import DAY, HOUR, MINUTE, instant
from interface.pages import words

NOW = instant("2026-11-30T23:35:52Z")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-11-28T16:33:20Z", "Sat 28 Nov 16:33"),
        ("2026-07-01T23:30:00Z", "Thu 2 Jul 00:30"),  # summer time in London
        ("2025-12-31T23:59:59Z", "Wed 31 Dec 2025 23:59"),
    ],
)
def test_a_time_is_londons_with_its_weekday_and_the_year_where_it_is_another(at, text):
    assert words.time(instant(at), NOW) == (text, at)


def test_the_freshness_line_has_seconds_and_the_year():
    assert words.time(NOW, NOW, seconds=True).text == "Mon 30 Nov 2026, 23:35:52"


@pytest.mark.parametrize(
    ("moment", "text", "at"),
    [
        ({"earliest": "2026-11-28T16:33:00Z", "latest": "2026-11-28T16:33:00Z"}, "Sat 28 Nov 16:33",
         "2026-11-28T16:33:00Z"),
        ({"earliest": "2026-11-28T16:33:00Z", "latest": "2026-11-28T18:00:00Z"},
         "between Sat 28 Nov 16:33 and Sat 28 Nov 18:00", None),
        ({"earliest": "2026-11-28T00:00:00Z", "latest": "2026-11-29T00:00:00Z"}, "on Sat 28 Nov, time not known", None),
        ({"earliest": "2026-07-01T23:00:00Z", "latest": "2026-07-02T23:00:00Z"}, "on Thu 2 Jul, time not known", None),
        ({"latest": "2026-11-28T16:33:00Z"}, "by Sat 28 Nov 16:33", None),
        ({"earliest": "2026-11-28T16:33:00Z"}, "after Sat 28 Nov 16:33", None),
    ],
)  # fmt: skip
def test_a_moment_says_how_exactly_it_is_known(moment, text, at):
    assert words.moment(moment, NOW) == (text, at)


def test_an_unknown_moment_is_nothing():
    assert words.moment(None, NOW) is None
    assert words.elapsed({"latest": "2026-11-28T16:33:00Z"}, NOW) is None
    assert words.between(None) == ""


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0 min"),
        (59 * MINUTE, "59 min"),
        (HOUR, "1 h 0 min"),
        (2 * DAY - MINUTE, "47 h 59 min"),
        (2 * DAY, "2 days 0 h"),
        (14 * DAY - HOUR, "13 days 23 h"),
        (14 * DAY, "14 days"),
    ],
)
def test_a_length_is_as_exact_as_it_is_short(length, text):
    assert words.duration(length) == text


def test_a_length_since_an_uncertain_moment_is_a_range_unless_both_ends_read_alike():
    since = {"earliest": "2026-11-30T21:35:52Z", "latest": "2026-11-30T22:35:52Z"}
    assert words.between(words.elapsed(since, NOW)) == "1 h 0 min to 2 h 0 min"
    close = {"earliest": "2026-11-28T21:35:50Z", "latest": "2026-11-28T21:35:52Z"}
    assert words.between(words.elapsed(close, NOW)) == "2 days 2 h"


def test_a_time_ahead_is_no_negative_length():
    ahead = {"earliest": "2026-12-30T21:35:52Z", "latest": "2026-12-30T21:35:52Z"}
    assert words.between(words.elapsed(ahead, NOW)) == "0 min"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_an_ordinal_has_its_ending(number, text):
    assert words.ordinal(number) == text


def test_a_count_agrees_with_its_noun():
    assert [words.count(n, "child", "children") for n in (0, 1, 1200)] == [
        "0 children",
        "1 child",
        "1,200 children",
    ]

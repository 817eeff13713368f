"""Explanations: moments, lengths of time and facts in words."""

from __future__ import annotations

import pytest

from domain.assessment.obligations.fact_phrases import phrase
from domain.assessment.obligations.time_words import duration, elapsed, when
from domain.facts import FACTS, Phase
from domain.moment import HOUR, SECOND, Instant, Moment, read_moment


def test_every_fact_of_a_child_has_words() -> None:
    """So that any rule can be explained."""
    for name, fact in FACTS.items():
        assert (fact.PHASE == Phase.RECORD) or phrase(name).done, name


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-01T22:30:00Z", "1 March 2026 22:30"),
        ("2026-06-01T22:30:05Z", "1 June 2026 23:30:05"),
        ("2026-03-01T22:30:00.500000Z", "1 March 2026 22:30:00"),
        ("2025-10-26T00:30:00Z", "26 October 2025 01:30 BST"),
        ({"earliest": "2026-03-01T22:30:00Z"}, "1 March 2026 22:30"),
        ({"latest": "2026-03-01T22:30:00Z"}, "1 March 2026 22:30"),
        ({"date": "2026-03-01"}, "on 1 March 2026, time not known"),
        ({"date": "2026-03-29"}, "on 29 March 2026, time not known"),
        ({"date": "2025-10-26"}, "on 26 October 2025, time not known"),
        ({"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-03T00:00:00Z"},
         "between 1 March 2026 00:00 and 3 March 2026 00:00"),
        ({"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-01T23:00:00Z"},
         "between 1 March 2026 00:00 and 1 March 2026 23:00"),
        ({"earliest": "2026-03-01T12:00:00Z", "latest": "2026-03-02T12:00:00Z"},
         "between 1 March 2026 12:00 and 2 March 2026 12:00"),
        ({"earliest": "2026-03-01T01:00:00Z", "latest": "2026-03-02T00:00:00Z"},
         "between 1 March 2026 01:00 and 2 March 2026 00:00"),
    ],
)  # fmt: skip
def test_a_moment_in_words(moment: str | dict[str, str], words: str) -> None:
    """In London's time; a whole day only where it runs from midnight to midnight."""
    assert when(read_moment(moment)) == words


def test_a_moment_of_which_nothing_is_known() -> None:
    """It is said that it is not known."""
    assert when(Moment(None, None)) == "at a time not known"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ((10, 10), "between 5 h and 10 h after it"),
        ((1000, 1000), "41 days after it"),
        ((5, 5), "between less than a second and 5 h after it"),
        ((3, 3), "between 2 h before and 3 h after it"),
        ((0, 0), "between 5 h before and less than a second after it"),
        ((-1, -1), "between 1 h and 6 h before it"),
        ((-3, 8), "between 8 h before and 8 h after it"),
    ],
)
def test_how_much_later_where_the_start_is_rough(end: tuple[int, int], words: str) -> None:
    """It lies somewhere in five hours."""
    assert elapsed(Moment(0, 5 * HOUR), Moment(end[0] * HOUR, end[1] * HOUR), "it") == words


@pytest.mark.parametrize(
    ("hours", "words"), [(2, "2 h after it"), (-2, "2 h before it"), (0, "less than a second after it")]
)
def test_how_much_later_where_both_are_exact(hours: int, words: str) -> None:
    """One length, later or earlier."""
    assert elapsed(Moment(HOUR, HOUR), Moment(*(HOUR + hours * HOUR,) * 2), "it") == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (0, "less than a second"),
        (SECOND - 1, "less than a second"),
        (SECOND, "1 s"),
        (60 * SECOND, "1 min"),
        (HOUR - SECOND, "59 min 59 s"),
        (HOUR, "1 h"),
        (72 * HOUR, "72 h"),
        (72 * HOUR + SECOND, "3 days"),
        (74 * HOUR - SECOND, "3 days 1 h"),
        (336 * HOUR, "14 days"),
        (335 * HOUR, "13 days 23 h"),
        (1009 * HOUR + 12 * 60 * SECOND, "42 days"),
    ],
)
def test_a_length_of_time(span: Instant, words: str) -> None:
    """Hours up to three days, days and hours up to two weeks, then whole days; only the parts that there are."""
    assert duration(span) == words

"""The clock of a duty: pauses of every kind (assessment.md 3)."""

from __future__ import annotations

import pytest

from domain.assessment.obligations.deadlines import Due, Pause, due
from domain.moment import FOREVER, HOUR, Moment, day
from domain.rules.rule import Limit
from domain.rules.working_days import calendars

LIMIT = Limit(hours=72)
START = Moment(0, 0)


def pause(begin: int, end: int | None) -> Pause:
    """From one hour after the start to another; without an end it lasts."""
    at = Moment(begin * HOUR, begin * HOUR)
    return Pause(at, None if end is None else Moment(end * HOUR, end * HOUR), 1, "custody")


@pytest.mark.parametrize(
    ("pauses", "hours"),
    [
        ([], 72),
        ([(10, 40)], 102),
        ([(10, 20), (30, 35)], 87),
        ([(30, 35), (10, 20)], 87),
        ([(10, 40), (20, 50)], 112),
        ([(10, 50), (20, 30)], 112),
        ([(10, 40), (40, 50)], 112),
        ([(-20, -10)], 72),
        ([(-20, 0)], 72),
        ([(-20, 10)], 82),
        ([(-20, 10), (-5, 5)], 82),
        ([(72, 80)], 80),
        ([(73, 80)], 72),
        ([(10, 20), (80, 90)], 92),
        ([(10, 20), (83, 90)], 82),
        ([(60, 70), (75, 80), (90, 100)], 87),
    ],
)
def test_what_each_pause_puts_off(pauses: list[tuple[int, int]], hours: int) -> None:
    """What overlaps is counted once; what began after the limit, or ended before the start, not at all."""
    assert due(START, LIMIT, [pause(*p) for p in pauses]) == Due(hours * HOUR, hours * HOUR)


@pytest.mark.parametrize(
    ("pauses", "stopped"),
    [
        ([(10, None)], True),
        ([(72, None)], True),
        ([(73, None)], False),
        ([(10, 20), (80, None)], True),
        ([(10, None), (10, 20)], True),
        ([(10, 20), (10, None)], True),
        ([(-5, None)], True),
    ],
)
def test_one_that_lasts_stops_it(pauses: list[tuple[int, int | None]], *, stopped: bool) -> None:
    """Unless it began after the limit."""
    found = due(START, LIMIT, [pause(*p) for p in pauses])
    assert found is not None
    assert (found.paused, found.when is None) == (stopped, stopped)


def test_uncertain_pauses_give_the_shortest_and_the_longest() -> None:
    """Begun some time in the tenth hour, over some time in the thirtieth."""
    rough = Pause(Moment(10 * HOUR, 11 * HOUR), Moment(30 * HOUR, 31 * HOUR), 1, "custody")
    assert due(START, LIMIT, [rough]) == Due(91 * HOUR, 93 * HOUR)


def test_one_of_which_nobody_can_tell_whether_it_began_before_the_limit() -> None:
    """By the earlier start it came after the limit, by the later one it stops the clock: then there is no latest."""
    found = due(Moment(0, 5 * HOUR), LIMIT, [pause(74, None)])
    assert found == Due(72 * HOUR, FOREVER)
    assert found is not None
    assert found.when == (72 * HOUR, None)


def test_without_a_limit_nothing_is_paused() -> None:
    """There is nothing to stop."""
    assert due(START, Limit(), [pause(10, None)]) == Due(FOREVER, FOREVER, paused=False)


@pytest.mark.parametrize("started", [None, Moment(None, 0), Moment(0, None)])
def test_of_an_unknown_start_nobody_can_say(started: Moment | None) -> None:
    """Not even by one of its ends."""
    assert due(started, LIMIT, []) is None


def test_a_rough_start_that_a_calendar_reaches_only_in_part() -> None:
    """The earliest is within it, the latest is not: nobody can say."""
    limit = Limit(working_days=1, calendar=calendars()["england-and-wales"])
    assert due(day("2028-12-29"), limit, []) is None
    assert due(day("2028-12-28"), limit, []) is None
    assert due(day("2028-12-27"), limit, []) is not None

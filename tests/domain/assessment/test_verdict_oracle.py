"""Verdicts against an oracle: what holds for every time within the uncertain moments is the verdict.

Each moment is replaced by exact times within it, in every combination; a duty judged by exact times alone is
easily said. Where all combinations agree that is the verdict, and where they do not nobody can tell (assessment.md 3).
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.assess import assess
from domain.moment import HOUR, Instant, instant, rfc3339
from domain.rules.rulebook import parse
from domain.spans import at
from tests.support.entry_builder import DUTY, Telling

BOOK = parse(
    DUTY
    + """
starts = [{ fact = "returned" }]
limit = { hours = 4 }
met_by = [{ fact = "interview-held" }]
excused_by = [{ fact = "interview-declined" }]
paused_by = [{ fact = "status-interrupted", until = "interruption-ended" }]
"""
)
BACK, LIMIT = instant("2026-03-02T00:00:00Z"), 4 * HOUR
Interval = tuple[Instant, Instant]


class Life(NamedTuple):
    """What happened, each somewhere in an interval."""

    returned: Interval
    satisfying: list[tuple[bool, Interval]]
    """Whether it excuses, and when."""
    stopped: Interval | None
    running: Interval | None


def intervals(first: int, last: int) -> st.SearchStrategy[Interval]:
    """From one hour on, for up to three."""
    hours = st.integers(first, last).map(lambda n: BACK + n * HOUR)
    return st.tuples(hours, st.integers(0, 3)).map(lambda p: (p[0], p[0] + p[1] * HOUR))


lives = st.builds(
    Life,
    intervals(0, 3),
    st.lists(st.tuples(st.booleans(), intervals(-2, 12)), max_size=2),
    st.none() | intervals(-1, 9),
    st.none() | intervals(0, 12),
)


def entries(life: Life) -> Telling:
    """The life, as somebody tells it."""
    tell = Telling()
    tell("reported", rfc3339(BACK - 90 * HOUR))
    tell("returned", _moment(life.returned))
    for excuses, when in life.satisfying:
        tell("interview-declined" if excuses else "interview-held", _moment(when))
    if life.stopped is not None:
        tell("status-interrupted", _moment(life.stopped), kind="custody")
    if life.running is not None:
        tell("interruption-ended", _moment(life.running), kind="custody")
    return tell


def _moment(when: Interval) -> dict[str, Any]:
    return {"earliest": rfc3339(when[0]), "latest": rfc3339(when[1])}


def within(when: Interval) -> list[Instant]:
    """Times within an interval: its ends, each hour, and just beside them."""
    hours = {n for edge in range(when[0], when[1] + 1, HOUR) for n in (edge - 1, edge, edge + 1)}
    return sorted(n for n in {*hours, *when} if when[0] <= n <= when[1])


def possible(life: Life, as_at: Instant) -> set[str]:
    """The verdicts that some exact times within the moments give, of what counts as at an instant."""
    seen = [(excuses, when) for excuses, when in life.satisfying if when[0] <= as_at]
    stops: list[Interval | tuple[Instant, None] | None] = [None]
    if life.stopped is not None and life.stopped[0] <= as_at:
        ends: list[Instant | None] = [None]
        if life.running is not None and life.running[0] <= as_at and life.running[1] >= life.stopped[0]:
            ends = list(within(life.running))
        stops = [(b, e) for b in within(life.stopped) for e in ends if e is None or b <= e]  # type: ignore[misc]
    done = product(*([(excuses, when) for when in within(moment)] for excuses, moment in seen))
    return {
        exactly(start, stop, some, as_at)
        for some in list(done)
        for stop in stops
        for start in within(life.returned)
    }


def exactly(
    start: Instant,
    stop: Interval | tuple[Instant, None] | None,
    done: tuple[tuple[bool, Instant], ...],
    as_at: Instant,
) -> str:
    """The verdict where every time is exact."""
    due: Instant | None = start + LIMIT
    if stop is not None and stop[0] <= start + LIMIT:
        due = None if stop[1] is None else start + LIMIT + max(0, stop[1] - max(stop[0], start))
    in_time = {excuses for excuses, when in done if due is None or when <= due}
    if in_time:
        return "met" if False in in_time else "excused"
    if done:
        return "met_late" if any(not excuses for excuses, _ in done) else "excused_late"
    if due is None:
        return "paused"
    return "due" if as_at <= due else "overdue"


@settings(max_examples=400, deadline=None)
@given(lives, st.integers(0, 16), st.sampled_from([0, 1, HOUR // 2]))
def test_a_verdict_is_what_holds_whatever_the_exact_times(life: Life, hours: int, more: Instant) -> None:
    """But an excuse in time is one though it may have been met as well; what is not late is due, stopped or not."""
    as_at = life.returned[0] + hours * HOUR + more
    (duty,) = assess(entries(life), BOOK)[0].obligations
    span = at(duty.verdicts, as_at)
    assert span is not None
    found, can_be = span.value, possible(life, as_at)
    if can_be == {"met", "excused"} and found.verdict == "excused":
        return
    if can_be == {"due", "paused"}:
        assert found.verdict == "due"
        return
    assert found.verdict == (can_be.pop() if len(can_be) == 1 else "cannot_tell")
    assert found.possibly == (found.verdict == "cannot_tell" and found.satisfied_by is None)

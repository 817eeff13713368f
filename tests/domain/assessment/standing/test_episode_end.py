"""Which fact an end rests on, and in which order things that tie are taken."""

from __future__ import annotations

from itertools import pairwise

from domain.moment import instant
from tests.support.entry_builder import (
    AUTHORITY,
    FROM_NOTIFIED,
    HELD,
    LONG_AFTER,
    POLICE,
    Telling,
    assessed,
    missing_and_back,
    verdict,
)

BACK = "2026-03-02T23:00:00Z"


def test_the_narrowest_of_those_that_agree_starts_what_an_end_starts() -> None:
    """An exact time late in a day that somebody else gave whole."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    tell("returned", {"date": "2026-03-02"})
    exact = tell("returned", BACK, source="urn:x:z")
    assert verdict(tell, HELD).started_by == exact.position


def test_then_the_witnessed_then_by_source_and_id() -> None:
    """Of equals."""
    tell = missing_and_back(BACK, id_="b")
    first = tell("returned", BACK, id_="a")
    assert verdict(tell, HELD).started_by == first.position
    seen = tell("returned", BACK, id_="c", basis="witnessed")
    assert verdict(tell, HELD).started_by == seen.position


def test_of_two_that_start_a_clock_at_once_the_first_by_source_and_id() -> None:
    """Told twice in the same minute."""
    tell = missing_and_back(BACK, by=POLICE)
    for id_ in ("b", "a"):
        tell("return-notified", "2026-03-03T09:00:00Z", id_=id_, by=POLICE, notified_to=AUTHORITY)
    assert verdict(tell, FROM_NOTIFIED).started_by == 4


def test_what_satisfied_it_is_named_also_where_the_start_is_unknown() -> None:
    """Nobody can tell; the interview is there all the same."""
    tell = missing_and_back(BACK, by=POLICE)
    held = tell("interview-held", "2026-03-03T09:00:00Z")
    assert verdict(tell, FROM_NOTIFIED).satisfied_by == held.position


def test_verdicts_follow_one_another_without_gap_or_overlap() -> None:
    """Due, possibly overdue, overdue, met late: one at each instant."""
    tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]
    tell("interview-held", "2026-04-01T09:00:00Z")
    duty = next(o for o in assessed(tell).obligations if o.rule == HELD)
    assert [s.value.verdict for s in duty.verdicts] == ["due", "cannot_tell", "overdue", "met_late"]
    assert all(one.end == other.start for one, other in pairwise(duty.verdicts))
    limit = instant("2026-03-05T00:00:00Z")
    assert [s.start for s in duty.verdicts[1:3]] == [limit + 1, limit + 24 * 3600 * 1_000_000 + 1]


def test_a_level_of_ones_own_scheme_is_never_the_highest() -> None:
    """Nobody can say how a local word compares."""
    tell = missing_and_back(BACK)
    for minute, level in enumerate(("local:red", "no_apparent_risk", "low")):
        tell("risk-assessed", f"2026-03-01T20:0{minute}:00Z", scheme="APP-2017", level=level)
    risk = assessed(tell).picture(instant(LONG_AFTER)).risk["APP-2017"]
    assert risk == ("local:red", "low", "low", None)

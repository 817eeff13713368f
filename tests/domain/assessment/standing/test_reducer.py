"""Standing: where a child is, as the facts say at any time (assessment.md 2)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from domain.moment import instant, read_moment
from tests.support.entry_builder import (
    HOME,
    LONG_AFTER,
    POLICE,
    Telling,
    assessed,
    findings,
    missing_and_back,
    standing,
)

EIGHT, NINE, TEN = "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z", "2026-03-01T22:00:00Z"

MISSING, AWAY = {"category": "missing"}, {"category": "away_without_authorisation"}


@pytest.mark.parametrize(
    ("facts", "then"),
    [
        ([], "nothing"),
        ([("absence-noticed", {})], "absence_noticed"),
        ([("reported", {})], "missing"),
        ([("reported", {"category": "not_known"})], "missing"),
        ([("reported", MISSING)], "missing"),
        ([("reported", AWAY)], "away"),
        ([("police-notified", {})], "missing"),
        ([("episode-recorded-later", {})], "missing"),
        ([("absence-noticed", {}), ("police-notified", {})], "missing"),
        ([("absence-noticed", {}), ("reported", AWAY)], "away"),
        ([("reported", AWAY), ("police-notified", {})], "away"),
        (
            [("reported", MISSING), ("category-assigned", {"scheme": "DfE-2014", "value": AWAY["category"]})],
            "away",
        ),
        ([("reported", AWAY), ("category-assigned", {"scheme": "DfE-2014", "value": "missing"})], "missing"),
        (
            [("reported", MISSING), ("category-assigned", {"scheme": "ACPO-2013", "value": "absent"})],
            "missing",
        ),
        ([("reported", MISSING), ("located", {})], "located"),
        ([("absence-noticed", {}), ("located", {})], "located"),
        ([("reported", AWAY), ("located", {})], "away"),
        ([("reported", MISSING), ("located", {}), ("location-lost", {})], "missing"),
        ([("reported", AWAY), ("location-lost", {})], "missing"),
        ([("reported", MISSING), ("located", {}), ("police-notified", {})], "located"),
        ([("reported", MISSING), ("sighting-reported", {})], "missing"),
        ([("reported", MISSING), ("status-interrupted", {"kind": "custody"})], "missing"),
        ([("reported", MISSING), ("setting-changed", {"setting": {}})], "missing"),
        ([("reported", MISSING), ("police-closed", {})], "missing"),
        ([("located", {})], "located"),
        ([("returned", {})], "returned"),
        ([("ended-otherwise", {"reason": "died"})], "ended"),
        ([("absence-noticed", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("located", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("ended-otherwise", {"reason": "turned_18"})], "ended"),
        ([("reported", MISSING), ("returned", {}), ("episode-reopened", {})], "missing"),
        ([("reported", MISSING), ("returned", {}), ("episode-reopened", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("returned", {}), ("episode-recorded-in-error", {})], "in_error"),
        ([("risk-assessed", {"scheme": "APP-2017", "level": "high"})], "nothing"),
    ],
    ids=lambda value: "+".join(name for name, _ in value) if isinstance(value, list) else value,
)
def test_standing_after(facts: list[tuple[str, dict[str, str]]], then: str) -> None:
    """One fact an hour, in this order."""
    tell = Telling()
    tell("interview-requested", "2026-03-10T00:00:00Z")
    for hour, (name, members) in enumerate(facts):
        tell(name, f"2026-03-01T{hour + 10}:00:00Z", **members)
    assert standing(tell) == then


SO_FAR: list[list[tuple[str, dict[str, str]]]] = [
    [],
    [("absence-noticed", {})],
    [("reported", MISSING)],
    [("reported", AWAY)],
    [("reported", MISSING), ("located", {})],
]
"""Nothing, absence noticed, missing, away, located."""


@pytest.mark.parametrize(
    ("name", "members", "then"),
    [
        ("absence-noticed", {}, ("absence_noticed", "absence_noticed", "missing", "away", "located")),
        ("police-notified", {}, ("missing", "missing", "missing", "away", "located")),
        ("reported", {}, ("missing", "missing", "missing", "away", "missing")),
        ("reported", MISSING, ("missing", "missing", "missing", "missing", "missing")),
        ("reported", AWAY, ("away", "away", "away", "away", "located")),
        ("located", {}, ("located", "located", "located", "away", "located")),
        ("location-lost", {}, ("nothing", "absence_noticed", "missing", "missing", "missing")),
    ],
)
def test_every_fact_on_every_standing(name: str, members: dict[str, str], then: tuple[str, ...]) -> None:
    """What it makes of each; a standing that is not listed for it stays."""
    found = []
    for so_far in SO_FAR:
        tell = Telling()
        for hour, (earlier, said) in enumerate([*so_far, (name, members)]):
            tell(earlier, f"2026-03-01T{hour + 10}:00:00Z", **said)
        found.append(standing(tell))
    assert tuple(found) == then


def test_a_category_that_is_not_known_makes_nobody_missing() -> None:
    """It only stands beside."""
    tell = Telling()
    tell("category-assigned", EIGHT, scheme="DfE-2014", value="not_known")
    assert standing(tell) == "nothing"


def test_last_seen_is_the_latest_that_anybody_says() -> None:
    """Whoever told of it first."""
    tell = Telling()
    tell("reported", TEN, last_seen_at=NINE)
    tell("absence-noticed", NINE, last_seen_at=EIGHT)
    assert assessed(tell).picture(instant(LONG_AFTER)).last_seen == (instant(NINE), instant(NINE))
    assert assessed(tell).picture(instant(NINE)).last_seen == (instant(EIGHT), instant(EIGHT))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NINE, {"latest": TEN}),
        (NINE, {"earliest": NINE, "latest": TEN}),
        ({"earliest": NINE}, {"earliest": NINE, "latest": TEN}),
        ({"latest": NINE}, {"earliest": TEN}),
    ],
)
def test_last_seen_where_it_is_known_in_part(one: Any, other: Any) -> None:
    """The later beginning, and of two that begin alike the later end, whoever says it first."""
    for first, second in ((one, other), (other, one)):
        tell = Telling()
        for seen in (first, second):
            tell("reported", TEN, last_seen_at=seen)
        assert assessed(tell).picture(instant(LONG_AFTER)).last_seen == read_moment(other)


def test_since_when_the_child_stands_there() -> None:
    """From the fact that made it so, and not from one that left it so."""
    tell = Telling()
    tell("reported", EIGHT)
    tell("police-notified", NINE)
    tell("located", TEN)
    for as_at, since in ((EIGHT, EIGHT), (NINE, EIGHT), (TEN, TEN)):
        assert assessed(tell).picture(instant(as_at)).since == (instant(since), instant(since))


def test_a_fact_counts_from_its_earliest_on() -> None:
    """Not before, and at the instant itself."""
    tell = missing_and_back(TEN)
    just_before = assessed(tell).picture(instant(TEN) - 1).standing
    assert (
        standing(tell, "2026-03-01T19:59:59Z"),
        standing(tell, EIGHT),
        just_before,
        standing(tell, TEN),
    ) == (
        "nothing",
        "missing",
        "missing",
        "returned",
    )


def test_the_spans_have_no_gap_and_no_overlap() -> None:
    """From the beginning to for ever."""
    spans = assessed(missing_and_back()).pictures
    assert all(one.end == other.start for one, other in pairwise(spans))


def test_a_return_known_only_by_its_day_on_the_day_of_the_report() -> None:
    """It cannot have been before the report: it is clipped, and does not contradict it."""
    tell = missing_and_back({"date": "2026-03-01"})  # type: ignore[arg-type]
    picture = assessed(tell).picture(instant("2026-03-02T12:00:00Z"))
    assert picture.standing == "returned"
    assert picture.since == (instant(EIGHT), instant("2026-03-02T00:00:00Z"))
    assert findings(tell) == {}


def test_ends_that_overlap_agree_and_are_one() -> None:
    """The home knows the day, the police the minute: the minute is the moment, both are evidence."""
    tell = missing_and_back({"date": "2026-03-01"}, by=HOME)  # type: ignore[arg-type]
    tell("returned", TEN, by=POLICE)
    picture = assessed(tell).picture(instant("2026-03-02T12:00:00Z"))
    assert picture.since == (instant(TEN), instant(TEN))
    assert "ends_conflict" not in findings(tell)


def test_ends_that_only_touch_agree() -> None:
    """Back on the first, says the home; at the midnight that ends it, say the police."""
    midnight = "2026-03-02T00:00:00Z"
    tell = missing_and_back({"date": "2026-03-01"}, by=HOME)  # type: ignore[arg-type]
    tell("returned", midnight, by=POLICE)
    assert assessed(tell).picture(instant(LONG_AFTER)).since == (instant(midnight), instant(midnight))
    assert "ends_conflict" not in findings(tell)


def test_of_disjoint_ends_the_earliest_that_was_witnessed_counts() -> None:
    """And the conflict is a finding."""
    tell, later = missing_and_back(NINE, by=POLICE), "2026-03-01T23:00:00Z"
    witnessed = tell("returned", later, by=HOME, basis="witnessed")
    since = assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since
    assert since == (instant(later), instant(later))
    assert findings(tell)["ends_conflict"] == [(2, witnessed.position)]


def test_of_several_that_agree_on_an_end_one_witness_is_enough() -> None:
    """Whichever of them it is: the others only say so."""
    for bases in (("witnessed", "told_by"), ("told_by", "witnessed")):
        tell = missing_and_back(NINE, by=POLICE)
        for basis in bases:
            tell("returned", TEN, by=HOME, basis=basis)
        assert assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since == (instant(TEN),) * 2


def test_of_disjoint_ends_without_a_witness_the_earliest_counts() -> None:
    """Whoever says so."""
    tell = missing_and_back(TEN)
    tell("returned", NINE, by=HOME)
    since = assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since
    assert since == (instant(NINE), instant(NINE))

"""When an episode started, where what is said of it is known in part only (assessment.md 2)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.standing.episode_start import Started
from domain.moment import HOUR, instant
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, POLICE, Telling, assessed

EARLY, LATE = "2026-03-01T18:00:00Z", "2026-03-01T19:00:00Z"
NOON, SIX, SEVEN = (instant(text) for text in ("2026-03-01T12:00:00Z", EARLY, LATE))


def started(tell: Telling) -> Started:
    """As finally known."""
    found = assessed(tell).picture(instant(LONG_AFTER)).started
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("left", "seen", "then"),
    [
        ({"latest": EARLY}, {"earliest": EARLY, "latest": LATE}, ((SIX, SEVEN), "last_seen_at")),
        ({"earliest": EARLY, "latest": LATE}, {"latest": EARLY}, ((SIX, SEVEN), "left_at")),
        ({"latest": LATE}, {"latest": EARLY}, ((None, SEVEN), "left_at")),
        ({"earliest": LATE}, {"earliest": EARLY}, ((SEVEN, None), "left_at")),
        ({"earliest": EARLY}, {"earliest": LATE}, ((SEVEN, None), "last_seen_at")),
        ({"latest": EARLY}, {"earliest": LATE}, ((SEVEN, None), "last_seen_at")),
        ({"latest": LATE}, {"earliest": EARLY}, ((SIX, None), "last_seen_at")),
        ({"date": "2026-03-01"}, LATE, ((SEVEN, NOON + 12 * HOUR), "last_seen_at")),
    ],
)
def test_the_later_of_left_and_last_seen_end_by_end(left: Any, seen: Any, then: tuple[Any, str]) -> None:
    """What only one of them knows of its beginning is taken from that one."""
    tell = Telling()
    tell("reported", LATE, left_at=left, last_seen_at=seen, last_seen_by="responsible_adult")
    assert started(tell) == then


@pytest.mark.parametrize(("seen", "then"), [(LATE, (SEVEN, "last_seen_at")), (EARLY, (SIX, "left_at"))])
def test_left_by_one_source_and_last_seen_by_another(seen: str, then: tuple[int, str]) -> None:
    """The later of the two, whoever says which; of two that say the same thing the responsible authority's."""
    tell = Telling()
    tell("reported", LATE, left_at=EARLY)
    tell(
        "absence-noticed", LATE, by=POLICE, last_seen_at=seen, last_seen_by="responsible_adult", left_at=LATE
    )
    assert (started(tell).when.earliest, started(tell).basis) == then


@pytest.mark.parametrize("name", ["reported", "absence-noticed"])
def test_of_two_that_say_no_more_the_responsible_authoritys(name: str) -> None:
    """Another told of it first."""
    tell = Telling()
    tell(name, EARLY, by=POLICE)
    tell(name, LATE)
    assert started(tell) == ((SEVEN, SEVEN), name.replace("-", "_"))


@pytest.mark.parametrize("member", ["left_at", "last_seen_at"])
def test_of_two_that_say_when_it_left_or_was_seen_the_responsible_authoritys(member: str) -> None:
    """Another said it first."""
    tell = Telling()
    for by, when in ((POLICE, LATE), (AUTHORITY, EARLY)):
        tell("reported", LATE, by=by, last_seen_by="responsible_adult", **{member: when})
    assert started(tell) == ((SIX, SIX), member)


@pytest.mark.parametrize(
    ("name", "said", "basis"),
    [
        ("reported", {"left_at": EARLY}, "left_at"),
        ("reported", {"last_seen_at": EARLY, "last_seen_by": "responsible_adult"}, "last_seen_at"),
        ("located", {}, "first_fact"),
        ("interview-requested", {}, "first_fact"),
    ],
)
def test_what_the_start_rests_on(name: str, said: dict[str, Any], basis: str) -> None:
    """The one of the two that is said; the first fact when nobody reported anything."""
    tell = Telling()
    tell(name, EARLY, **said)
    tell("returned", LATE)
    assert started(tell) == ((SIX, SIX), basis)

"""Spells: the periods of being missing or away for the statutory return (assessment.md 2)."""

from __future__ import annotations

from typing import Any

import pytest

from application.answers.as_json import episode
from domain.moment import instant, rfc3339
from tests.support.entry_builder import HOST, LONG_AFTER, POLICE, SUBJECT, Telling, assessed

LEFT, NOTICED, REPORTED, FOUND, BACK = (f"2026-03-01T{hour}:00:00Z" for hour in (17, 18, 20, 21, 23))
AWAY = {"category": "away_without_authorisation"}


def spells(tell: Telling, as_at: str = LONG_AFTER, subject: str = SUBJECT) -> list[tuple[Any, ...]]:
    """The spells as at a time, exact ends as their text, others as a pair; None while one lasts."""
    found = assessed(tell, subject).spells(instant(as_at))
    return [(s.type, _text(s.begin), _text(s.end)) for s in found]


def _text(moment: Any) -> Any:
    if moment is None:
        return None
    first, last = map(rfc3339, moment)
    return first if first == last else (first, last)


def reported(**members: Any) -> Telling:
    """Reported at eight in the evening."""
    tell = Telling()
    tell("reported", REPORTED, **members)
    return tell


def test_missing_until_found_then_away_until_the_return() -> None:
    """Located but not back is away; each ends where the next begins."""
    tell = reported(category="missing")
    assert spells(tell) == [("M", REPORTED, None)]
    tell("located", FOUND)
    assert spells(tell) == [("M", REPORTED, FOUND), ("A", FOUND, None)]
    tell("returned", BACK)
    assert spells(tell) == [("M", REPORTED, FOUND), ("A", FOUND, BACK)]


def test_lost_again_is_missing_again() -> None:
    """A new spell in the same episode."""
    tell = reported()
    tell("located", FOUND)
    tell("location-lost", "2026-03-01T22:00:00Z")
    tell("returned", BACK)
    lost = "2026-03-01T22:00:00Z"
    assert spells(tell) == [("M", REPORTED, FOUND), ("A", FOUND, lost), ("M", lost, BACK)]


def test_away_from_the_start_and_what_a_category_changes() -> None:
    """Located says nothing new of a child who was held to be away; a category does."""
    tell = reported(**AWAY)
    tell("located", FOUND)
    assert spells(tell) == [("A", REPORTED, None)]
    tell("category-assigned", "2026-03-01T22:00:00Z", scheme="DfE-2014", value="missing")
    assert spells(tell)[1:] == [("M", "2026-03-01T22:00:00Z", None)]


def test_a_category_of_the_police_changes_no_spell() -> None:
    """Their schemes stand beside."""
    tell = reported()
    tell("category-assigned", FOUND, by=POLICE, scheme="ACPO-2013", value="absent")
    assert spells(tell) == [("M", REPORTED, None)]


def test_the_first_spell_begins_when_the_child_left() -> None:
    """Or was last seen by a responsible adult, whichever is later; not when it was reported."""
    assert spells(reported(left_at=LEFT)) == [("M", LEFT, None)]
    later = reported(left_at=LEFT, last_seen_at=NOTICED, last_seen_by="responsible_adult")
    assert spells(later) == [("M", NOTICED, None)]


def test_an_absence_that_was_only_noticed_is_no_spell() -> None:
    """Until somebody reports it: then it began when it was noticed."""
    tell = Telling()
    tell("absence-noticed", NOTICED)
    assert spells(tell) == []
    tell("reported", REPORTED)
    assert spells(tell) == [("M", NOTICED, None)]
    assert spells(tell, NOTICED) == []


def test_located_first_is_away_from_then_on() -> None:
    """Nobody says that the whereabouts were ever unknown."""
    tell = Telling()
    tell("absence-noticed", NOTICED)
    tell("located", FOUND)
    tell("returned", BACK)
    assert spells(tell) == [("A", FOUND, BACK)]


def test_a_return_with_no_report_ends_nothing() -> None:
    """There is no spell to end."""
    tell = Telling()
    tell("returned", BACK)
    assert spells(tell) == []


@pytest.mark.parametrize("reason", ["died", "turned_18"])
def test_an_end_without_a_return_ends_the_spell(reason: str) -> None:
    """On the day: the return has no other."""
    tell = reported()
    tell("ended-otherwise", BACK, reason=reason, whereabouts_known="no")
    assert spells(tell) == [("M", REPORTED, BACK)]


def test_a_placement_that_ends_is_no_end() -> None:
    """A statutory end is derived at export, from the authority's own care data."""
    tell = reported()
    tell("setting-changed", FOUND, setting={"placement_type": "no_fixed"}, left_setting_at=FOUND)
    assert spells(tell) == [("M", REPORTED, None)]


def test_ends_stay_as_uncertain_as_they_are() -> None:
    """A return known by its day, and found sometime in between."""
    tell = reported()
    tell("located", {"earliest": FOUND, "latest": BACK})
    tell("returned", {"date": "2026-03-02"})
    found, back = (FOUND, BACK), ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")
    assert spells(tell) == [("M", REPORTED, found), ("A", found, back)]


def test_a_spell_of_no_length_is_none() -> None:
    """Found and back in the same minute. But the only one stays: an episode of any length is in the return."""
    tell = reported()
    tell("located", BACK)
    tell("returned", BACK)
    assert spells(tell) == [("M", REPORTED, BACK)]
    short = reported()
    short("returned", REPORTED)
    assert spells(short) == [("M", REPORTED, REPORTED)]


def test_what_contradicts_the_end_begins_no_spell_until_it_is_settled() -> None:
    """Reopened, the end does not count: the first spell went on."""
    tell = reported()
    tell("returned", FOUND)
    tell("located", BACK)
    assert spells(tell) == [("M", REPORTED, FOUND)]
    tell("episode-reopened", "2026-03-02T09:00:00Z")
    assert spells(tell) == [("M", REPORTED, BACK), ("A", BACK, None)]
    assert spells(tell, "2026-03-02T08:59:59Z") == [("M", REPORTED, FOUND)]


def test_of_a_past_absence() -> None:
    """From when the child was away, not from when it came to light."""
    tell = Telling()
    tell("episode-recorded-later", "2026-03-12T10:00:00Z", absent_from=REPORTED)
    tell("returned", BACK)
    assert spells(tell) == [("M", REPORTED, BACK)]


def test_an_episode_in_error_has_none() -> None:
    """At no time."""
    tell = reported()
    tell("episode-recorded-in-error", BACK)
    assert spells(tell) == spells(tell, FOUND) == []


def test_as_at_and_as_known_at() -> None:
    """What counts by then; what was recorded by then."""
    tell = reported()
    tell("located", FOUND)
    tell("returned", BACK)
    assert spells(tell, "2026-03-01T22:00:00Z") == [("M", REPORTED, FOUND), ("A", FOUND, None)]
    known = Telling()
    known += tell[:1]
    assert spells(known) == [("M", REPORTED, None)]


def test_of_two_organisations_that_say_when_it_began_one_is_believed() -> None:
    """The responsible authority's word, as for `started`."""
    tell = reported(left_at=LEFT)
    tell("reported", "2026-03-01T19:00:00Z", by=HOST, left_at=NOTICED)
    assert spells(tell) == [("M", LEFT, None)]


def test_a_spell_that_surely_began_before_the_start_as_told_begins_when_it_began() -> None:
    """The police had it at six; the authority says that the child left at eight."""
    tell = Telling()
    tell("reported", NOTICED, by=POLICE)
    tell("reported", FOUND, left_at=REPORTED)
    assert spells(tell) == [("M", NOTICED, None)]


def test_in_an_answer_a_spell_that_lasts_has_no_to() -> None:
    """Moments, like every other time that may be uncertain."""
    tell = reported()
    tell("located", FOUND)
    said = episode(assessed(tell), SUBJECT, None, {}, instant(LONG_AFTER), 2).json["spells"]
    found = {"earliest": FOUND, "latest": FOUND}
    assert said == [
        {"type": "M", "from": {"earliest": REPORTED, "latest": REPORTED}, "to": found},
        {"type": "A", "from": found},
    ]

"""Groups: the standard breakdowns, each as at the episode's start (reference/domain.md 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from domain.assessment.obligations.child_profile import ages, area
from domain.assessment.obligations.known_child import age_band
from domain.assessment.obligations.profiles import Profile
from domain.assessment.observations import countable_events as m
from domain.assessment.observations.countable_events import CountableEvent
from domain.assessment.standing.episode_state import EpisodeState
from domain.measures.criteria import Interval
from domain.moment import BEGINNING, DAY, HOUR, LONDON, Instant, to_datetime
from domain.vocabulary import DFE_2014

NOT_KNOWN: Final = "not_known"
_DURATIONS: Final = (
    (6 * HOUR, "under_6_hours"),
    (DAY, "6_to_24_hours"),
    (3 * DAY, "24_to_72_hours"),
    (7 * DAY, "3_to_7_days"),
)
_APP: Final = "APP-2017"


class Groups(NamedTuple):
    """In which group of each breakdown an episode is; `not_known` where nobody said, or can tell."""

    month: str
    placement_type: str
    provider: str
    """The provider that held the return interview or, if it was not held, was due to."""
    age_band: str
    sex: str
    category: str
    """The first, in the scheme DfE-2014 where there is one."""
    risk: str
    """The first level, in the scheme APP-2017 where there is one."""
    risk_highest: str
    own_or_hosted: str
    """Placed in the responsible authority's area, or in another's."""
    ethnicity: str
    legal_status: str
    duration_band: str
    """`open` while it has not ended."""
    exploitation_flag: str


BREAKDOWNS: Final = ("authority", "first_or_repeat", *Groups._fields)
"""The breakdowns of figures. The authority is the responsible one at the start."""


def groups(picture: EpisodeState, profile: Profile, started: Interval, ended: Interval | None) -> Groups:
    """Return the groups of an episode in one state, except the provider, which depends on what else happens."""
    category = picture.category.get(DFE_2014) or next(iter(picture.category.values()), None)
    risk = picture.risk.get(_APP) or next(iter(picture.risk.values()), None)
    return Groups(
        month=_month(started),
        placement_type=profile.get("placement_type", NOT_KNOWN),
        provider=NOT_KNOWN,
        age_band=_age_band(profile, started),
        sex=profile.get("sex", NOT_KNOWN),
        category=NOT_KNOWN if category is None else category.initial,
        risk=NOT_KNOWN if risk is None else risk.initial,
        risk_highest=NOT_KNOWN if risk is None else risk.highest,
        own_or_hosted=area(profile) or NOT_KNOWN,
        ethnicity=profile.get("ethnicity", NOT_KNOWN),
        legal_status=profile.get("legal_status", NOT_KNOWN),
        duration_band=_duration_band(started, ended),
        exploitation_flag=profile.get("exploitation_flag", NOT_KNOWN),
    )


def _month(started: Interval) -> str:
    """The month in London, such as 2026-03; a start that may lie in either of two is in neither."""
    if started[0] == BEGINNING:
        return NOT_KNOWN
    first, last = (_of_london(instant) for instant in started)
    return first if first == last else NOT_KNOWN


@lru_cache(maxsize=10_000)
def _of_london(instant: Instant) -> str:
    return to_datetime(instant).astimezone(LONDON).strftime("%Y-%m")


def provider(marks: Sequence[CountableEvent]) -> str:
    """Who held the return interview, by the marks of an episode; else who was to."""
    named = [mark for mark in marks if mark.provider]
    held = [mark for mark in named if mark.kind == m.HELD]
    return (held or named)[-1].provider or NOT_KNOWN if named else NOT_KNOWN


def _age_band(profile: Profile, started: Interval) -> str:
    if started[0] == BEGINNING:
        return NOT_KNOWN
    return age_band(age for instant in started for age in ages(profile, instant) or ()) or NOT_KNOWN


def _duration_band(started: Interval, ended: Interval | None) -> str:
    if ended is None:
        return "open"
    least, most = _band(ended[0] - started[1]), _band(ended[1] - started[0])
    return least if least == most else NOT_KNOWN


def _band(length: Instant) -> str:
    return next((name for limit, name in _DURATIONS if length < limit), "over_7_days")

"""Profiles: what is known of the child and the placement by each fact that tells of them.

The latest profile or setting counts whose earliest is no later than the moment, member by member. A member that no
entry gives, or that is given as not known, is unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import fields

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts import Fact, Phase
from domain.facts.casework import ProfileRecorded
from domain.facts.setting import Setting
from domain.facts.start import Reported
from domain.moment import Instant
from domain.vocabulary import UNKNOWN

Profile = dict[str, str]
_ENVELOPE = frozenset(f.name for f in fields(Fact))
_OF_FACTS = tuple(
    f.name for f in fields(ProfileRecorded) if f.name not in _ENVELOPE | {"setting", "date_of_birth"}
)
"""In the order of the class: what is stored of a profile must be the same bytes in every process."""


def profiles(facts: Sequence[ChronologicalFact]) -> list[tuple[Instant, Profile]]:
    """Return what was known by each fact that tells of the child or the placement, in their order."""
    known: Profile = {}
    found = []
    for told in facts:
        new: Profile = {}
        if isinstance(told.fact, ProfileRecorded | Reported):
            new |= {n: v for n in _OF_FACTS if (v := getattr(told.fact, n, None)) is not None}
        setting = getattr(told.fact, "setting", None)
        if isinstance(setting, Setting):
            new |= {f.name: v for f in fields(setting) if (v := getattr(setting, f.name)) is not None}
        if new.items() - known.items():
            known = known | new
            found.append((told.earliest, known))
    return found


def profile(found: Sequence[tuple[Instant, Profile]], moment: Instant) -> Profile:
    """Return what was known as at a moment, by `profiles`."""
    number = bisect_right(found, moment, key=lambda each: each[0])
    known = found[number - 1][1] if number else {}
    return {name: value for name, value in known.items() if value not in UNKNOWN}


def start_of(facts: Sequence[ChronologicalFact]) -> Instant | None:
    """The moment that "as at the episode's start" means: of the first start fact, else of the first fact."""
    starts = [told for told in facts if told.fact.PHASE == Phase.START]
    return min((told.earliest for told in starts or facts), default=None)

"""When an episode started, and by what (assessment.md 2; SSDA903 guide: the later of left and last seen)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.episode_end import WITNESSED
from domain.facts import Fact
from domain.facts.start import AbsenceNoticed, Reported
from domain.moment import Moment

LEAVING: Final = (AbsenceNoticed, Reported)
"""Facts that may say when a child left, or was last seen."""


FIRST_FACT: Final = "first_fact"


class Started(NamedTuple):
    """The start, which facts say so, and how they were chosen."""

    when: Moment
    basis: str
    """left_at, last_seen_at, absence_noticed, reported, first_fact or reopened."""


def started(facts: Sequence[ChronologicalFact], authority: str | None) -> Started | None:
    """Return the later of left_at and last_seen_at (by a responsible adult), else noticed, reported, or the first.

    Of several sources the corrected one counts, else the responsible authority's, else a witnessed one, else the first
    in the chronology. By the earliest recorded the answer would depend on the order of arrival (decision 1).
    """
    if not facts:
        return None
    left = _said("left_at", [t for t in facts if isinstance(t.fact, LEAVING)], authority)
    seen = _said("last_seen_at", [t for t in facts if _by_responsible_adult(t.fact)], authority)
    if left is not None and seen is not None:
        later = _later(left, seen)
        return Started(later, "left_at" if later.earliest == left.earliest else "last_seen_at")
    if left is not None:
        return Started(left, "left_at")
    if seen is not None:
        return Started(seen, "last_seen_at")
    for cls, basis in ((AbsenceNoticed, "absence_noticed"), (Reported, "reported")):
        if of_type := [t for t in facts if isinstance(t.fact, cls)]:
            return Started(preferred(of_type, authority).when, basis)
    return Started(facts[0].when, FIRST_FACT)


def preferred(facts: Sequence[ChronologicalFact], authority: str | None) -> ChronologicalFact:
    """The fact to believe, of several that say different things; `facts` are in order."""
    return min(facts, key=lambda t: (not t.corrected, t.entry.by != authority, t.fact.basis != WITNESSED))


def _by_responsible_adult(fact: Fact) -> bool:
    return isinstance(fact, LEAVING) and fact.last_seen_by == "responsible_adult"


def _said(member: str, facts: Sequence[ChronologicalFact], authority: str | None) -> Moment | None:
    """Return what is to be believed of a member, of the facts that say it."""
    saying = [t for t in facts if getattr(t.fact, member) is not None]
    moment: Moment | None = getattr(preferred(saying, authority).fact, member) if saying else None
    return moment


def _later(one: Moment, other: Moment) -> Moment:
    """The later of two: no earlier than either can begin, and open where either may be as late as it likes."""
    earliest = [end for end in (one.earliest, other.earliest) if end is not None]
    latest = [end for end in (one.latest, other.latest) if end is not None]
    return Moment(max(earliest, default=None), max(latest) if len(latest) == 2 else None)

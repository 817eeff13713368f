"""Cross-episode facts: what is seen only next to a child's other episodes (`patterns`).

Like every fact a trace counts for each `as_at` from its earliest on (assessment.md 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts import Fact
from domain.facts.away import Located
from domain.facts.casework import ActionAgreed, ActionCancelled, ActionCompleted, PlanReviewed
from domain.facts.start import AbsenceNoticed
from domain.facts.value_kinds import EventRef
from domain.moment import FOREVER, Instant, Moment
from domain.vocabulary import ALWAYS_ALLOWED

EXPECTED, LOCATED = "expected_location", "location_type"
PLAN_REVIEWED, ACTION = "plan_reviewed", "action"

_PLACES: Final[dict[type[Fact], str]] = {AbsenceNoticed: EXPECTED, Located: LOCATED}
"""Where a fact says the child was expected or found: the member that says it."""
_NO_PLACE: Final = frozenset({*ALWAYS_ALLOWED, "unknown"})
"""Codes that name no place, so that two of them need not be the same one."""


class CrossEpisodeFact(NamedTuple):
    """A place, a review of a plan, or an action with a date."""

    kind: str
    earliest: Instant
    latest: Instant
    position: int
    """The entry that says so."""
    code: str | None = None
    """The place."""
    due: Moment | None = None
    """The time by which an action was to be done."""
    until: Instant = FOREVER
    """The time from which an action is done or cancelled."""


def cross_episode_facts(facts: Sequence[ChronologicalFact]) -> tuple[CrossEpisodeFact, ...]:
    """The traces of an episode, by its facts in their order."""
    closed = _closed(facts)
    found = []
    for told in facts:
        fact, place = told.fact, _PLACES.get(type(told.fact))
        when = (told.earliest, told.latest, told.entry.position)
        if place is not None:
            code = getattr(fact, place)
            if code is not None and code not in _NO_PLACE:
                found.append(CrossEpisodeFact(place, *when, code))
        elif isinstance(fact, PlanReviewed):
            found.append(CrossEpisodeFact(PLAN_REVIEWED, *when))
        elif isinstance(fact, ActionAgreed) and fact.due is not None:
            until = closed.get(EventRef(*told.entry.key), FOREVER)
            found.append(CrossEpisodeFact(ACTION, *when, due=fact.due, until=until))
    return tuple(found)


def _closed(facts: Iterable[ChronologicalFact]) -> dict[EventRef, Instant]:
    """The actions that are done or cancelled, and from when on."""
    closed: dict[EventRef, Instant] = {}
    for told in facts:
        fact = told.fact
        if isinstance(fact, ActionCompleted | ActionCancelled) and fact.of is not None:
            closed.setdefault(fact.of, told.earliest)
    return closed

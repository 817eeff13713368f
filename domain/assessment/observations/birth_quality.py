"""Issues with a child's month of birth, from which the age follows.

The docstring of each kind is its definition, which docs/quality.md quotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.child_profile import ADULT
from domain.assessment.obligations.verdict import WITHDRAWN
from domain.assessment.observations.quality_input import About, QualityInput
from domain.facts import Phase
from domain.moment import FOREVER, LONDON, Instant, from_datetime
from domain.spans import Span


def no_birth_month(episode: QualityInput) -> Iterator[Span[About]]:
    """Duties were raised for a child whose date of birth was not recorded, so the child is taken to be under 18."""
    raised = min(
        (s.start for d in episode.obligations for s in d.verdicts if s.value.verdict != WITHDRAWN),
        default=FOREVER,
    )
    known = min((fact.earliest for fact, _ in _births(episode)), default=FOREVER)
    starts = [fact for fact in episode.facts if fact.fact.PHASE == Phase.START] or episode.facts[:1]
    for fact in starts:
        yield Span(max(raised, fact.earliest), known, About((fact.entry.position,)))


def turned_18_while_open(episode: QualityInput) -> Iterator[Span[About]]:
    """The child is surely 18 by the month of birth, and the episode, which began before that, is still open.

    An `ended-otherwise` with the reason `turned_18` ends it.
    """
    births = _births(episode)
    if not births:
        return
    adult = max(_adult_from(month) for _, month in births)
    began = next((start for start, _, state in episode.pictures if state.open), FOREVER)
    since = max(adult, *(fact.earliest for fact, _ in births))
    positions = tuple(sorted(fact.entry.position for fact, _ in births))
    for start, end, state in episode.pictures if began < adult else ():
        if state.open:
            yield Span(max(start, since), end, About(positions))


def birth_months_differ(episode: QualityInput) -> Iterator[Span[About]]:
    """Two entries of the episode give months of birth that do not agree, so the age of the child is not certain."""
    for (one, month), (other, another) in combinations(_births(episode), 2):
        if not month.startswith(another) and not another.startswith(month):
            positions = tuple(sorted((one.entry.position, other.entry.position)))
            yield Span(max(one.earliest, other.earliest), FOREVER, About(positions))


def _births(episode: QualityInput) -> list[tuple[ChronologicalFact, str]]:
    """Return the first fact that gives each month of birth."""
    found: dict[str, ChronologicalFact] = {}
    for fact in episode.facts:
        month = getattr(fact.fact, "birth_month", None)
        if month is not None:
            found.setdefault(month, fact)
    return [(fact, month) for month, fact in found.items()]


def _adult_from(month: str) -> Instant:
    """Return from when on somebody born in a month is surely 18: the first of the next month, or year."""
    year, _, number = month.partition("-")
    years, months = divmod(int(number), 12) if number else (1, 0)
    return from_datetime(datetime(int(year) + ADULT + years, months + 1, 1, tzinfo=LONDON))

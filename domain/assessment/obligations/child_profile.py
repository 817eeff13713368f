"""Profile: what is known of the child and the placement at a moment, and of the rules' conditions on it.

The latest profile or setting counts whose earliest is no later than the moment, member by member. A member that no
entry gives, or that is given as not known, is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.profiles import Profile, profile
from domain.assessment.obligations.rule_context import BirthMonth, RuleContext
from domain.assessment.standing.classifications import dfe_category
from domain.assessment.standing.episode_state import StateChange
from domain.moment import LONDON, Instant, to_datetime
from domain.rules.rule import AT_START, EVER, UNDER_18, Condition
from domain.vocabulary import UNKNOWN

ADULT: Final = 18


def birth_months(facts: Sequence[ChronologicalFact]) -> tuple[BirthMonth, ...]:
    """Return the months of birth that facts give, each once, in the order in which they count."""
    found: dict[str, Instant] = {}
    for told in facts:
        month = getattr(told.fact, "birth_month", None)
        if month is not None:
            found.setdefault(month, told.earliest)
    return tuple(BirthMonth(earliest, month) for month, earliest in found.items())


def ages(known: Profile, moment: Instant) -> tuple[int, int] | None:
    """The least and the most whole years that the child can have at a moment; None when nothing is known."""
    born = known.get("birth_month")
    return None if born is None else age_range(born, moment)


def age_range(born: str, moment: Instant) -> tuple[int, int]:
    """Return the least and the most whole years at a moment of somebody born in a month."""
    on = to_datetime(moment).astimezone(LONDON)
    year, _, month = born.partition("-")
    years = on.year - int(year)
    may_be_to_come = not month or on.month <= int(month)
    surely_to_come = bool(month) and on.month < int(month)
    return years - may_be_to_come, years - surely_to_come


def under_18(births: Sequence[BirthMonth], when: ChronologicalFact, at: Instant) -> bool | None:
    """Return whether the child was under 18 at a fact, as known at an instant; None where that cannot be decided.

    Who has no birth month is taken for a child. Where several are given, or the time is rough, all must agree.
    """
    months = [birth.month for birth in births if birth.earliest <= at]
    grown = {age >= ADULT for month in months for end in when.when for age in age_range(month, end or 0)}
    return None if len(grown) > 1 else not grown.pop() if grown else True


def condition_holds(
    condition: Condition, matter: RuleContext, frame: StateChange, trigger: ChronologicalFact, at: Instant
) -> bool | None:
    """Return whether a condition holds; None when that cannot be decided, which raises the duty and is named."""
    facts = matter.facts
    if condition.at == EVER:
        return _ever(condition, facts, frame)
    start = matter.first if condition.at == AT_START else None
    if condition.of == UNDER_18:
        first = trigger if start is None else next((t for t in facts if t.earliest == start), trigger)
        return under_18(matter.births, first, at)
    moment = trigger.earliest if start is None else start
    known = profile(matter.profiles, moment)
    if condition.of == "age":
        return _aged(condition, ages(known, moment))
    if condition.of in {"category", "risk_level"}:
        said = _levels(condition, [t for t in facts if t.earliest <= moment])
        return said[-1] in condition.values if said else None
    value = area(known) if condition.of == "area" else known.get(condition.of)
    return None if value is None else value in condition.values


def _ever(condition: Condition, facts: Sequence[ChronologicalFact], frame: StateChange) -> bool | None:
    if condition.of == "standing":
        return frame.was_ever(condition.values)
    said = _levels(condition, [t for t in facts if t.earliest <= frame.at])
    return any(level in condition.values for level in said) if said else None


def _levels(condition: Condition, facts: Sequence[ChronologicalFact]) -> list[str]:
    """The categories (of DfE-2014) or the levels of risk (of any scheme) that facts name, in their order."""
    from_fact = dfe_category if condition.of == "category" else _risk
    return [level for told in facts if (level := from_fact(told)) is not None and level not in UNKNOWN]


def _risk(told: ChronologicalFact) -> str | None:
    return getattr(told.fact, "level", None)


def _aged(condition: Condition, known: tuple[int, int] | None) -> bool | None:
    if known is None:
        return None
    inside = {condition.ages[0] <= age <= condition.ages[1] for age in known}
    return inside.pop() if len(inside) == 1 else None


def area(known: Profile) -> str | None:
    """Placed in the responsible authority's own area, or hosted by another."""
    responsible, host = known.get("responsible_authority"), known.get("host_authority")
    if responsible is None or host is None:
        return {"in_area": "own", "adjoining": "hosted", "at_a_distance": "hosted"}.get(
            known.get("distance", "")
        )
    return "own" if responsible == host else "hosted"

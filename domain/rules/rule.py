"""Rule: one duty as data (assessment.md 3). No time limit stands in code.

A rule says to which episodes it applies, what starts it, within how long it must be met, and by what. It says what
excuses it, what stops its clock, who answers for it, where and since when it is in force, and its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from domain.facts import Fact
from domain.moment import BEGINNING, FOREVER, HOUR, Instant
from domain.rules.working_days import Calendar

RESPONSIBLE: Final = "@responsible_authority"
"""In a pattern's values: the namespace of the responsible authority at that time."""
EVER, AT_START, AT_TRIGGER = "ever", "start", "trigger"
UNDER_18: Final = "under_18"
"""A condition on the child: who has no birth month recorded is taken for a child, so nothing unknown is named."""
STANDS, PAUSES, MOVES = "stands", "pauses", "moves_to_next_return"
PLACEMENT: Final = "placement_provider"
ROLES: Final = ("responsible_authority", "host_authority", "police", "provider", PLACEMENT)
"""Roles that can be accountable. A verdict names who held the role when the duty fell due. `provider` holds the
interview; `placement_provider` is the home in which the child lived when the duty began."""


@dataclass(frozen=True)
class FactPattern:
    """Facts of one type, with or without certain values."""

    fact: type[Fact]
    where: Mapping[str, tuple[str, ...]]
    unless: Mapping[str, tuple[str, ...]]
    by: str | None = None
    time: str = "happened"
    """The time of a fact that counts: happened, learned, summary, or a member that is a moment. A summary is of
    some time between the episode's start and when it was learned."""
    until: type[Fact] | None = None
    """The fact that lets a stopped clock run again, with the same `kind`."""
    after: bool = False
    """True when a fact in `met_by` or `excused_by` counts only from the start of the clock on (decision 10)."""

    @cached_property
    def asks_who(self) -> bool:
        """Return whether it depends on who the responsible authority is."""
        named = (*self.where.values(), *self.unless.values())
        return self.by is not None or any(RESPONSIBLE in values for values in named)

    def matches(self, fact: Fact, by: str, responsible: str | None) -> bool:
        """Return whether a fact, recorded for the namespace `by`, is one of these."""
        if type(fact) is not self.fact:
            return False
        if self.by == RESPONSIBLE and (responsible is None or by != responsible):
            return False
        return all(
            _given(fact, name, values, responsible) for name, values in self.where.items()
        ) and not any(_given(fact, name, values, responsible) for name, values in self.unless.items())


def _given(fact: Fact, name: str, values: tuple[str, ...], responsible: str | None) -> bool:
    value = said_of(fact, name)
    if isinstance(value, tuple):
        return not set(values).isdisjoint(value)
    return value is not None and (value in values or (RESPONSIBLE in values and value == responsible))


def said_of(fact: Fact, name: str) -> Any:
    """Return what a fact says of a member, which may lie in an object: `setting.looked_after`; None when nothing."""
    value: Any = fact
    for step in name.split("."):
        value = getattr(value, step, None)
    return value


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that must be true of the episode for a rule to apply, at its start, at the trigger, or ever."""

    at: str
    of: str
    """standing, category, risk_level, age, under_18, area, or a member of the profile."""
    values: frozenset[str] = frozenset()
    ages: tuple[int, int] = (0, 200)
    """For `age`: from and to, whole years, both included."""

    @property
    def name(self) -> str:
        """How it is named among the conditions that failed or could not be decided."""
        if self.of == UNDER_18:
            return "age"
        wanted = f"{self.ages[0]}_to_{self.ages[1]}" if self.of == "age" else "_or_".join(sorted(self.values))
        return f"ever_{wanted}" if self.of == "standing" else f"{self.of}_{wanted}_{self.at}"


@dataclass(frozen=True, slots=True)
class RuleStart:
    """The start of an obligation: facts; or being missing for some hours; or episodes within some days."""

    facts: tuple[FactPattern, ...] = ()
    missing_for: Instant | None = None
    episodes: int = 0
    within: Instant = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """Within how long: elapsed hours, London calendar days, working days of a calendar; or no limit at all."""

    hours: int = 0
    days: int = 0
    working_days: int = 0
    calendar: Calendar | None = None

    @property
    def none(self) -> bool:
        """Return whether the duty has no time limit: due until it is done."""
        return not (self.hours or self.days or self.working_days)

    @property
    def words(self) -> str:
        """How it is said."""
        if self.working_days:
            return f"{self.working_days} working day{'s' * (self.working_days > 1)}"
        if self.days:
            return f"{self.days} day{'s' * (self.days > 1)}"
        return f"{self.hours} hour{'s' * (self.hours > 1)}" if self.hours else "no time limit"

    def end(self, start: Instant) -> Instant | None:
        """When it ends for a clock that started then: the last instant in time; None where nobody can say."""
        if self.none:
            return FOREVER
        if self.hours:
            return start + self.hours * HOUR
        if self.calendar is None:
            return Calendar.all_days().end_of_day_after(start, self.days)
        return self.calendar.end_of_day_after(start, self.working_days)


@dataclass(frozen=True)
class Rule:
    """One duty."""

    id: str
    version: int
    title: str
    source: str
    accountable: str
    starts: RuleStart
    limit: Limit
    met_by: tuple[FactPattern, ...]
    applies_to: tuple[Condition, ...] = ()
    clock: tuple[FactPattern, ...] = ()
    """The facts that start the clock, where that is not the trigger itself: the earliest of these."""
    excused_by: tuple[FactPattern, ...] = ()
    paused_by: tuple[FactPattern, ...] = ()
    missing_again: str = STANDS
    authorities: frozenset[str] = frozenset()
    """For whose episodes it is a rule; empty is everyone's."""
    except_for: frozenset[str] = frozenset()
    """Authorities that have a rule of their own in its place."""
    in_force_from: Instant = BEGINNING
    in_force_to: Instant = FOREVER
    enabled: bool = True
    table: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """As it is written in the rulebook."""

    @cached_property
    def answered_by(self) -> frozenset[type[Fact]]:
        """Return the types of what may meet it or excuse from it."""
        return frozenset(pattern.fact for pattern in (*self.met_by, *self.excused_by))

    @cached_property
    def started_by(self) -> frozenset[type[Fact]]:
        """Return the types of what starts its clock, where that is not the trigger."""
        return frozenset(pattern.fact for pattern in self.clock)

    @cached_property
    def stopped_by(self) -> frozenset[type[Fact]]:
        """Return the types of what stops its clock, or lets it run again."""
        runs_on = (pattern.until for pattern in self.paused_by if pattern.until is not None)
        return frozenset([*(pattern.fact for pattern in self.paused_by), *runs_on])

    @cached_property
    def asks_levels(self) -> bool:
        """Return whether a condition asks for a category or a risk that the child ever had."""
        return any(c.at == EVER and c.of != "standing" for c in self.applies_to)

    @property
    def looks_at_others(self) -> bool:
        """Return whether its verdicts may depend on the person's other episodes, whatever links them."""
        return bool(self.starts.episodes) or self.missing_again != STANDS

    def binds(self, authority: str | None, at: Instant) -> bool:
        """Return whether it is in force for an authority's episode at the instant its clock starts."""
        if not self.enabled or not self.in_force_from <= at < self.in_force_to:
            return False
        return authority not in self.except_for and (not self.authorities or authority in self.authorities)

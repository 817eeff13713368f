"""Faults of a rule that can be read: it could never hold, or could not be calculated.

Stricter than reading on purpose. An adopted rulebook must stay readable, so reading never comes to refuse more;
this is asked of a rulebook before it is adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from domain.facts import Phase
from domain.moment import BEGINNING, FOREVER, HOUR, Instant, day, to_datetime
from domain.organisations import BEGAN, is_authority
from domain.rules.allowed_values import allowed, condition_values, fits
from domain.rules.rule import RESPONSIBLE, UNDER_18, Condition, FactPattern, Limit, Rule
from domain.vocabulary import UNKNOWN

_LONGEST: Final = 10 * 366 * 24 * HOUR
_DAY: Final[Instant] = 24 * HOUR
_OLDEST_CHILD: Final = 25
"""Up to this age a care leaver may be looked after by an authority (Children Act 1989, section 23CZB)."""

Fault = tuple[str, str]
"""The member of the rule that is at fault, and a sentence that says why and what would be right."""


def faults(rule: Rule) -> Iterator[Fault]:
    """Everything that is wrong with a rule, in the order of the checks."""
    for check in _CHECKS:
        yield from check(rule)


def _authorities(rule: Rule) -> Iterator[Fault]:
    for code in sorted(rule.authorities):
        if not is_authority(code):
            yield (
                "authorities",
                f"{code} is not an authority's GSS code, such as E08000025: it would bind nobody",
            )
        began = BEGAN.get(code)
        if began is not None and rule.in_force_from < (day(began.isoformat()).earliest or 0):
            yield (
                "authorities" if rule.in_force_from == BEGINNING else "in_force_from",
                f"it begins before {code} exists, which is since {began}: give in_force_from that day or later",
            )


def _limit(rule: Rule) -> Iterator[Fault]:
    limit = rule.limit
    if limit.hours * HOUR > _LONGEST or max(limit.days, limit.working_days) * _DAY > _LONGEST:
        yield "limit", "it is longer than ten years: give hours, days or working_days that are meant"
    elif limit.calendar is not None:
        yield from _calendar(rule, limit)
    starts = rule.starts
    if max(starts.missing_for or 0, starts.within) > _LONGEST:
        yield "starts", "it is longer than ten years: give hours or days that are meant"
    if starts.episodes == 1:
        yield "starts", "one episode is every episode: give two or more, or start on a fact"


def _calendar(rule: Rule, limit: Limit) -> Iterator[Fault]:
    """The calendar must reach every end of a limit that is known beforehand."""
    known = limit.calendar
    assert known is not None
    for member, at in (("in_force_from", rule.in_force_from), ("in_force_to", rule.in_force_to - 1)):
        if BEGINNING < at < FOREVER - 1 and limit.end(at) is None:
            yield (
                member,
                (
                    f"the calendar {known.name} knows the days from {known.first} to {known.last} only, and cannot"
                    f" count {limit.words} from {to_datetime(at).date()}: give a date that it reaches"
                ),
            )


def _conditions(rule: Rule) -> Iterator[Fault]:
    for condition in rule.applies_to:
        if condition.of == "age" and not 0 <= condition.ages[0] <= condition.ages[1] <= _OLDEST_CHILD:
            least, most = condition.ages
            yield (
                "applies_to",
                f"no child is from {least} to {most}: give from and to between 0 and {_OLDEST_CHILD}",
            )
        for value in sorted(condition.values):
            if value in UNKNOWN:
                yield (
                    "applies_to",
                    f"{value} is no value of {condition.of}: what is not known raises the duty by itself",
                )
            elif said := condition_values(condition.of, value):
                yield "applies_to", f"{condition.of} is never {value}: it {said}"
    for one, other in combinations(rule.applies_to, 2):
        if (one.at, one.of) == (other.at, other.of) and one.at != "ever" and _apart(one, other):
            yield (
                "applies_to",
                f"it asks for two values of {one.of} at once, and can never hold: put them in one list",
            )


def _apart(one: Condition, other: Condition) -> bool:
    """Return whether no value fits both."""
    if one.of == UNDER_18:
        return False
    if one.of == "age":
        return max(one.ages[0], other.ages[0]) > min(one.ages[1], other.ages[1])
    return not one.values & other.values


def _patterns(rule: Rule) -> Iterator[Fault]:
    for member, patterns in _of(rule):
        for pattern in patterns:
            for reason in _of_pattern(member, pattern):
                yield member, f"{pattern.fact.NAME} {reason}"


def _of(rule: Rule) -> Iterator[tuple[str, tuple[FactPattern, ...]]]:
    yield "starts", rule.starts.facts
    for member in ("clock", "met_by", "excused_by", "paused_by"):
        yield member, getattr(rule, member)


def _of_pattern(member: str, pattern: FactPattern) -> Iterator[str]:
    """Yield what is wrong with one pattern, after the name of its fact."""
    if pattern.fact.PHASE == Phase.RECORD:
        yield "is about another entry, not about the child: no rule ever sees it"
    for condition in (pattern.where, pattern.unless):
        for name, values in condition.items():
            yield from _of_values(pattern, name, values)
    for name in pattern.where.keys() & pattern.unless.keys():
        if set(pattern.where[name]) <= set(pattern.unless[name]):
            yield f"never counts: every {name} of where is in unless too"
    yield from _misplaced(member, pattern)


def _of_values(pattern: FactPattern, name: str, values: tuple[str, ...]) -> Iterator[str]:
    if not values:
        yield f"has no values for {name}: name those that count"
    for value in values:
        if not fits(pattern.fact, name, value):
            yield f"has no {name} {value}: it takes {allowed(pattern.fact, name)}"


def _misplaced(member: str, pattern: FactPattern) -> Iterator[str]:
    """Yield what a pattern says that has no meaning where it stands."""
    own = pattern.by == RESPONSIBLE or any(RESPONSIBLE in values for values in pattern.where.values())
    if own and member not in {"starts", "clock"}:
        yield f"asks for {RESPONSIBLE}, which is known in starts and clock only"
    if pattern.time == "summary" and member not in {"met_by", "excused_by"}:
        yield 'has time = "summary", which goes with met_by and excused_by only'
    if pattern.after and member not in {"met_by", "excused_by"}:
        yield 'has after = "start", which goes with met_by and excused_by only'
    if pattern.until is not None and member != "paused_by":
        yield "has until, which goes with paused_by only"


_CHECKS: Final[tuple[Callable[[Rule], Iterator[Fault]], ...]] = (_authorities, _limit, _conditions, _patterns)

"""Reading one rule from its TOML table: what is missing, unknown or impossible is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from domain.calendar import calendars
from domain.facts import FACTS, Fact
from domain.facts.kinds import MomentKind
from domain.facts.members import Nested
from domain.moment import BEGINNING, FOREVER, HOUR, Instant, instant
from domain.rule import (
    AT_START,
    AT_TRIGGER,
    EVER,
    MOVES,
    PAUSES,
    RESPONSIBLE,
    ROLES,
    STANDS,
    Condition,
    Limit,
    Pattern,
    Rule,
    Start,
)
from domain.toml_values import RulebookError, Table, only, tables, text, whole_number, words
from domain.vocabulary import STANDINGS

TIMES: Final = ("learned", "summary")
PROFILE: Final = (
    "placement_type", "placement_code", "provider", "urn", "distance", "legal_status", "looked_after", "sex",
    "ethnicity", "child_protection_plan", "unaccompanied", "exploitation_flag", "disability", "care_leaver",
    "team", "case_status",
)  # fmt: skip
"""What is known of the child by profile and setting, and can be asked in a condition or a breakdown."""
AREAS: Final = ("own", "hosted")
_REQUIRED: Final = {"id", "version", "title", "source", "accountable", "starts", "met_by"}
_OPTIONAL: Final = {
    "limit", "applies_to", "clock", "excused_by", "paused_by", "missing_again", "authorities",
    "in_force_from", "in_force_to", "enabled",
}  # fmt: skip


def read_rule(table: object) -> Rule:
    """One rule; raise RulebookError with the rule's id and what is wrong."""
    if not isinstance(table, Mapping):
        raise RulebookError("a rule is a table: begin it with [[rules]]")
    where = f"rule {table.get('id', '?')}"
    only(table, where, _REQUIRED, _OPTIONAL)
    made: dict[str, Any] = {}
    for member, read in _READERS.items():
        try:
            made[member] = read(table, member, where)
        except RulebookError as error:
            raise RulebookError(str(error), member) from None
    rule = Rule(**made, table=table)
    _check(rule, where)
    return rule


def _whole(table: Table, name: str, where: str) -> int:
    return whole_number(table[name], where, name)


def _accountable(table: Table, name: str, where: str) -> str:
    if table[name] not in ROLES:
        raise RulebookError(f"{where}: accountable is one of {', '.join(ROLES)}")
    return str(table[name])


def _missing_again(table: Table, name: str, where: str) -> str:
    value = table.get(name, STANDS)
    if value not in (STANDS, PAUSES, MOVES):
        raise RulebookError(f"{where}: missing_again is one of {STANDS}, {PAUSES}, {MOVES}")
    return str(value)


def _authorities(table: Table, name: str, where: str) -> frozenset[str]:
    return frozenset(words(table.get(name, []), f"{where}: {name}"))


def _enabled(table: Table, name: str, where: str) -> bool:
    value = table.get(name, True)
    if not isinstance(value, bool):
        raise RulebookError(f"{where}: enabled is true or false, without quotes")
    return value


def _check(rule: Rule, where: str) -> None:
    if rule.in_force_to <= rule.in_force_from:
        raise RulebookError(f"{where}: in_force_to is not after in_force_from", "in_force_to")
    if not rule.met_by:
        raise RulebookError(f"{where}: nothing meets it (met_by)", "met_by")
    if satisfied := {p.fact.NAME for p in rule.starts.facts if p in rule.met_by}:
        raise RulebookError(
            f"{where}: is met by what starts it, so it can never be open: {', '.join(satisfied)}", "met_by"
        )


def _starts(table: Table, name: str, where: str) -> Start:
    value = table[name]
    if isinstance(value, list) and value:
        return Start(facts=_patterns(table, name, where))
    if isinstance(value, dict) and set(value) == {"missing_for_hours"}:
        hours = whole_number(value["missing_for_hours"], f"{where}, starts", "hours")
        return Start(missing_for=hours * HOUR)
    if isinstance(value, dict) and set(value) == {"episodes", "within_days"}:
        count = whole_number(value["episodes"], f"{where}, starts", "episodes")
        days = whole_number(value["within_days"], f"{where}, starts", "days")
        return Start(episodes=count, within=days * 24 * HOUR)
    raise RulebookError(
        f"{where}: starts is a list of facts, or {{ missing_for_hours = N }}, or {{ episodes = N, within_days = D }}"
    )


def _limit(rule: Table, name: str, where: str) -> Limit:
    table = rule.get(name, {})
    only(table, f"{where}, limit", set(), {"hours", "days", "working_days", "calendar"})
    units = [name for name in ("hours", "days", "working_days") if name in table]
    if len(units) > 1:
        raise RulebookError(f"{where}, limit: give one of hours, days and working_days")
    if ("calendar" in table) != (units == ["working_days"]):
        raise RulebookError(f"{where}, limit: working_days go with the name of a calendar, and only they")
    calendar = calendars().get(str(table.get("calendar")))
    if "calendar" in table and calendar is None:
        raise RulebookError(f"{where}, limit: calendar is one of {', '.join(calendars())}")
    return Limit(
        **{name: whole_number(table[name], f"{where}, limit", name) for name in units}, calendar=calendar
    )


def _conditions(rule: Table, name: str, where: str) -> tuple[Condition, ...]:
    return tuple(
        _condition(table, f"{where}, {name}") for table in tables(rule.get(name, []), f"{where}: {name}")
    )


def _condition(table: Table, where: str) -> Condition:
    of = sorted(set(table) - {"at"})
    if table.get("at") not in (EVER, AT_START, AT_TRIGGER) or len(of) != 1:
        raise RulebookError(
            f'{where}: a condition names its moment (at = "ever", "start" or "trigger") and one thing'
        )
    at, name, value = table["at"], of[0], table[of[0]]
    if name == "age":
        return Condition(at, name, ages=_ages(value, f"{where}, age"))
    known = {"standing": STANDINGS, "area": AREAS}.get(name)
    if name not in {"standing", "area", "category", "risk_level", *PROFILE}:
        raise RulebookError(f"{where}: {name} is not something that a condition can ask")
    if not words(value, f"{where}: {name}") or (known and not set(value) <= set(known)):
        raise RulebookError(f"{where}: {name} takes a list" + (f" of {', '.join(known)}" if known else ""))
    if (name == "standing") != (at == EVER) and name == "standing":
        raise RulebookError(f'{where}: standing is asked with at = "ever"')
    if at == EVER and name not in {"standing", "category", "risk_level"}:
        raise RulebookError(f"{where}: {name} is asked at the start or at the trigger")
    return Condition(at, name, frozenset(value))


def _ages(table: object, where: str) -> tuple[int, int]:
    only(table, where, {"from", "to"})
    ages = [table[end] for end in ("from", "to")]  # type: ignore[index]  # it is a table, and has both
    if not all(isinstance(age, int) and not isinstance(age, bool) for age in ages):
        raise RulebookError(f"{where}: from and to are whole years")
    return ages[0], ages[1]


def _patterns(rule: Table, name: str, where: str) -> tuple[Pattern, ...]:
    return tuple(
        _pattern(table, f"{where}, {name}") for table in tables(rule.get(name, []), f"{where}: {name}")
    )


def _pattern(table: Table, where: str) -> Pattern:
    only(table, where, {"fact"}, {"where", "unless", "by", "time", "until", "after"})
    fact = _fact(table["fact"], where)
    conditions = {key: _values(table.get(key, {}), fact, where) for key in ("where", "unless")}
    times = (*TIMES, *(m.attribute for m in fact.MEMBERS if isinstance(m.kind, MomentKind)))
    if table.get("by", RESPONSIBLE) != RESPONSIBLE:
        raise RulebookError(f'{where}: by is "{RESPONSIBLE}"')
    if table.get("time", "happened") not in times:
        raise RulebookError(f"{where}: time is one of {', '.join(times)}")
    if table.get("after", "start") != "start":
        raise RulebookError(f'{where}: after is "start"')
    return Pattern(
        fact=fact,
        where=conditions["where"],
        unless=conditions["unless"],
        by=table.get("by"),
        time=table.get("time", "happened"),
        until=_fact(table["until"], where) if "until" in table else None,
        after="after" in table,
    )


def _fact(name: object, where: str) -> type[Fact]:
    fact = FACTS.get(str(name))
    if fact is None:
        raise RulebookError(f"{where}: there is no fact called {name}")
    return fact


def _values(table: object, fact: type[Fact], where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, Mapping):
        raise RulebookError(f"{where}: where and unless are tables of members and their values")
    names = {
        name for m in fact.MEMBERS for name in
        ([f"{m.attribute}.{n.attribute}" for n in m.kind.members] if isinstance(m.kind, Nested) else [m.attribute])
    } | {name for name, value in vars(fact).items() if isinstance(value, property)}  # fmt: skip
    if unknown := table.keys() - names:
        raise RulebookError(f"{where}: {fact.NAME} has no member {', '.join(sorted(unknown))}")
    return {name: words(values, f"{where}: {name}") for name, values in table.items()}


def _from(table: Table, name: str, where: str) -> Instant:
    return _instant(table, name, BEGINNING, where)


def _to(table: Table, name: str, where: str) -> Instant:
    return _instant(table, name, FOREVER, where)


def _instant(table: Table, name: str, otherwise: Instant, where: str) -> Instant:
    value = table.get(name)
    if value is None:
        return otherwise
    try:  # TOML has times of its own; both forms are taken
        return instant(value.isoformat() if isinstance(value, datetime) else value)
    except ValueError as error:
        raise RulebookError(f"{where}: {name} {error}") from None


_READERS: Final[Mapping[str, Callable[[Table, str, str], Any]]] = {
    "id": text,
    "version": _whole,
    "title": text,
    "source": text,
    "accountable": _accountable,
    "starts": _starts,
    "limit": _limit,
    "met_by": _patterns,
    "applies_to": _conditions,
    "clock": _patterns,
    "excused_by": _patterns,
    "paused_by": _patterns,
    "missing_again": _missing_again,
    "authorities": _authorities,
    "in_force_from": _from,
    "in_force_to": _to,
    "enabled": _enabled,
}
"""How each member of a rule's table is read; the members are called as those of Rule."""

"""Reading one rule from its TOML table: what is missing, unknown or impossible is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from domain.moment import BEGINNING, FOREVER, HOUR, Instant, instant
from domain.rules.condition_parser import read_conditions, read_patterns
from domain.rules.rule import MOVES, PAUSES, ROLES, STANDS, Limit, Rule, RuleStart
from domain.rules.toml_reader import RulebookError, Table, only, text, whole_number, words
from domain.rules.working_days import calendars

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


def _starts(table: Table, name: str, where: str) -> RuleStart:
    value = table[name]
    if isinstance(value, list) and value:
        return RuleStart(facts=read_patterns(table, name, where))
    if isinstance(value, dict) and set(value) == {"missing_for_hours"}:
        hours = whole_number(value["missing_for_hours"], f"{where}, starts", "hours")
        return RuleStart(missing_for=hours * HOUR)
    if isinstance(value, dict) and set(value) == {"episodes", "within_days"}:
        count = whole_number(value["episodes"], f"{where}, starts", "episodes")
        days = whole_number(value["within_days"], f"{where}, starts", "days")
        return RuleStart(episodes=count, within=days * 24 * HOUR)
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
    "met_by": read_patterns,
    "applies_to": read_conditions,
    "clock": read_patterns,
    "excused_by": read_patterns,
    "paused_by": read_patterns,
    "missing_again": _missing_again,
    "authorities": _authorities,
    "in_force_from": _from,
    "in_force_to": _to,
    "enabled": _enabled,
}
"""How each member of a rule's table is read; the members are called as those of Rule."""

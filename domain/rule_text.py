"""Reading one rule from its TOML table: what is missing, unknown or impossible is refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.calendar import Calendar, calendars
from domain.facts import FACTS, Fact
from domain.facts.kinds import MomentKind
from domain.facts.members import Nested
from domain.moment import BEGINNING, FOREVER, HOUR, LONDON, Instant, instant, to_datetime
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
from domain.vocabulary import STANDINGS

Table = Mapping[str, Any]
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


class RulebookError(ValueError):
    """A rulebook that cannot be used: says where, which rule, and what would be right."""


def read_rule(table: Table) -> Rule:
    """One rule; raise RulebookError with the rule's id and what is wrong."""
    where = f"rule {table.get('id', '?')}"
    only(table, where, _REQUIRED, _OPTIONAL)
    if not str(table["source"]).strip():
        raise RulebookError(f"{where}: a rule needs its source")
    if table["accountable"] not in ROLES:
        raise RulebookError(f"{where}: accountable is one of {', '.join(ROLES)}")
    rule = Rule(
        id=table["id"],
        version=whole_number(table["version"], where, "version"),
        title=table["title"],
        source=table["source"],
        accountable=table["accountable"],
        starts=_starts(table["starts"], where),
        limit=_limit(table.get("limit", {}), where),
        met_by=_patterns(table, "met_by", where),
        applies_to=tuple(_condition(c, where) for c in table.get("applies_to", ())),
        clock=_patterns(table, "clock", where),
        excused_by=_patterns(table, "excused_by", where),
        paused_by=_patterns(table, "paused_by", where),
        missing_again=table.get("missing_again", STANDS),
        authorities=frozenset(table.get("authorities", ())),
        in_force_from=_instant(table, "in_force_from", BEGINNING, where),
        in_force_to=_instant(table, "in_force_to", FOREVER, where),
        enabled=table.get("enabled", True),
    )
    _check(rule, where)
    return rule


def _check(rule: Rule, where: str) -> None:
    if rule.missing_again not in {STANDS, PAUSES, MOVES}:
        raise RulebookError(f"{where}: missing_again is one of {STANDS}, {PAUSES}, {MOVES}")
    if rule.in_force_to <= rule.in_force_from:
        raise RulebookError(f"{where}: in_force_to is not after in_force_from")
    if not rule.met_by:
        raise RulebookError(f"{where}: nothing meets it (met_by)")
    if satisfied := {p.fact.NAME for p in rule.starts.facts if p in rule.met_by}:
        raise RulebookError(
            f"{where}: is met by what starts it, so it can never be open: {', '.join(satisfied)}"
        )
    calendar = rule.limit.calendar
    if calendar is not None and rule.in_force_from > BEGINNING and not _reaches(calendar, rule.in_force_from):
        raise RulebookError(
            f"{where}: the calendar {calendar.name} knows the days from {calendar.first} to {calendar.last} only"
        )


def _reaches(calendar: Calendar, at: Instant) -> bool:
    day: date = to_datetime(at).astimezone(LONDON).date()
    return calendar.first <= day <= calendar.last


def _starts(value: object, where: str) -> Start:
    if isinstance(value, list) and value:
        return Start(facts=tuple(_pattern(p, f"{where}, starts") for p in value))
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


def _limit(table: Table, where: str) -> Limit:
    only(table, f"{where}, limit", set(), {"hours", "days", "working_days", "calendar"})
    units = [name for name in ("hours", "days", "working_days") if name in table]
    if len(units) > 1:
        raise RulebookError(f"{where}, limit: give one of hours, days and working_days")
    if ("calendar" in table) != (units == ["working_days"]):
        raise RulebookError(f"{where}, limit: working_days go with the name of a calendar, and only they")
    calendar = calendars().get(table.get("calendar", ""))
    if "calendar" in table and calendar is None:
        raise RulebookError(f"{where}, limit: calendar is one of {', '.join(calendars())}")
    return Limit(
        **{name: whole_number(table[name], f"{where}, limit", name) for name in units}, calendar=calendar
    )


def _condition(table: Table, where: str) -> Condition:
    where = f"{where}, applies_to"
    of = sorted(set(table) - {"at"})
    if table.get("at") not in {EVER, AT_START, AT_TRIGGER} or len(of) != 1:
        raise RulebookError(
            f'{where}: a condition names its moment (at = "ever", "start" or "trigger") and one thing'
        )
    at, name, value = table["at"], of[0], table[of[0]]
    if name == "age":
        only(value, f"{where}, age", {"from", "to"})
        return Condition(at, name, ages=(int(value["from"]), int(value["to"])))
    known = {"standing": STANDINGS, "area": AREAS}.get(name)
    if name not in {"standing", "area", "category", "risk_level", *PROFILE}:
        raise RulebookError(f"{where}: {name} is not something that a condition can ask")
    if not isinstance(value, list) or not value or (known and not set(value) <= set(known)):
        raise RulebookError(f"{where}: {name} takes a list" + (f" of {', '.join(known)}" if known else ""))
    if (name == "standing") != (at == EVER) and name == "standing":
        raise RulebookError(f'{where}: standing is asked with at = "ever"')
    if at == EVER and name not in {"standing", "category", "risk_level"}:
        raise RulebookError(f"{where}: {name} is asked at the start or at the trigger")
    return Condition(at, name, frozenset(map(str, value)))


def _patterns(rule: Table, name: str, where: str) -> tuple[Pattern, ...]:
    return tuple(_pattern(table, f"{where}, {name}") for table in rule.get(name, ()))


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


def _fact(name: str, where: str) -> type[Fact]:
    fact = FACTS.get(name)
    if fact is None:
        raise RulebookError(f"{where}: there is no fact called {name}")
    return fact


def _values(table: Table, fact: type[Fact], where: str) -> dict[str, tuple[str, ...]]:
    names = {
        name for m in fact.MEMBERS for name in
        ([f"{m.attribute}.{n.attribute}" for n in m.kind.members] if isinstance(m.kind, Nested) else [m.attribute])
    } | {name for name, value in vars(fact).items() if isinstance(value, property)}  # fmt: skip
    if unknown := table.keys() - names:
        raise RulebookError(f"{where}: {fact.NAME} has no member {', '.join(sorted(unknown))}")
    return {name: tuple(values) for name, values in table.items()}


def _instant(table: Table, name: str, otherwise: Instant, where: str) -> Instant:
    try:
        return instant(table[name]) if name in table else otherwise
    except ValueError as error:
        raise RulebookError(f"{where}: {name} {error}") from None


def whole_number(value: object, where: str, of: str) -> int:
    """A whole number above none, or RulebookError."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise RulebookError(f"{where}: {of} must be a whole number, more than none")
    return value


def only(table: object, where: str, required: set[str], optional: Sequence[str] | set[str] = ()) -> None:
    """Refuse a table that lacks a name or has one that is not known."""
    if not isinstance(table, Mapping):
        raise RulebookError(f"{where}: must be a table")
    if missing := required - table.keys():
        raise RulebookError(f"{where}: {', '.join(sorted(missing))} is missing")
    if unknown := table.keys() - required - set(optional):
        raise RulebookError(f"{where}: {', '.join(sorted(unknown))} is not known")

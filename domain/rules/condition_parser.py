"""Reading the conditions of a rule and its patterns of facts from their TOML tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.facts import FACTS, Fact
from domain.facts.members import Nested
from domain.facts.value_kinds import MomentKind
from domain.rules.rule import AT_START, AT_TRIGGER, EVER, RESPONSIBLE, UNDER_18, Condition, FactPattern
from domain.rules.toml_reader import RulebookError, Table, only, tables, words
from domain.vocabulary import STANDINGS

TIMES: Final = ("learned", "summary")
PROFILE: Final = (
    "placement_type", "placement_code", "provider", "urn", "distance", "legal_status", "looked_after", "sex",
    "ethnicity", "child_protection_plan", "unaccompanied", "exploitation_flag", "disability", "care_leaver",
    "team", "case_status",
)  # fmt: skip
"""The properties known of the child by profile and setting, and can be asked in a condition or a breakdown."""
AREAS: Final = ("own", "hosted")


def read_conditions(rule: Table, name: str, where: str) -> tuple[Condition, ...]:
    """Return the conditions under a name of a rule; RulebookError when one is invalid."""
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
    if name in {"age", UNDER_18}:
        return _of_age(at, name, value, where)
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


def _of_age(at: str, name: str, value: object, where: str) -> Condition:
    if name == "age":
        return Condition(at, name, ages=_ages(value, f"{where}, age"))
    if value is not True or at == EVER:
        raise RulebookError(f"{where}: {UNDER_18} is true, and asked at the start or at the trigger")
    return Condition(at, name)


def _ages(table: object, where: str) -> tuple[int, int]:
    only(table, where, {"from", "to"})
    ages = [table[end] for end in ("from", "to")]  # type: ignore[index]  # it is a table, and has both
    if not all(isinstance(age, int) and not isinstance(age, bool) for age in ages):
        raise RulebookError(f"{where}: from and to are whole years")
    return ages[0], ages[1]


def read_patterns(rule: Table, name: str, where: str) -> tuple[FactPattern, ...]:
    """Return the patterns of facts under a name of a rule; RulebookError when one is invalid."""
    return tuple(
        _pattern(table, f"{where}, {name}") for table in tables(rule.get(name, []), f"{where}: {name}")
    )


def _pattern(table: Table, where: str) -> FactPattern:
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
    return FactPattern(
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

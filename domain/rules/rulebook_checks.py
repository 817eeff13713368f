"""Checking a rulebook before it is adopted: all that is wrong with it, each with its line and what would be right.

What passes can be adopted, and tried in a what-if.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from domain.rules.rule import Rule
from domain.rules.rule_checks import faults
from domain.rules.rule_parser import read_rule
from domain.rules.rulebook import ENDS_AGREE, Rulebook, bases, cached, clash, read_ends_agree, read_table
from domain.rules.toml_line_numbers import Lines
from domain.rules.toml_reader import RulebookError, Table, whole_number

_NAME: Final = re.compile(r"[A-Za-z0-9._~-]{1,64}", re.ASCII)
_AT_LINE: Final = re.compile(r"at line (\d+)")
_MOST_RULES: Final = 500
_HEAD: Final = ("id", "version", "extends")
_NUMBERS: Final[dict[str, Callable[[Table], int]]] = {
    "lateness_hours": lambda table: whole_number(table["lateness_hours"], "the rulebook", "lateness_hours"),
    ENDS_AGREE: read_ends_agree,
}


class RulebookFault(NamedTuple):
    """One thing that is wrong: on which line of the text, from 1, and why."""

    line: int
    reason: str


def check(text: str, find: Callable[[str], str | None]) -> list[RulebookFault]:
    """Return what is wrong with a rulebook, in the order of its lines; nothing when it can be adopted.

    `find` gives the text of the rulebook with an id, for one that is extended; None when there is none.
    """
    lines = Lines(text)
    try:
        table = read_table(text)
    except RulebookError as error:
        at = _AT_LINE.search(str(error))
        return [RulebookFault(int(at[1]) if at else lines.of(error.member), str(error))]
    return sorted({*_head(table, lines), *_rules(table["rules"], lines)}) or _extending(text, lines, find)


def _extending(text: str, lines: Lines, find: Callable[[str], str | None]) -> list[RulebookFault]:
    """Return what is wrong between a rulebook and those that it extends, where it is good by itself."""
    try:
        extended = bases(text, find)
    except RulebookError as error:
        return [RulebookFault(lines.of("extends"), str(error))]
    if not extended:
        return []
    book, base = cached(text), cached(*extended)
    there = {(rule.id, rule.version) for rule in base.rules}
    return [
        RulebookFault(lines.of_rule(number, "version"), _taken(rule, base))
        for number, rule in enumerate(book.rules)
        if (rule.id, rule.version) in there
    ]


def _taken(rule: Rule, base: Rulebook) -> str:
    following = 1 + max(other.version for other in base.rules if other.id == rule.id)
    return (
        f"rule {rule.id}: {base.id} has a version {rule.version} of it, and a verdict could not say which it was:"
        f" give this one version {following}"
    )


def _head(table: Table, lines: Lines) -> Iterator[RulebookFault]:
    for name in _HEAD:
        if name in table and not _NAME.fullmatch(str(table[name])):
            reason = f"{name} is letters, digits and . _ ~ -, at most 64, such as 2026.1, so that it can be asked for"
            yield RulebookFault(lines.of(name), reason)
    for name, read in _NUMBERS.items():
        try:
            read(table)
        except RulebookError as error:
            yield RulebookFault(lines.of(name), str(error))
    if not table["rules"]:
        yield RulebookFault(lines.of("rules"), "there is no rule in it: a rulebook has at least one")
    if len(table["rules"]) > _MOST_RULES:
        yield RulebookFault(lines.of("rules"), f"a rulebook has at most {_MOST_RULES} rules")


def _rules(tables: Sequence[object], lines: Lines) -> Iterator[RulebookFault]:
    read: list[tuple[int, Rule]] = []
    for number, table in enumerate(tables[:_MOST_RULES]):
        try:
            rule = read_rule(table)
        except RulebookError as error:
            yield RulebookFault(lines.of_rule(number, error.member), str(error))
            continue
        read.append((number, rule))
        if not _NAME.fullmatch(rule.id):
            reason = "an id is letters, digits and . _ ~ -, at most 64"
            yield RulebookFault(lines.of_rule(number, "id"), f"rule {rule.id}: {reason}")
        for member, reason in faults(rule):
            yield RulebookFault(lines.of_rule(number, member), f"rule {rule.id}, {member}: {reason}")
    for (_, one), (number, other) in combinations(read, 2):
        if clashing := clash(one, other):
            yield RulebookFault(lines.of_rule(number), clashing)

"""Rulebook: rules with an id and a version, read from TOML text and checked (assessment.md 3)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations

from domain.moment import HOUR, Instant
from domain.rule import Rule
from domain.rule_text import RulebookError, only, read_rule, whole_number

__all__ = ["Rulebook", "RulebookError", "cached", "composed", "england", "parse"]

_RULE_ID = re.compile(r'^\s*id\s*=\s*"(?P<id>[^"]*)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules with an id and a version; adopted in the ledger as its whole text."""

    id: str
    version: str
    title: str
    lateness: Instant
    """An event recorded later than this after it happened is flagged `recorded_late`."""
    rules: tuple[Rule, ...]
    text: str
    extends: str | None = None
    """The id of the rulebook whose rules also hold, unless one here has the same id."""

    def rule(self, id_: str, version: int) -> Rule:
        """The rule of that id and version; KeyError when there is none."""
        found = next((r for r in self.rules if (r.id, r.version) == (id_, version)), None)
        if found is None:
            raise KeyError(id_)
        return found

    @property
    def window(self) -> Instant:
        """How far back a rule may look at a person's other episodes: the longest of its windows."""
        return max((rule.starts.within for rule in self.rules), default=0)


def parse(text: str) -> Rulebook:
    """Read a rulebook; raise RulebookError with the line, the rule and the reason when it cannot be used."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"not TOML: {error}") from None
    only(table, "the rulebook", {"id", "version", "title", "lateness_hours", "rules"}, {"extends"})
    rules = []
    for rule in table["rules"]:
        try:
            rules.append(read_rule(rule))
        except RulebookError as error:
            raise RulebookError(f"{_line_of(text, rule)}{error}") from None
    _check_versions(rules)
    lateness = whole_number(table["lateness_hours"], "lateness_hours", "hours") * HOUR
    version, extends = str(table["version"]), table.get("extends")
    return Rulebook(table["id"], version, table["title"], lateness, tuple(rules), text, extends)


def _line_of(text: str, rule: object) -> str:
    id_ = rule.get("id") if isinstance(rule, dict) else None
    for found in _RULE_ID.finditer(text):
        if found["id"] == id_:
            return f"line {text.count(chr(10), 0, found.start('id')) + 1}: "
    return ""


def _check_versions(rules: Sequence[Rule]) -> None:
    """No two versions of one rule in force at once, for the same authorities."""
    for one, other in combinations(rules, 2):
        if one.id != other.id:
            continue
        if one.version == other.version:
            raise RulebookError(f"rule {one.id}: version {one.version} is there twice")
        apart = one.authorities and other.authorities and not one.authorities & other.authorities
        if not apart and max(one.in_force_from, other.in_force_from) < min(
            one.in_force_to, other.in_force_to
        ):
            raise RulebookError(
                f"rule {one.id}: versions {one.version} and {other.version} are in force at the same time;"
                " end one before the other begins (in_force_to)"
            )


def composed(book: Rulebook, base: Rulebook) -> Rulebook:
    """A rulebook with the rules of the one that it extends; its own override those of the same id."""
    own: dict[str, frozenset[str]] = {}
    for rule in book.rules:
        own[rule.id] = own.get(rule.id, frozenset()) | (rule.authorities or {"*"})
    kept = [
        rule if rule.id not in own else replace(rule, except_for=rule.except_for | own[rule.id])
        for rule in base.rules
        if "*" not in own.get(rule.id, ())
    ]
    return replace(book, rules=(*kept, *book.rules))


@lru_cache(maxsize=8)
def cached(text: str, base: str | None = None) -> Rulebook:
    """The rulebook of a text, composed with that of another, remembered: a ledger is judged by few."""
    book = parse(text)
    return book if base is None else composed(book, cached(base))


@cache
def england() -> Rulebook:
    """The rulebook that comes with the ledger and is adopted when one is founded."""
    return cached(resources.files("domain.rulebooks").joinpath("england.toml").read_text("utf-8"))

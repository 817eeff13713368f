"""Rulebook: rules with an id and a version, read from TOML text and checked (assessment.md 3)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import combinations, pairwise
from typing import Final

from domain.facts import Fact
from domain.moment import HOUR, MINUTE, Instant
from domain.rules.rule import Rule, RuleStart
from domain.rules.rule_parser import read_rule
from domain.rules.toml_line_numbers import Lines
from domain.rules.toml_reader import RulebookError, Table, only, whole_number
from domain.rules.toml_reader import text as text_of

ENDS_AGREE: Final = "ends_agree_minutes"
MOST_MINUTES: Final = 24 * 60

__all__ = ["Rulebook", "RulebookError", "bases", "cached", "composed", "england", "parse", "shipped"]


@dataclass(frozen=True)
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
    ends_agree: Instant = 0
    """Ends of an episode that lie within this of one another agree; 0: only ends whose moments overlap do."""

    def rule(self, id_: str, version: int) -> Rule:
        """The rule of that id and version; KeyError when there is none."""
        return self._by_version[id_, version]

    @cached_property
    def _by_version(self) -> dict[tuple[str, int], Rule]:
        return {(rule.id, rule.version): rule for rule in reversed(self.rules)}

    @cached_property
    def by_start(self) -> tuple[tuple[RuleStart, tuple[int, ...]], ...]:
        """The rules that can start, by what starts them: what that is, and the numbers of those among the rules."""
        starts = [rule.starts for rule in self.rules if rule.enabled]
        return tuple(
            (of, tuple(n for n, rule in enumerate(self.rules) if rule.enabled and rule.starts == of))
            for number, of in enumerate(starts)
            if of not in starts[:number]
        )

    @cached_property
    def facts(self) -> frozenset[type[Fact]]:
        """The types of all facts that any of its rules names."""
        patterns = (
            pattern
            for rule in self.rules
            for pattern in (*rule.starts.facts, *rule.met_by, *rule.excused_by, *rule.clock, *rule.paused_by)
        )
        return frozenset(cls for p in patterns for cls in (p.fact, p.until) if cls is not None)

    @property
    def looks_at_others(self) -> bool:
        """Return whether a verdict on an episode may depend on the person's other episodes, whatever links them."""
        return any(rule.enabled and rule.looks_at_others for rule in self.rules)


def parse(text: str) -> Rulebook:
    """Read a rulebook; raise RulebookError with the line, the rule and the reason when it cannot be used."""
    table, lines, rules = read_table(text), Lines(text), []
    for number, rule in enumerate(table["rules"]):
        try:
            rules.append(read_rule(rule))
        except RulebookError as error:
            raise RulebookError(
                f"line {lines.of_rule(number, error.member)}: {error}", error.member
            ) from None
    for (_, one), (number, other) in combinations(enumerate(rules), 2):
        if reason := clash(one, other):
            raise RulebookError(f"line {lines.of_rule(number)}: {reason}")
    lateness = whole_number(table["lateness_hours"], "lateness_hours", "hours") * HOUR
    version, extends = str(table["version"]), table.get("extends")
    minutes = read_ends_agree(table) * MINUTE
    return Rulebook(table["id"], version, table["title"], lateness, tuple(rules), text, extends, minutes)


def read_ends_agree(table: Table) -> int:
    """Return the minutes within which ends agree; 0 where the rulebook does not say, as none did before 2026.3."""
    if ENDS_AGREE not in table:
        return 0
    minutes = whole_number(table[ENDS_AGREE], "the rulebook", ENDS_AGREE)
    if minutes > MOST_MINUTES:
        raise RulebookError(
            f"the rulebook: {ENDS_AGREE} must be at most {MOST_MINUTES}, which is a day", ENDS_AGREE
        )
    return minutes


def read_table(text: str) -> Table:
    """The rulebook as a table, its rules not yet read; RulebookError when it is none."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulebookError(f"not TOML: {error}") from None
    only(
        table, "the rulebook", {"id", "version", "title", "lateness_hours", "rules"}, {"extends", ENDS_AGREE}
    )
    for name in {"id", "title", "extends"} & table.keys():
        text_of(table, name, "the rulebook")
    if not isinstance(table["rules"], list):
        raise RulebookError("the rulebook: rules are a list of tables, each begun with [[rules]]", "rules")
    return table


def clash(one: Rule, other: Rule) -> str | None:
    """Why two rules of one rulebook cannot both be: versions of one rule in force at once, for the same authorities."""
    if one.id != other.id:
        return None
    if one.version == other.version:
        return f"rule {one.id}: version {one.version} is there twice"
    apart = one.authorities and other.authorities and not one.authorities & other.authorities
    if apart or max(one.in_force_from, other.in_force_from) >= min(one.in_force_to, other.in_force_to):
        return None
    return (
        f"rule {one.id}: versions {one.version} and {other.version} are in force at the same time;"
        " end one before the other begins (in_force_to)"
    )


def bases(text: str, find: Callable[[str], str | None]) -> tuple[str, ...]:
    """The texts of the rulebooks that one extends, the nearest first; RulebookError for a circle, or one not found.

    `find` gives the text of the rulebook with an id, None when there is none.
    """
    book, found = parse(text), list[str]()
    chain = [book.id]
    while book.extends is not None:
        chain.append(book.extends)
        if book.extends in chain[:-1]:
            circle = " extends ".join(chain)
            raise RulebookError(f"extends goes round in a circle: {circle}; end it at one of them", "extends")
        base = find(book.extends)
        if base is None:
            raise RulebookError(f"extends: there is no rulebook called {book.extends}", "extends")
        found.append(base)
        book = parse(base)
    return tuple(found)


def composed(book: Rulebook, base: Rulebook) -> Rulebook:
    """A rulebook with the rules of the one that it extends; its own stand in place of those of the same id."""
    kept = (rest for rule in base.rules for rest in _beside(rule, [o for o in book.rules if o.id == rule.id]))
    return replace(book, rules=(*kept, *book.rules), ends_agree=book.ends_agree or base.ends_agree)


def _beside(rule: Rule, own: Sequence[Rule]) -> Iterator[Rule]:
    """Yield what is left of a rule that others replace: when they are not in force, and for whom they are not."""
    ends = {end for o in own for end in (o.in_force_from, o.in_force_to)}
    edges = {
        rule.in_force_from,
        rule.in_force_to,
        *(e for e in ends if rule.in_force_from < e < rule.in_force_to),
    }
    for begin, end in pairwise(sorted(edges)):
        instead = [o for o in own if o.in_force_from <= begin < o.in_force_to]
        if all(o.authorities for o in instead):
            others = rule.except_for.union(*(o.authorities for o in instead))
            yield replace(rule, in_force_from=begin, in_force_to=end, except_for=others)


@lru_cache(maxsize=8)
def cached(text: str, *extended: str) -> Rulebook:
    """The rulebook of a text, with those that it extends, the nearest first; remembered, for a ledger has few."""
    book = parse(text)
    return composed(book, cached(*extended)) if extended else book


@cache
def england() -> Rulebook:
    """The rulebook that comes with the ledger and is adopted when one is founded."""
    return cached(shipped()["england"])


@cache
def shipped() -> dict[str, str]:
    """The texts of the rulebooks that come with the ledger, by id."""
    folder = resources.files("domain.rulebooks")
    return {id_: folder.joinpath(f"{id_}.toml").read_text("utf-8") for id_ in ("england", "example-local")}

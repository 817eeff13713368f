"""Values of a rulebook's tables, read strictly: what is not of its form is refused with what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Table = Mapping[str, Any]


class RulebookError(ValueError):
    """A rulebook that cannot be used: says where, which rule, and what would be right."""

    def __init__(self, reason: str, member: str | None = None) -> None:
        """Say why, and which member of the rule (or of the rulebook) is at fault, if it is one."""
        super().__init__(reason)
        self.member = member


def text(table: Table, name: str, where: str) -> str:
    """Text that says something, or RulebookError."""
    value = table[name]
    if not isinstance(value, str):
        raise RulebookError(f"{where}: {name} must be text, in quotes")
    if not value.strip():
        raise RulebookError(
            f"{where}: {'a rule needs its source' if name == 'source' else f'{name} is empty'}"
        )
    return value


def words(value: object, what: str) -> tuple[str, ...]:
    """A list of words, or RulebookError."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise RulebookError(f'{what} takes a list of words, such as ["a", "b"]')
    return tuple(value)


def tables(value: object, what: str) -> list[Table]:
    """A list of tables, or RulebookError."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise RulebookError(f"{what} is a list of tables, each in braces")
    return value


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
        raise RulebookError(f"{where}: {', '.join(sorted(unknown))} is not known", min(unknown))

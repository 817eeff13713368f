"""On which lines of a rulebook's text its rules and their members stand: the standard reader of TOML keeps none.

A scan for headers and names at the beginning of lines. It sees the text as people write rulebooks; what it does
not find it gives the nearest line for, and it decides nothing.
"""

from __future__ import annotations

import re
from typing import Final

_RULE: Final = re.compile(r"\s*\[\[\s*rules\s*\]\]")
_PART: Final = re.compile(r"\s*\[\[?\s*rules\s*\.\s*([A-Za-z0-9_-]+)")
_NAME: Final = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[.=]")


class Lines:
    """The lines of one text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._head: dict[str, int] = {}
        self._rules: list[dict[str, int]] = []
        found, within = self._head, True
        for number, line in enumerate(text.splitlines(), 1):
            if _RULE.match(line):
                found, within = {"": number}, True
                self._rules.append(found)
            elif part := _PART.match(line):
                found.setdefault(part[1], number)
                within = False
            elif within and (name := _NAME.match(line)):
                found.setdefault(name[1], number)

    def of(self, member: str | None) -> int:
        """Return the line of a member of the rulebook itself; the first line for what is not there."""
        return self._head.get(member or "", 1)

    def of_rule(self, number: int, member: str | None = None) -> int:
        """Return the line of a member of the rule with this number, from 0; of its header for what is not there."""
        if number >= len(self._rules):
            return self.of("rules")
        rule = self._rules[number]
        return rule.get(member or "", rule[""])

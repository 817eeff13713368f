"""Until when an interview is to be held, for the figures that ask whether it was: a limit of the rulebook.

Figures compare authorities, so the limit is that of the rule for everyone. An authority's own rule of the same id
judges its duties, and shows in their verdicts.
"""

from __future__ import annotations

from typing import Final

from domain.measures.criteria import Interval
from domain.moment import BEGINNING, FOREVER, Instant
from domain.rules.rule import Limit
from domain.rules.rulebook import Rulebook

HELD: Final = "return-interview-held"
"""The rule whose limit it is."""


def interview_due(book: Rulebook, ended: Interval) -> Interval | None:
    """The last instant in time after an end, at the earliest and at the latest; None without a limit."""
    limit = _in_force(book, ended[0])
    due = [None if limit is None else _end(limit, at) for at in ended]
    return None if due[0] is None or due[1] is None else (due[0], due[1])


def limit_words(book: Rulebook) -> str:
    """The limit as a definition says it; where it changed in time, each of them."""
    everyone = [rule for rule in book.rules if rule.id == HELD and rule.enabled and not rule.authorities]
    said = dict.fromkeys(rule.limit.words for rule in sorted(everyone, key=lambda rule: rule.in_force_from))
    return " or ".join(said) or "a limit that the rulebook does not have"


def _in_force(book: Rulebook, at: Instant) -> Limit | None:
    found = (rule for rule in book.rules if rule.id == HELD and rule.binds(None, at))
    return next((rule.limit for rule in found), None)


def _end(limit: Limit, at: Instant) -> Instant | None:
    """The end of the limit; an end of time stays one."""
    return limit.end(at) if BEGINNING < at < FOREVER else at

"""Stories judged by one rule of a rulebook of its own."""

from __future__ import annotations

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import instant
from domain.rules.rulebook import parse
from domain.spans import at
from tests.support.entry_builder import Telling

HEAD = 'id = "local"\nversion = "1"\ntitle = "t"\nlateness_hours = 24\n'
RULE = """
[[rules]]
id = "duty"
version = 1
title = "t"
source = "set by a test"
accountable = "responsible_authority"
"""
"""The beginning of a rule, to which a test adds its conditions."""
RETURNED = 'starts = [{ fact = "returned" }]\nmet_by = [{ fact = "interview-held" }]\n'


def judged(
    tell: Telling, rule: str, as_at: str, *, subject: str | None = None, not_applicable: bool = False
) -> list[Verdict]:
    """Return the verdicts under one rule, as at a time, of one episode or of all."""
    book = parse(HEAD + RULE + rule)
    found = assess(tell, book, not_applicable=not_applicable)
    duties = [o for e in found if subject in {None, *e.subjects} for o in e.obligations]
    return [span.value for o in duties if (span := at(o.verdicts, instant(as_at))) is not None]


def one(tell: Telling, rule: str, as_at: str) -> str:
    """Return the one verdict."""
    (found,) = judged(tell, rule, as_at)
    return found.verdict

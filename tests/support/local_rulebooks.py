"""Rulebooks for tests: an authority's own, with another limit for the return interview."""

from __future__ import annotations

from application.recording.ledger import Ledger
from application.rulebooks.adopt import adopt
from domain.rules.rulebook import england

AUTHORITY = "E08000025"
ENGLAND = f"{england().id}@{england().version}"
"""How the rulebook that ships is asked for."""
RENUMBERED = england().text.replace(f"version = {england().rules[0].version}\n", "version = 2\n")
"""The text of the rulebook that ships, its rules under another version."""
HEAD = 'id = "x"\nversion = "1"\ntitle = "t"\nlateness_hours = 24\n'
RULE = """
[[rules]]
id = "r"
version = 1
title = "t"
source = "s"
accountable = "responsible_authority"
starts = [{ fact = "returned" }]
limit = { hours = 72 }
met_by = [{ fact = "interview-held" }]
"""
"""The smallest rulebook that can be read: its head, and a rule."""


def local(hours: int = 48, *, version: str = "1", rule: int = 2, authority: str = AUTHORITY) -> str:
    """A rulebook that extends England's with an authority's own limit for holding the return interview."""
    return f"""
id = "local"
version = "{version}"
title = "A local protocol"
lateness_hours = 24
extends = "england"

[[rules]]
id = "return-interview-held"
version = {rule}
title = "Return interview held within {hours} hours of the return"
source = "Local protocol, 2026"
accountable = "responsible_authority"
authorities = ["{authority}"]
applies_to = [{{ at = "ever", standing = ["missing"] }}]
starts = [{{ fact = "returned" }}]
limit = {{ hours = {hours} }}
met_by = [{{ fact = "interview-held" }}]
excused_by = [{{ fact = "interview-declined" }}]
"""


def adopted(ledger: Ledger, text: str) -> int:
    """Adopt a rulebook; the position of the entry."""
    return adopt(ledger, text, "head_of_service").position

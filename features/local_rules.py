"""Rules that an authority might set itself, beside those of England: by age, and for a child missing again."""

from __future__ import annotations

from typing import Final

from domain.rules.rulebook import england


def _rule(id_: str, shape: str) -> str:
    return f"""
[[rules]]
id = "{id_}"
version = 1
title = "Set by the authority of these stories"
source = "The authority of these stories"
accountable = "responsible_authority"
{shape}
"""


def _police_told(id_: str, ages: str, hours: int) -> str:
    return _rule(
        id_,
        f"""applies_to = [{{ at = "trigger", age = {{ {ages} }} }}]
starts = [{{ fact = "absence-noticed" }}]
limit = {{ hours = {hours} }}
met_by = [{{ fact = "police-notified" }}]""",
    )


def _interview(id_: str, missing_again: str) -> str:
    return _rule(
        id_,
        f'''starts = [{{ fact = "returned" }}]
limit = {{ hours = 72 }}
met_by = [{{ fact = "interview-held" }}]
missing_again = "{missing_again}"''',
    )


OWN_RULES: Final = "".join(
    [
        england().text,
        _police_told("own-police-told-under-12", "from = 0, to = 11", 1),
        _police_told("own-police-told-from-16", "from = 16, to = 17", 2),
        _interview("own-interview-pauses", "pauses"),
        _interview("own-interview-moves", "moves_to_next_return"),
    ]
)
"""The whole rulebook of that authority."""

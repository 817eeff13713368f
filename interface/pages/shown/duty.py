"""A duty of a story: its verdict, why, who answers for it, and the entries on which it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from interface.pages import words
from interface.pages.shown.card import Tag
from interface.pages.shown.entry import Mention
from interface.pages.shown.names import Name, name

_VERDICTS: Final = {
    "overdue": ("Overdue", "red"),
    "cannot_tell": ("Cannot tell", "purple"),
    "due": ("Due", "blue"),
    "paused": ("Paused", "blue"),
    "met_late": ("Met late", "orange"),
    "excused_late": ("Excused, late", "orange"),
    "met": ("Met", "green"),
    "excused": ("Excused", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
}
"""The worst first."""
_PARTS: Final = {
    "started": "started it",
    "satisfied": "met it",
    "paused": "paused it",
    "excused": "excused it",
}
"""The part of an entry in a verdict, in words."""
_ORDER: Final = {verdict: place for place, verdict in enumerate(_VERDICTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyShown:
    """One duty."""

    verdict: str
    """As the interface for programs has it, for tests."""
    tag: Tag
    title: str
    explanation: str
    role: str
    holder: Name | None
    rests_on: tuple[Mention, ...]
    rule: str
    source: str


def duties(items: list[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[DutyShown, ...]:
    """Return the duties of a timeline, the worst first."""
    return tuple(_duty(item, names) for item in sorted(items, key=_place))


def _place(item: Mapping[str, Any]) -> float:
    place = _ORDER.get(item["verdict"], len(_ORDER))
    return min(place, 0.5) if item["possibly"] else place


def _part(role: str) -> str:
    return _PARTS.get(role, words.plain(role))


def _duty(item: Mapping[str, Any], names: Mapping[str, str]) -> DutyShown:
    text, colour = _VERDICTS.get(item["verdict"], (words.capital(words.plain(item["verdict"])), "grey"))
    holder = item["accountable"].get("holder")
    return DutyShown(
        verdict=item["verdict"],
        tag=Tag("Possibly overdue", "orange") if item["possibly"] else Tag(text, colour),
        title=item["title"],
        explanation=item["explanation"],
        role=words.plain(item["accountable"]["role"]),
        holder=None if holder is None else name(holder, names),
        rests_on=tuple(
            dict.fromkeys(Mention(_part(each["role"]), each["position"]) for each in item["evidence"])
        ),
        rule=f"{item['rule']}, version {item['rule_version']}",
        source=item["source"],
    )

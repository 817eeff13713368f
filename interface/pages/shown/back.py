"""Back: the children whose episode was over within the last day, the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.moment import Instant
from interface.pages import words
from interface.pages.shown.names import Name, Reference, child, name, subject
from interface.pages.words import Said

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackLine:
    """One episode that is over."""

    subject: str
    child: Reference | None
    episode: Reference
    how: str
    """Returned, or ended otherwise."""
    when: Said
    responsible: Name | None
    next_due: Said | None


def back_lines(items: Sequence[Json], now: Instant, names: Mapping[str, str]) -> tuple[BackLine, ...]:
    """Return a line for each episode, the latest first."""
    latest = sorted(items, key=lambda item: item["since"].get("earliest", ""), reverse=True)
    return tuple(_line(item, now, names) for item in latest)


def _line(item: Json, now: Instant, names: Mapping[str, str]) -> BackLine:
    responsible = item.get("responsible_authority")
    return BackLine(
        subject=item["subject"],
        child=child(item["child"], names),
        episode=subject(item["subject"], names),
        how="returned" if item["standing"] == "returned" else "ended without a return",
        when=words.moment(item["since"], now) or Said("at a time that is not known"),
        responsible=None if responsible is None else name(responsible, names),
        next_due=words.moment(item.get("next_due"), now),
    )

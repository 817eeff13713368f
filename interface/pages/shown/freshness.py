"""The freshness line: as at when, complete to which entry, which systems have fallen silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.moment import instant
from interface.pages import words
from interface.pages.words import Said

_MANY: Final = 1000
"""More entries than these missing from the lists, and the line is red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentSystem:
    """A sending system that is silent for longer than is usual for it."""

    source: str
    since: Said
    usual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The time and the entries of which a page is true."""

    as_at: Said
    complete: str
    behind: str
    """A sentence where entries are not in the page yet; else empty."""
    level: str
    """fresh, behind or late: the colour of the line, which its words say too."""
    silent: tuple[SilentSystem, ...]
    silence: str


def freshness(answer: Mapping[str, Any], sources: Iterable[Mapping[str, Any]]) -> Freshness:
    """Return the line of an answer."""
    now = instant(answer["as_at"])
    missing = answer["ledger_size"] - answer["complete_to"]
    silent = tuple(_silent(source, now) for source in sources if source["silent"])
    return Freshness(
        as_at=words.time(now, now, seconds=True),
        complete=f"complete to entry {answer['complete_to']:,} of {answer['ledger_size']:,}",
        behind=_behind(missing, answer["complete_to"]),
        level="fresh" if not missing else "late" if missing > _MANY else "behind",
        silent=silent,
        silence=_silence(len(silent)),
    )


def _behind(missing: int, complete_to: int) -> str:
    if not missing:
        return ""
    if missing > _MANY:
        return f"{missing:,} entries are not in this page yet: it is as of entry {complete_to:,}"
    return f"{words.count(missing, 'entry is', 'entries are')} not in this page yet"


def _silence(systems: int) -> str:
    if not systems:
        return "no system has fallen silent"
    return f"{words.count(systems, 'system has', 'systems have')} fallen silent"


def _silent(source: Mapping[str, Any], now: int) -> SilentSystem:
    days = source["habit_days"]
    usual = "usually every day" if days <= 1 else f"usually at least every {words.count(days, 'day')}"
    return SilentSystem(
        source=source["source"],
        since=words.time(instant(source["last_entry"]["recorded_at"]), now),
        usual=usual,
    )

"""Figures as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from application.answers.as_json import Json
from domain.assessment.obligations.time_words import instant_text
from domain.moment import instant

_HEADS = ("", "counted", "of", "value", "cannot tell")


def table(figures: Json) -> str:
    """Return what the figures are about, and a line for each."""
    rows = [_HEADS, *(_row(item) for item in figures["items"])]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADS))]
    lines = ("  ".join(_cells(row, widths)).rstrip() for row in rows)
    return "\n".join([*_about(figures), "", *lines, "", "What each means: docs/measures.md, or --json."])


def _cells(row: tuple[str, ...], widths: list[int]) -> Iterator[str]:
    yield row[0].ljust(widths[0])
    for cell, width in zip(row[1:], widths[1:], strict=True):
        yield cell.rjust(width)


def _about(figures: Json) -> Iterator[str]:
    whose = figures.get("authority", "every authority")
    placed = f", placed in {figures['host']}" if "host" in figures else ""
    yield f"Episodes of {whose}{placed} that started from {_time(figures['from'])} and before {_time(figures['to'])},"
    yield f"as at {_time(figures['as_at'])}, as known at position {figures['known_at']:,}. Times are London's."
    if "rulebook" in figures:
        yield f"Rulebook {figures['rulebook']['id']} {figures['rulebook']['version']}."
    if "not_assessable" in figures:
        yield f"Not assessable, and not counted as they are known now: {figures['not_assessable']}."


def _row(item: Json) -> tuple[str, ...]:
    name = item["measure"] + (f": {item['group']}" if "group" in item else "")
    if "suppressed" in item:
        return (name, "suppressed", "", "", "")
    unsure = item["cannot_tell"]
    return (
        name,
        f"{item['numerator']:,}",
        f"{item['denominator']:,}",
        _value(item),
        f"{unsure:,}" if unsure else "",
    )


def _value(item: Json) -> str:
    """A share in percent; a mean with its median and 90th percentile; of a count the same as counted."""
    value = item.get("value")
    if value is None:
        return "-"
    if "median" in item:
        return f"{value:.1f} (median {item['median']:g}, 90th percentile {item['percentile_90']})"
    return f"{value:,}" if isinstance(value, int) else f"{value:.1%}"


def _time(text: str) -> str:
    return instant_text(instant(text))

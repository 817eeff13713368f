"""The changes that another rulebook would make, in plain words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from application.answers.as_json import Json
from domain.assessment.obligations.time_words import instant_text
from domain.moment import instant

_SHOWN: Final = 20
"""Changes that a terminal shows one by one."""


def changes_words(changes: Json, out: Path | None) -> str:
    """How many verdicts would be others, from which to which; and the first of them."""
    return "\n".join([*_about(changes), *_counts(changes["counts"]), *_changes(changes, out)])


def _about(changes: Json) -> Iterator[str]:
    now, other = ("{id} {version}".format(**changes[name]) for name in ("rulebook", "what_if"))
    whose = changes.get("authority", "every authority")
    yield f"Episodes of {whose} that started from {_time(changes['from'])} and before {_time(changes['to'])},"
    known = f"as known at position {changes['known_at']:,}"
    yield f"as at {_time(changes['as_at'])}, {known}; by {other} in place of {now}."
    yield f"{changes['episodes_changed']:,} of {changes['episodes']:,} episodes would be judged otherwise."
    if "not_assessable" in changes:
        yield f"Not assessable, and not counted: {changes['not_assessable']}."


def _counts(counts: list[Json]) -> Iterator[str]:
    rule = None
    for each in counts:
        if each["rule"] != rule:
            rule = each["rule"]
            yield ""
            yield rule
        yield f"  {each['authority']}: {_move(each)}: {each['count']:,}"


def _changes(changes: Json, out: Path | None) -> Iterator[str]:
    if not changes["changes"]:
        return
    shown = changes["changes"][:_SHOWN]
    more = changes.get("changes_left_out", 0) + len(changes["changes"]) - len(shown)
    yield ""
    for each in shown:
        yield f"{each['subject']}, {each['rule']}: {_move(each)}"
        for name in ("before", "after"):
            if name in each["explanation"]:
                yield f"  {name}: {each['explanation'][name]}"
    if out is not None:
        yield f"Every change is a line of {out}."
    elif more:
        yield f"And {more:,} more: --json lists a thousand, --out writes all of them."


def _move(each: Json) -> str:
    before, after = (each.get(name, "no such duty").replace("_", " ") for name in ("before", "after"))
    return f"{before} -> {after}"


def _time(text: str) -> str:
    return instant_text(instant(text))

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


def changes_words(told: Json, out: Path | None) -> str:
    """How many verdicts would be others, from which to which; and the first of them."""
    return "\n".join([*_about(told), *_counts(told["counts"]), *_changes(told, out)])


def _about(told: Json) -> Iterator[str]:
    now, other = ("{id} {version}".format(**told[name]) for name in ("rulebook", "what_if"))
    whose = told.get("authority", "every authority")
    yield f"Episodes of {whose} that started from {_time(told['from'])} and before {_time(told['to'])},"
    yield f"as at {_time(told['as_at'])}, as known at position {told['known_at']:,}; by {other} in place of {now}."
    yield f"{told['episodes_changed']:,} of {told['episodes']:,} episodes would be judged otherwise."
    if "not_assessable" in told:
        yield f"Not assessable, and not counted: {told['not_assessable']}."


def _counts(counts: list[Json]) -> Iterator[str]:
    rule = None
    for each in counts:
        if each["rule"] != rule:
            rule = each["rule"]
            yield ""
            yield rule
        yield f"  {each['authority']}: {_move(each)}: {each['count']:,}"


def _changes(told: Json, out: Path | None) -> Iterator[str]:
    if not told["changes"]:
        return
    shown = told["changes"][:_SHOWN]
    more = told.get("changes_left_out", 0) + len(told["changes"]) - len(shown)
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

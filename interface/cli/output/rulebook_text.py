"""A rulebook in plain words, and which rules differ between two."""

from __future__ import annotations

from collections.abc import Iterator

from application.answers.as_json import Json
from domain.assessment.obligations.time_words import instant_text
from domain.moment import instant
from domain.rules.rule import Rule
from domain.rules.rulebook import Rulebook


def rules_changed(before: Rulebook, after: Rulebook) -> dict[str, list[str]]:
    """The ids of the rules that come, go, or are not the same."""
    old, new = _by_id(before), _by_id(after)
    return {
        "new": sorted(new.keys() - old.keys()),
        "gone": sorted(old.keys() - new.keys()),
        "changed": sorted(id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_]),
    }


def _by_id(book: Rulebook) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in book.rules:
        if rule.enabled:
            found.setdefault(rule.id, []).append(rule)
    return found


def rulebook_words(book: Json) -> str:
    """The whole of it: which it is, who adopted it when, and each rule."""
    return "\n".join([*_heading(book), *(line for rule in book["rules"] for line in _rule(rule))])


def _heading(book: Json) -> Iterator[str]:
    extends = f", which extends {book['extends']}" if "extends" in book else ""
    yield f"{book['title']}: {book['id']} {book['version']}{extends}."
    adopted = book["adopted"]
    by = f" by {adopted['by']}" if "by" in adopted else ""
    yield f"Adopted{by} on {_time(adopted['recorded_at'])}, position {adopted['position']:,}."


def _rule(rule: Json) -> Iterator[str]:
    off = "" if rule.get("enabled", True) else " (not enabled)"
    yield ""
    yield f"{rule['id']}, version {rule['version']}{off}"
    yield f"  {rule['title']}"
    limit = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in rule.get("limit", {}).items())
    yield f"  limit {limit or 'none'}; {rule['accountable'].replace('_', ' ')} answers for it"
    if dates := [
        f"{name[9:]} {_time(rule[name])}" for name in ("in_force_from", "in_force_to") if name in rule
    ]:
        yield f"  in force {' '.join(dates)}"
    for name, words in (("authorities", "for"), ("except_for", "not for")):
        if name in rule:
            yield f"  {words} {', '.join(rule[name])}"
    yield f"  {rule['source']}"


def _time(text: str) -> str:
    return instant_text(instant(text))

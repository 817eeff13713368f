"""Stored values in plain words. Times are those of Europe/London."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from application.answers.as_json import Json
from domain.assessment.obligations.time_words import instant_text, when
from domain.moment import instant, read_moment


def flat(data: Json, before: str = "") -> Iterator[tuple[str, str]]:
    """Members with their values in words; those of an object by their path."""
    for name, value in data.items():
        path = f"{before}{words(name)}"
        if isinstance(value, dict) and not (value and set(value) <= {"earliest", "latest", "date"}):
            yield from flat(value, f"{path} ")
        else:
            yield path, _value(value)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return when(read_moment(value))
    if value is None:
        return "withdrawn"
    try:
        return instant_text(instant(value))
    except ValueError:
        return words(str(value))


def words(code: str) -> str:
    """A code as words. What holds digits or capitals is a name, and what holds a space free words: neither changes."""
    spaced = code.replace("_", " ").replace("-", " ")
    is_code = " " not in code and spaced.replace(" ", "").isalpha() and spaced.islower()
    return spaced if is_code else code


def time_of(text: str) -> str:
    """An RFC 3339 time as people of London say it."""
    return instant_text(instant(text))

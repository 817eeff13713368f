"""Issues with what stands in clear: references and codes that read like a name, a date of birth or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import domain.vocabulary as lists
from domain.assessment.observations.quality_input import About, QualityInput
from domain.facts.value_kinds import NAMESPACE
from domain.moment import FOREVER, to_datetime
from domain.spans import Span

_SKIPPED: Final = frozenset(
    {
        "child",
        "sealed",
        "happened",
        "learned_at",
        "birth_month",
        "earliest",
        "latest",
        "date",
        "time",
        "source",
        "id",
    }
)
"""Members that hold times, keys of events, or what is sealed."""
_LISTED: Final = frozenset(
    value for values in vars(lists).values() if isinstance(values, lists.ValueList) for value in values.values
)
_NAMESPACED: Final = re.compile(rf"{NAMESPACE}(?:/|\Z)", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_WORD: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_CAPITALISED: Final = re.compile(r"[A-Z][a-z]+")
_YEAR: Final = "((?:19|20)[0-9]{2})"
_DATE: Final = re.compile(
    rf"(?<![0-9])(?:{_YEAR}(?:[-./][0-9]{{2}}){{2}}|(?:[0-9]{{2}}[-./]){{2}}{_YEAR})(?![0-9])"
)
_SNAKE: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_NOT_WORDS: Final = re.compile(r"[a-f]+|[^aeiouy]+", re.IGNORECASE)
"""Parts of random numbers, and letters that nobody can say."""
_NAMES, _LETTERS, _RECENT = 2, 4, 2
_LONGEST, _LONGEST_SNAKE = 2, 4
"""Words of the longest code, and of the longest in which `_` joins words in small letters, as in head_of_service."""
EXPUNGE_ROLE: Final = "administrator"
"""Who can expunge a line: an administrator of the ledger, together with a second person."""


def looks_like_a_name(episode: QualityInput) -> Iterator[Span[About]]:
    """A reference or a code, which stands in clear, reads like a name, a date of birth or a sentence.

    An administrator of the ledger can expunge the line, together with a second person. The sending system should use a
    reference or a code that says nothing of the child.
    """
    counts = {fact.entry.position: fact.earliest for fact in episode.facts}
    for recorded in episode.entries:
        entry = recorded.entry
        year = to_datetime(entry.recorded_at).year
        texts = (entry.subject.partition("/")[2], *_codes(entry.data))
        if any(reads_like_a_name(text, year) for text in texts):
            since = counts.get(entry.position, entry.recorded_at)
            yield Span(since, FOREVER, About((entry.position,)))


def _codes(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that stand in clear and are of no list."""
    for name, value in data.items():
        if name in _SKIPPED:
            continue
        values = value if isinstance(value, list) else [value]
        for each in values:
            if isinstance(each, Mapping):
                yield from _codes(each)
            elif isinstance(each, str) and each not in _LISTED and not _TIME.match(each):
                yield each


@lru_cache(maxsize=10_000)
def reads_like_a_name(text: str, year: int) -> bool:
    """Return whether a code reads like a name, a date of birth or a sentence, in the year of its recording.

    A date of the last two years may be that of the episode.
    """
    namespaced = _NAMESPACED.match(text)
    if namespaced:
        text = text[namespaced.end() :]
    text = text.removeprefix("local:")
    words = [word for word in _WORD.findall(text) if not _NOT_WORDS.fullmatch(word)]
    names = [word for word in words if _CAPITALISED.fullmatch(word)]
    capitals = [word for word in words if word.isupper() and len(word) >= _LETTERS]
    longest = _LONGEST_SNAKE if _SNAKE.fullmatch(text) else _LONGEST
    dates = [int(one or other) for one, other in _DATE.findall(text)]
    return (
        len(words) > longest
        or len(names) >= _NAMES
        or len(capitals) >= _NAMES
        or any(of < year - _RECENT for of in dates)
    )

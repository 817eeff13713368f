"""The parts that sentences of the stories are made of: who, when, which standing, which verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from parse import with_pattern
from pytest_bdd import given, parsers, when

from features import times
from features.spoken_words import DUTIES, ORGANISATIONS, STANDINGS, VERDICTS


def _one_of(words: Iterable[str]) -> Callable[[Callable[[str], Any]], Any]:
    longest_first = sorted(words, key=len, reverse=True)
    return with_pattern("|".join(map(re.escape, longest_first)))


@_one_of(ORGANISATIONS)
def _who(text: str) -> str:
    return text


@_one_of(STANDINGS)
def _standing(text: str) -> str:
    return STANDINGS[text]


@_one_of(DUTIES)
def _duty(text: str) -> str:
    return text


@_one_of(VERDICTS)
def _verdict(text: str) -> str | None:
    return VERDICTS[text]


@with_pattern("[A-Z][a-z]+")
def _name(text: str) -> str:
    return text


@with_pattern(times.WHEN)
def _when(text: str) -> times.Moment:
    return times.moment(text)


@with_pattern(times.AT)
def _at(text: str) -> str:
    return times.clock(text.removeprefix("at ").removeprefix("At "))


TYPES: Final = {
    "Who": _who,
    "Standing": _standing,
    "Name": _name,
    "Duty": _duty,
    "Verdict": _verdict,
    "When": _when,
    "At": _at,
}


def sentence(text: str) -> parsers.parse:
    """A sentence with typed gaps."""
    return parsers.parse(text, TYPES)


def split(line: str) -> tuple[str, times.Moment]:
    """A line of a batch: what, and when."""
    found = sentence("{what} {when:When}").parse_arguments(line)
    assert found is not None, line
    return found["what"], found["when"]


def told(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A sentence that tells something: as a story's past or as what happens now; "say(s)" is both forms."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for form in dict.fromkeys((text.replace("(s)", "s"), text.replace("(s)", ""))):
            given(sentence(form), stacklevel=2)(function)
            when(sentence(form), stacklevel=2)(function)
        return function

    return decorate

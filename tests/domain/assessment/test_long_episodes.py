"""A long episode costs at most n log n: counted in calls, since times depend on the machine."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final

import pytest

from domain.assessment.assess import assess
from domain.entries.entry import Entry
from domain.rules.rulebook import england
from tests.support.long_episodes import SHAPES, mixed

_SIZE: Final = 120
_LARGER: Final = {"mixed": 480}
"""Where each of several absences considers a bounded number of facts: from where on the bound is reached."""
_TIMES: Final = 4
_MOST: Final = 1.6
"""Calls for four times as many entries, per entry: n log n gives 1.3, and a square 4."""


def calls(entries: list[Entry]) -> int:
    """How many calls an assessment makes, of functions in Python and in C."""
    count = 0

    def counting(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counting)
    try:
        assess(entries, england())
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(autouse=True)
def warm() -> None:
    """What is kept from one assessment to the next is there."""
    assess(mixed(60), england())


@pytest.mark.parametrize("name", SHAPES)
def test_four_times_as_many_entries_cost_little_more_than_four_times(name: str) -> None:
    shape, size = SHAPES[name], _LARGER.get(name, _SIZE)
    short, long = calls(shape(size)), calls(shape(size * _TIMES))
    assert long / short <= _TIMES * _MOST

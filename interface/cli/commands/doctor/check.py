"""One line of the doctor's."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple


class Level(Enum):
    """How bad it is: bad means that something does not work, or that something recorded could be lost."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Check(NamedTuple):
    """One check: its name, what was found, and what to do about it unless it is ok."""

    name: str
    level: Level
    finding: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {**self._asdict(), "level": self.level.value}


def ok(name: str, finding: str) -> Check:
    """It is as it should be."""
    return Check(name, Level.OK, finding)


def warn(name: str, finding: str, advice: str) -> Check:
    """It works, and somebody should look at it."""
    return Check(name, Level.WARN, finding, advice)


def bad(name: str, finding: str, advice: str) -> Check:
    """It does not work, or puts at risk what is recorded."""
    return Check(name, Level.BAD, finding, advice)

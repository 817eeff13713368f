"""What is known beside the standing: categories and risks by scheme, and the police's part (assessment.md 2)."""

from __future__ import annotations

from typing import NamedTuple


class Category(NamedTuple):
    """A classification in one scheme: the first and the last."""

    initial: str
    current: str


class Risk(NamedTuple):
    """A level in one scheme: the first, the last and the highest."""

    initial: str
    current: str
    highest: str


class Police(NamedTuple):
    """What is known of the police's part; None is not known."""

    reported: bool = False
    accepted: str | None = None
    force: str | None = None

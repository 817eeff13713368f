"""Waiting in tests: for what comes about by itself, and for as long as a busy machine may need."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 120.0
"""Seconds after which something will not come about any more. Nothing waits that long unless it is broken: it is
no measure of speed, and a test machine may be busy with much else."""


def until(condition: Callable[[], object]) -> None:
    """Return as soon as something is so; fail when patience has ended."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)

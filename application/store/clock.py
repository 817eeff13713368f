"""The clock of this machine: the one place that reads it as an instant."""

from __future__ import annotations

import time

from domain.moment import Instant


def now() -> Instant:
    """Return the present in microseconds since 1970, UTC."""
    return time.time_ns() // 1000

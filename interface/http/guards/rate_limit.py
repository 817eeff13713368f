"""How often one credential may ask: a bucket of tokens for each, in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Limiter:
    """Lets `rate` requests a second pass for each key, and twice that at once; 0 lets everything pass."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Say the rate; `clock` gives seconds that never run backwards."""
        self._rate, self._clock = rate, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def passes(self, key: str) -> bool:
        """Take one token; False when there is none left."""
        if not self._rate:
            return True
        now = self._clock()
        with self._lock:
            left, at = self._buckets.get(key, (2.0 * self._rate, now))
            left = min(2.0 * self._rate, left + (now - at) * self._rate)
            taken = left >= 1
            self._buckets[key] = (left - taken, now)
        return taken

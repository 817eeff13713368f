"""Draws from the distributions of the table, each from the simulation's own generator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from application.simulation.parameters import LogNormal, Spread
from domain.moment import HOUR, Instant

V = TypeVar("V")
MINUTE: Instant = HOUR // 60


def weighted(rng: Random, rows: Sequence[tuple[V, float]]) -> V:
    """One of the values, by weight."""
    left = rng.random() * sum(weight for _, weight in rows)
    for value, weight in rows:
        left -= weight
        if left < 0:
            return value
    return rows[-1][0]


def log_series(rng: Random, theta: float) -> int:
    """A draw from the log-series distribution, by Kemp's method (1981)."""
    q = 1 - (1 - theta) ** rng.random()
    return 1 + int(math.log(1 - rng.random()) / math.log(q)) if q > 0 else 1


def hours(rng: Random, law: LogNormal) -> Instant:
    """A length of time, in whole minutes."""
    return int(law.median * 60 * math.exp(rng.gauss(0, law.sigma))) * MINUTE


def wait(rng: Random, mean: float, most: float = 1e6) -> Instant:
    """A waiting time of that mean in hours, exponential, cut at `most` hours, in whole minutes."""
    return int(min(rng.expovariate(1 / mean), most) * 60) * MINUTE


def within(rng: Random, first: Instant, last: Instant) -> Instant:
    """A whole minute after `first`, before `last`, where there is one; else `first`."""
    return first + int(rng.random() * max(0, last - first)) // MINUTE * MINUTE


def share(rng: Random, law: Spread) -> float:
    """An authority's own share."""
    scale = law.mean * (1 - law.mean) / law.deviation**2 - 1
    return max(law.least, rng.betavariate(law.mean * scale, (1 - law.mean) * scale))

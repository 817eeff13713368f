"""Rounds: every arm once in each, in an order that rotates, and ratios taken within a round."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Watch = Callable[[str], None]
"""Told what runs now."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one arm did in one round."""

    rate: float
    """Per second: of whatever the suite counts."""
    millis: tuple[float, ...] = field(default=(), repr=False)
    """How long each call took, sorted; nothing where a call is not what is measured."""
    ended: float = 0.0
    """When the last call ended, by `time.monotonic`, where another arm goes on from there."""

    def quantile(self, share: float) -> float | None:
        """The time that this share of the calls took at most, in milliseconds."""
        return self.millis[min(len(self.millis) - 1, int(share * len(self.millis)))] if self.millis else None


Trial = Callable[[], Mapping[str, Measured]]
"""Does the work once, and gives what it measured by arm: of one, or of several that only run together."""


def arm(name: str, run: Callable[[], Measured]) -> Trial:
    """A trial of one arm."""
    return lambda: {name: run()}


@dataclass(frozen=True, slots=True)
class Against:
    """A ratio that is reported: of one arm to another, with the least that is asked of it."""

    arm: str
    base: str
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio's median, least and greatest over the rounds."""

    against: Against
    median: float
    least: float
    greatest: float


@dataclass(frozen=True, slots=True)
class Suite:
    """Arms that are compared, and what was measured of them."""

    title: str
    unit: str
    """What a rate counts, such as "events"."""
    arms: Mapping[str, str]
    """By name: what each does, in the order of the report."""
    trials: Sequence[Trial]
    compared: Sequence[Against]
    measured: dict[str, list[Measured]] = field(default_factory=dict)

    def run(self, rounds: int, watch: Watch) -> None:
        """Do every trial once in each round; the next round begins with the next trial."""
        for number in range(rounds):
            watch(f"{self.title}: round {number + 1} of {rounds}")
            for trial in _rotated(self.trials, number):
                for name, measured in trial().items():
                    self.measured.setdefault(name, []).append(measured)

    def rate(self, arm: str) -> float:
        """The median rate of an arm."""
        return statistics.median(m.rate for m in self.measured[arm])

    def quantile(self, arm: str, share: float) -> float | None:
        """The median over the rounds of an arm's quantile, in milliseconds."""
        found = [q for m in self.measured[arm] if (q := m.quantile(share)) is not None]
        return statistics.median(found) if found else None

    def ratios(self) -> Iterator[Ratio]:
        """Every comparison that was asked for."""
        for against in self.compared:
            pairs = zip(self.measured[against.arm], self.measured[against.base], strict=True)
            each = [arm.rate / base.rate for arm, base in pairs]
            yield Ratio(against, statistics.median(each), min(each), max(each))


def _rotated(trials: Sequence[Trial], by: int) -> list[Trial]:
    turn = by % len(trials)
    return [*trials[turn:], *trials[:turn]]

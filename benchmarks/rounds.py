"""Rounds: every arm once in each, in an order that rotates, and ratios taken within a round."""

from __future__ import annotations

import statistics
import time
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


def again(ask: Callable[[], object], seconds: float) -> Measured:
    """Do something again and again until the time is over, at least once; how often in a second, and how long each."""
    millis: list[float] = []
    began = before = time.monotonic()
    while not millis or before - began < seconds:
        ask()
        after = time.monotonic()
        millis.append(1000 * (after - before))
        before = after
    return Measured(len(millis) / (before - began), tuple(sorted(millis)), before)


@dataclass(frozen=True, slots=True)
class Against:
    """A ratio that is reported: of one arm to another, with what is asked of it."""

    arm: str
    base: str
    aim: float | None = None
    """The least, or of times (`share`) the most."""
    share: float | None = None
    """None: of the rates; else of the times that this share of the calls took at most."""

    def of(self, arm: Measured, base: Measured) -> float:
        """The ratio in one round."""
        if self.share is None:
            return arm.rate / base.rate
        one, other = arm.quantile(self.share), base.quantile(self.share)
        assert one is not None
        assert other is not None  # both arms time their calls
        return one / other

    @property
    def name(self) -> str:
        """How the ratio is called."""
        of = "" if self.share is None else f", p{100 * self.share:.0f}"
        return f"{self.arm} / {self.base}{of}"


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
    """What a rate counts, such as "events"; or what is measured instead of a rate, such as "MiB"."""
    arms: Mapping[str, str]
    """By name: what each does, in the order of the report."""
    trials: Sequence[Trial]
    compared: Sequence[Against]
    each_second: bool = True
    """Whether it is a rate."""
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
            each = [against.of(arm, base) for arm, base in pairs]
            yield Ratio(against, statistics.median(each), min(each), max(each))


def _rotated(trials: Sequence[Trial], by: int) -> list[Trial]:
    turn = by % len(trials)
    return [*trials[turn:], *trials[:turn]]

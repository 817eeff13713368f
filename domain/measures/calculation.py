"""Calculation: from what each episode counts as to figures, in all or by group.

A figure has three counts next to its value: surely counted, surely not, and cannot tell. They add up to the
denominator, so nothing uncertain disappears.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from statistics import median
from typing import Final, NamedTuple, TypeVar

from domain.measures.definitions import REPEAT, letter
from domain.measures.measure import (
    APART,
    CANNOT_TELL,
    CHILD,
    COUNT,
    INTERVIEW,
    MEAN,
    SURELY,
    SURELY_NOT,
    Measure,
)

K = TypeVar("K")
_STRENGTH: Final = f"{APART}{SURELY_NOT}{CANNOT_TELL}{SURELY}"
"""The order of states: of several episodes of a child, or of an interview, the last in it decides."""


class Tally(NamedTuple):
    """An episode, or several that are alike (`times`), as far as figures need it."""

    group: str
    sure: bool
    """True when it surely started within the period."""
    states: str
    times: int = 1
    person: str = ""
    interviews: Sequence[int] = ()


class Figure(NamedTuple):
    """One measure, of all or of one group."""

    measure: Measure
    group: str | None
    surely: int
    surely_not: int
    cannot_tell: int
    children: int = 0
    """The children by whom a mean is divided."""
    spread: tuple[float, int] | None = None
    """The median and the 90th percentile by child, next to a mean."""
    suppressed: bool = False

    @property
    def denominator(self) -> int:
        """Return what the numerator is a part of; for a mean, the children."""
        return (
            self.children if self.measure.form == MEAN else self.surely + self.surely_not + self.cannot_tell
        )

    @property
    def value(self) -> float | None:
        """The figure; None when there is nothing to divide by. Shares and means to four places."""
        if self.measure.form == COUNT:
            return self.surely
        return round(self.surely / self.denominator, 4) if self.denominator else None


Repeats = Mapping[str, str]
"""By person: whether they went missing so often, as the letter of a state."""


def state(measure: Measure, tally: Tally) -> str:
    """Return what a measure makes of an episode that may have started outside the period."""
    found = letter(measure, tally.states)
    return CANNOT_TELL if measure.period and not tally.sure and found != APART else found


def figures(measure: Measure, tallies: Iterable[Tally], repeats: Repeats, *, grouped: bool) -> list[Figure]:
    """A measure of all, or of each group that it looks at anything in, in the order of their names."""
    by_group: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_group[tally.group if grouped else ""].append(tally)
    if not grouped:
        return [_figure(measure, None, by_group[""], repeats)]
    found = (_figure(measure, group, some, repeats) for group, some in sorted(by_group.items()))
    return [figure for figure in found if figure.surely or figure.surely_not or figure.cannot_tell]


def _figure(measure: Measure, group: str | None, tallies: Sequence[Tally], repeats: Repeats) -> Figure:
    counts = _counts(measure, tallies, repeats)
    known = Figure(measure, group, counts[SURELY], counts[SURELY_NOT], counts[CANNOT_TELL])
    if measure.form != MEAN:
        return known
    each: Counter[str] = Counter()
    for tally in tallies:
        if state(measure, tally) == SURELY:
            each[tally.person] += tally.times
    numbers = sorted(each.values())
    spread = (median(numbers), numbers[ceil(0.9 * len(numbers)) - 1]) if numbers else None
    return known._replace(children=len(numbers), spread=spread)


def _counts(measure: Measure, tallies: Iterable[Tally], repeats: Repeats) -> Counter[str]:
    """How many units are in each state: episodes, children or interviews."""
    if measure.id == REPEAT:
        children = _strongest(measure, ((tally.person, tally) for tally in tallies))
        return Counter(
            combine_repeat(found, repeats.get(child, SURELY_NOT)) for child, found in children.items()
        )
    if measure.unit == CHILD:
        return Counter(_strongest(measure, ((tally.person, tally) for tally in tallies)).values())
    if measure.unit == INTERVIEW:
        return Counter(_strongest(measure, ((i, t) for t in tallies for i in t.interviews)).values())
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts[state(measure, tally)] += tally.times
    return counts


def _strongest(measure: Measure, tallies: Iterable[tuple[K, Tally]]) -> dict[K, str]:
    """The state of each child or interview: the strongest of their episodes'."""
    found: dict[K, str] = {}
    for key, tally in tallies:
        this = state(measure, tally)
        if _STRENGTH.index(this) >= _STRENGTH.index(found.get(key, APART)):
            found[key] = this
    return found


def combine_repeat(missing: str, often: str) -> str:
    """The state of a child for repeats, given whether they were missing, and whether so often."""
    if missing in {APART, SURELY_NOT}:
        return APART
    return often if missing == SURELY else CANNOT_TELL


class RepeatStart(NamedTuple):
    """When an episode of a person started, and what `missing-episodes` makes of it."""

    earliest: int
    latest: int
    state: str


def repeat_state(
    starts: Sequence[RepeatStart], own: Iterable[tuple[RepeatStart, bool]], n: int, window: int
) -> str:
    """Return whether an episode in the period is at least number n to start in a window that ends with it.

    `starts` are all of the person's. `own` are those in the period, each with whether that is sure.
    `window`: microseconds.
    """
    missing = [start for start in starts if start.state in {SURELY, CANNOT_TELL}]
    possible = False
    for this, sure in own:
        if this.state not in {SURELY, CANNOT_TELL}:
            continue
        around = [s for s in missing if s.earliest <= this.latest and s.latest > this.earliest - window]
        possible = possible or len(around) >= n
        if sure and this.state == SURELY and _surely(around, this, window) >= n:
            return SURELY
    return CANNOT_TELL if possible else SURELY_NOT


def _surely(around: Iterable[RepeatStart], this: RepeatStart, window: int) -> int:
    return sum(one is this or _surely_before(one, this, window) for one in around)


def _surely_before(one: RepeatStart, this: RepeatStart, window: int) -> bool:
    """Return whether it surely was a missing episode, and started in the window that ends with this one."""
    return one.state == SURELY and one.latest <= this.earliest and one.earliest > this.latest - window


def first_or_repeat(this: RepeatStart, starts: Iterable[RepeatStart]) -> str:
    """Return whether the person had an earlier episode; `not_known` when their order is not known."""
    others = [start for start in starts if start is not this]
    if any(other.latest < this.earliest for other in others):
        return "repeat"
    return "not_known" if any(other.earliest <= this.latest for other in others) else "first"

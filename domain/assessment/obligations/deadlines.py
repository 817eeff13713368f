"""The clock of a duty: when it falls due, given when it started, what stopped it, and the limit's kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.moment import FOREVER, Instant, Moment
from domain.rules.rule import Limit


class Pause(NamedTuple):
    """A time during which a clock is stopped; `end` is None while it still is."""

    begin: Moment
    end: Moment | None
    position: int
    """The entry that stopped it."""
    why: str


class Due(NamedTuple):
    """When a duty falls due. Both ends are `FOREVER` while the clock is stopped or when there is no limit.

    Only the latest is, where it is not known whether it was stopped before the limit.
    """

    earliest: Instant
    latest: Instant
    paused: bool = False

    @property
    def when(self) -> Moment | None:
        """As a moment, which may be open at its end; None while there is no due moment."""
        if self.earliest >= FOREVER:
            return None
        return Moment(self.earliest, None if self.latest >= FOREVER else self.latest)


def due(started: Moment | None, limit: Limit, pauses: Sequence[Pause]) -> Due | None:
    """When it falls due; None when nobody can say: an unknown start, or a calendar that does not reach so far."""
    if started is None or started.earliest is None or started.latest is None:
        return None
    shortest = [
        (p.begin.latest, None if p.end is None else p.end.earliest)
        for p in pauses
        if p.begin.latest is not None
    ]
    longest = [
        (p.begin.earliest, None if p.end is None else p.end.latest)
        for p in pauses
        if p.begin.earliest is not None
    ]
    first = _due(started.earliest, limit, shortest)
    last = _due(started.latest, limit, longest)
    if first is None or last is None:
        return None
    return Due(min(first, last), max(first, last), paused=first >= FOREVER and not limit.none)


def _due(start: Instant, limit: Limit, pauses: Sequence[tuple[Instant, Instant | None]]) -> Instant | None:
    """Return the due instant of a clock that started then and was stopped during the pauses that began before it.

    Where pauses overlap, the time is counted once.
    """
    ends, counted = limit.end(start), start
    for begin, end in sorted(pauses, key=lambda pause: pause[0]):
        if ends is None or begin > ends:
            break
        if end is None:
            return FOREVER
        start += max(0, end - max(begin, counted))
        counted = max(end, counted)
        ends = limit.end(start)
    return ends

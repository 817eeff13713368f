"""A made-up period of one authority, as its organisations' feeds would have sent it.

For trials, demonstrations and tests. The numbers are those of `parameters`; everything personal is
made up and says so. Nothing here comes from a real record, and no code is a real organisation's
except the namespace that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from application.simulation.episode_plan import life
from application.simulation.merged_feed import arrivals
from application.simulation.people import authority
from application.simulation.senders import Arrival, Voice
from domain.facts.members import NAMESPACE_KIND
from domain.moment import Instant, day

__all__ = ["simulate"]


def simulate(
    namespace: str, children: int, start: date, end: date, seed: int, now: Instant | None = None
) -> Iterator[dict[str, Any]]:
    """CloudEvents of an authority's period, in the order in which they would arrive.

    `namespace`: the authority's GSS code. `children`: how many looked-after children go missing at least
    once in the period. Each has as many episodes as the table says of children in care: a mean of 6.8 in a
    year, in proportion for other lengths. Care is what the published figures describe best and what an
    authority is accountable for. About one looked-after child in nine goes missing in a year [S], so 100
    children stand for an authority that looks after 900.

    `start` and `end` are days in London, both included. Nothing happens or arrives after the end,
    nor after `now`. What is under way then has no events yet, so an earlier `now` gives a beginning
    of the same feed. The same arguments give the same events, in every process. Raise ValueError
    when they do not make sense.
    """
    return (arrival.event for arrival in simulated(namespace, children, start, end, seed, now))


def simulated(
    namespace: str, children: int, start: date, end: date, seed: int, now: Instant | None = None
) -> Iterator[Arrival]:
    """The same, with the moment at which each would arrive."""
    if not NAMESPACE_KIND.fits(namespace):
        raise ValueError(f"namespace must be {NAMESPACE_KIND.noun}")
    if children < 1:
        raise ValueError("children must be at least 1")
    if end < start:
        raise ValueError("the period must not end before it starts")
    first, last = day(start.isoformat()).earliest, day(end.isoformat()).latest
    assert first is not None
    assert last is not None
    rng = Random(seed)  # noqa: S311 -- a simulation must be repeatable, not secret
    at = authority(rng, namespace, seed)
    lives = [life(rng, at, number, (first, last)) for number in range(1, children + 1)]
    voices = [(one, Voice(rng, at, one.child)) for one in lives]
    return arrivals(voices, last if now is None else min(last, now))

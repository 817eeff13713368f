"""All stories of an authority's period, merged into one feed in the order of arrival.

Memory holds the children with their plans and what is still under way, not what has been given out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import count

from application.simulation.absence import opened, tell_away, tell_end, tell_start
from application.simulation.agency_response import (
    tell_meetings,
    tell_others,
    tell_profile,
    tell_return,
    tell_risk,
)
from application.simulation.data_errors import make_mess
from application.simulation.episode_plan import Life
from application.simulation.interviews import tell_interview
from application.simulation.senders import Arrival, Voice
from domain.moment import Instant


def arrivals(lives: Iterable[tuple[Life, Voice]], cut: Instant) -> Iterator[Arrival]:
    """Every event that arrives by `cut`, earliest first.

    A story is generated when its episode begins, and nothing of it arrives earlier. So what waits and
    arrives before the next beginning can go out.
    """
    serial = count()
    beginnings = [(life.plans[0].noticed, next(serial), 0, life, voice) for life, voice in lives]
    heapq.heapify(beginnings)
    waiting: list[tuple[Instant, int, Arrival]] = []
    while beginnings and beginnings[0][0] <= cut:
        begins, number, index, life, voice = heapq.heappop(beginnings)
        while waiting and waiting[0][0] <= begins:
            yield heapq.heappop(waiting)[2]
        for arrival in _story(life, voice, index):
            if arrival.at <= cut:
                heapq.heappush(waiting, (arrival.at, next(serial), arrival))
        if index + 1 < len(life.plans):
            heapq.heappush(beginnings, (life.plans[index + 1].noticed, number, index + 1, life, voice))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _story(life: Life, voice: Voice, index: int) -> list[Arrival]:
    """Return all events of one episode, in no order."""
    plan, voice.arrivals = life.plans[index], []
    episode = opened(voice, plan)
    if index == 0:
        tell_profile(episode)
    tell_start(episode)
    tell_risk(episode)
    tell_others(episode)
    tell_away(episode)
    tell_meetings(episode)
    if tell_end(episode):
        tell_return(episode)
        covers = index > 0 and life.plans[index - 1].interview.with_next
        tell_interview(episode, opened_before(episode.subject, plan.number) if covers else None)
    make_mess(voice, episode.subject)
    return voice.arrivals


def opened_before(subject: str, number: int) -> str:
    """The subject of the child's episode before the one with that number."""
    return f"{subject[: -len('000')]}{number - 1:03d}"

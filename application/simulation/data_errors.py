"""The mess that real feeds are: sent twice, corrected, withdrawn, disputed, recorded in error.

Lateness is part of every voice; twins, uncertain returns and missing reports are part of the story.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from application.simulation import parameters as table
from application.simulation.distributions import wait
from application.simulation.senders import Arrival, Voice
from domain.moment import HOUR

_OTHER_VALUES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "returned": ("mode", ("own_accord", "police", "carer", "family")),
    "risk-assessed": ("level", ("low", "medium", "high")),
    "located": ("location_type", ("friend", "family", "street")),
    "interview-held": ("seen_alone", ("yes", "no")),
    "reported": ("reported_by", ("home_staff", "police_officer", "other")),
}
"""Members that are typed wrongly most often, besides the time, each with its other values."""
_WITHDRAWN: Final = frozenset(
    {"sighting-reported", "notification-sent", "information-shared", "oversight-recorded"}
)
"""Only what the rest of the story does not stand on."""
_ABOUT_RECORDS: Final = frozenset({"corrected", "retracted", "episodes-linked"})


def make_mess(voice: Voice, subject: str) -> None:
    """Add to what one episode's voices told: the corrections, repetitions and withdrawals."""
    for arrival in list(voice.arrivals):
        chance = voice.rng.random()
        name = _name(arrival.event)
        if chance < table.SENT_TWICE:
            voice.arrivals.append(Arrival(arrival.at + wait(voice.rng, 8), arrival.event))
        elif chance < table.SENT_TWICE + table.CORRECTED:
            if name not in _ABOUT_RECORDS:
                _correct(voice, arrival, name)
        elif chance > 0.988 and name in _WITHDRAWN:
            _about(voice, arrival, "retracted", {"reason": "Simulated: entered for the wrong episode."})
        elif chance > 0.999:
            _about(voice, arrival, "disputed", {"by": "parent"})
    if voice.rng.random() < 0.002:
        at = max(arrival.at for arrival in voice.arrivals)
        why = {"reason": "Simulated: opened by mistake.", "authorised_by": "team_manager"}
        voice.say("authority", subject, "episode-recorded-in-error", at, why)


def _correct(voice: Voice, arrival: Arrival, name: str) -> None:
    """The time, when there is one and nothing likelier; else a value that is often typed wrongly."""
    event = arrival.event
    member, values = _OTHER_VALUES.get(name, ("", ()))
    if "time" in event and (not values or voice.rng.random() < 0.6):
        changes: dict[str, Any] = {"time": _shifted(voice.rng, event["time"])}
    elif values:
        changes = {"data": {member: voice.rng.choice([v for v in values if v != event["data"].get(member)])}}
    else:
        return
    _about(voice, arrival, "corrected", {"changes": changes, "reason": "Simulated: typed wrongly."})


def _about(voice: Voice, arrival: Arrival, name: str, data: dict[str, Any]) -> None:
    """Say something about an event, from the same source, after it arrived."""
    event = arrival.event
    feed = next(key for key, feed in voice.feeds.items() if feed.source == event["source"])
    at = arrival.at + HOUR + wait(voice.rng, 72)
    target = {"target": {"source": event["source"], "id": event["id"]}}
    voice.say(feed, event["subject"], name, at, target | data | {"basis": "document"})


def _shifted(rng: Random, time: str) -> str:
    """The time, some minutes earlier or later: less than an hour, so that it is past when it is corrected."""
    minutes = rng.choice((-40, -25, -10, -5, 5, 10, 15))
    return (datetime.fromisoformat(time) + timedelta(minutes=minutes)).isoformat()


def _name(event: dict[str, Any]) -> str:
    return str(event["type"]).removeprefix("missing-episode.").removesuffix(".v1")

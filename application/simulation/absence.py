"""The absence itself, as home, police and authority tell it: noticed, reported, found, back."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Final

from application.simulation.distributions import MINUTE, wait, weighted, within
from application.simulation.episode_plan import Plan
from application.simulation.people import FORCE
from application.simulation.senders import Voice, between, london_day, written
from domain.moment import DAY, HOUR, Instant

_TWIN_OF_HOME: Final = 0.03
"""Episodes that the home opened under a subject of its own, besides the authority's."""
_TWIN_OF_POLICE: Final = 0.03
"""The same of the police."""
_NO_REPORT: Final = 0.012
"""Episodes of which nobody told the start: only the return comes to light."""
_REPORTERS: Final = {
    "childrens_home": "home_staff",
    "secure": "home_staff",
    "residential_school": "school",
    "supported_accommodation": "supported_accommodation_staff",
    "foster": "foster_carer",
    "kinship": "family",
    "at_home": "parent",
}
_LOCATIONS: Final = (
    ("friend", 0.34), ("family", 0.20), ("street", 0.14), ("partner_ex", 0.09), ("party", 0.06),
    ("transport_hub", 0.06), ("home_address", 0.05), ("hospital", 0.03), ("property_of_concern", 0.03),
)  # fmt: skip
_MODES: Final = (
    ("own_accord", 0.46),
    ("police", 0.27),
    ("carer", 0.15),
    ("family", 0.09),
    ("third_party", 0.03),
)
_OTHER_ENDS: Final = ("settled_elsewhere_agreed", "remanded", "turned_18", "abroad_confirmed")
_CIRCUMSTANCES: Final = (
    "Simulated: left after an argument about a phone.",
    "Simulated: did not come back from seeing friends.",
    "Simulated: not in the room at the night check.",
    "Simulated: went out to the shop and has not answered since.",
)


@dataclass(frozen=True, slots=True)
class Episode:
    """One planned episode, and the subjects under which the organisations tell of it."""

    voice: Voice
    plan: Plan
    subject: str
    """The authority's."""
    home: str
    """Where the home tells it: the authority's subject, or one that the home opened itself."""
    police: str
    """Where the police tell it."""

    @property
    def rng(self) -> Random:
        """The simulation's generator."""
        return self.voice.rng

    def chance(self, share: float) -> bool:
        """Return whether something happens that happens so often."""
        return self.rng.random() < share

    def during(self, from_share: float, to_share: float) -> Instant:
        """A time while the child is away, between two shares of the absence."""
        plan = self.plan
        return within(
            self.rng, plan.start + int(plan.lasts * from_share), plan.start + int(plan.lasts * to_share)
        )


def opened(voice: Voice, plan: Plan) -> Episode:
    """The episode with its subjects: mostly one for all, sometimes a twin of the home's or the police's own."""
    number = f"{voice.child.number:05d}-{plan.number:03d}"
    subject = f"{voice.authority.namespace}/ME-{voice.authority.seed}-{number}"
    chance = voice.rng.random()
    home = f"{voice.child.home}/INC-{voice.authority.seed}-{number}" if chance < _TWIN_OF_HOME else subject
    twin = _TWIN_OF_HOME <= chance < _TWIN_OF_HOME + _TWIN_OF_POLICE
    police = f"{FORCE}/MP-{voice.authority.seed}-{number}" if twin else subject
    return Episode(voice, plan, subject, home, police)


def tell_start(episode: Episode) -> None:
    """Noticed, reported to the authority and to the police, and, where two opened one, linked."""
    voice, plan, chance = episode.voice, episode.plan, episode.chance
    twins = {episode.home, episode.police} - {episode.subject}
    if not twins and chance(_NO_REPORT):
        return
    left = within(episode.rng, max(plan.free_from, plan.noticed - 4 * HOUR), plan.noticed)
    last_seen = {"last_seen_at": written(voice.feeds["home"], left), "last_seen_by": "responsible_adult"}
    if chance(0.75):
        place = {"expected_location": "placement"} if chance(0.5) else {}
        voice.say("home", episode.home, "absence-noticed", plan.noticed, last_seen | place)
    _report(episode, "home", episode.home, plan.start, last_seen)
    if episode.home != episode.subject:
        _report(episode, "authority", episode.subject, plan.start, {"basis": "told_by"})
    if not plan.away or chance(0.35):
        _to_police(episode)
    for twin in twins:
        linked = {"with": twin, "relation": "same_episode", "lead": episode.subject}
        at = plan.start + wait(episode.rng, 18)
        voice.say("authority", episode.subject, "episodes-linked", at, linked | {"basis": "system"})
    if (
        episode.police in twins
    ):  # the home's record names the authority, the police's own nobody: the police agree
        agreed = {"with": episode.subject, "relation": "same_episode", "basis": "system"}
        voice.say("police", episode.police, "episodes-linked", plan.start + wait(episode.rng, 18), agreed)


def _report(episode: Episode, feed: str, subject: str, at: Instant, last_seen: dict[str, Any]) -> None:
    who = episode.voice.child
    placement = who.setting["placement_type"]
    data = {
        "category": "away_without_authorisation" if episode.plan.away else "missing",
        "reported_by": _REPORTERS[placement],
        "reported_to": "authority" if episode.plan.away else "police",
        "setting": who.setting,
        "sex": who.sex,
        "date_of_birth": who.born.isoformat() if episode.chance(0.6) else None,
        "circumstances": episode.rng.choice(_CIRCUMSTANCES) if episode.chance(0.5) else None,
    }
    episode.voice.say(feed, subject, "reported", at, data | last_seen)


def _to_police(episode: Episode) -> None:
    plan = episode.plan
    if not episode.chance(0.93):
        return
    at = min(plan.start + wait(episode.rng, 0.3, 3), episode.during(0, 0.5))
    accepted = episode.chance(0.97)
    data = {
        "force": FORCE,
        "reference": f"SIM-{episode.rng.randrange(10**6):06d}" if accepted else None,
        "channel": episode.rng.choice(("101", "999", "online")),
        "accepted": "yes" if accepted else "no",
        "not_accepted_reason": None if accepted else "logged_as_concern",
    }
    episode.voice.say("police", episode.police, "police-notified", at, data)


def tell_away(episode: Episode) -> None:
    """Sightings, the place found, lost again, hospital or custody on the way."""
    voice, chance = episode.voice, episode.chance
    if chance(0.10):
        confidence = episode.rng.choice(("low", "medium", "high"))
        data = {"confidence": confidence, "channel": "social_media", "place": "Simulated Street"}
        voice.say("police", episode.police, "sighting-reported", episode.during(0.2, 0.7), data)
    if chance(0.45):
        data = {"location_type": weighted(episode.rng, _LOCATIONS), "located_by": "police", "safe": "yes"}
        voice.say("police", episode.police, "located", episode.during(0.7, 0.95), data)
    elif chance(0.05) and episode.plan.lasts > 6 * HOUR:
        known = {"location_type": "friend", "located_by": "carer"}
        voice.say("home", episode.home, "located", episode.during(0.2, 0.4), known)
        voice.say("home", episode.home, "location-lost", episode.during(0.45, 0.7))
    if chance(0.012):
        kind = {"kind": episode.rng.choice(("hospital", "custody"))}
        voice.say("police", episode.police, "status-interrupted", episode.during(0.5, 0.7), kind)
        voice.say("police", episode.police, "interruption-ended", episode.during(0.75, 0.95), kind)


def tell_end(episode: Episode) -> bool:
    """How it ends; whether the child is back. A few end otherwise, a few returns are said too early and withdrawn."""
    voice, plan, chance = episode.voice, episode.plan, episode.chance
    if plan.lasts > 20 * DAY and chance(0.15):
        data = {"reason": episode.rng.choice(_OTHER_ENDS), "whereabouts_known": "yes"}
        voice.say("authority", episode.subject, "ended-otherwise", plan.end, data)
        return False
    if chance(0.004) and plan.lasts > 3 * HOUR:
        wrong = episode.during(0.3, 0.6)
        target = voice.say(
            "police", episode.police, "returned", wrong, {"mode": "police", "basis": "told_by"}
        )
        why = {"target": target, "reason": "Simulated: it was another child."}
        voice.say("police", episode.police, "retracted", wrong + wait(episode.rng, 3), why)
    mode = weighted(episode.rng, _MODES)
    back = {"to_setting_type": voice.child.setting["placement_type"], "mode": mode}
    voice.say("home", episode.home, "returned", plan.end, back, happened=_uncertain(episode))
    if mode == "police" and chance(0.4):
        about = between(
            voice.feeds["police"], max(plan.start, plan.end - 30 * MINUTE), plan.end + 30 * MINUTE
        )
        at = plan.end + 30 * MINUTE
        voice.say("police", episode.police, "returned", at, {"mode": "police"}, happened=about)
    return True


def _uncertain(episode: Episode) -> dict[str, str] | None:
    """How well the return is known: to the minute, within hours (found in bed), by its day."""
    speaker, plan, chance = episode.voice.feeds["home"], episode.plan, episode.rng.random()
    if chance < 0.06:
        return london_day(plan.end)
    if chance < 0.13:
        return between(speaker, max(plan.start, plan.end - wait(episode.rng, 3, 8)), plan.end)
    return None

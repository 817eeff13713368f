"""Who tells: each organisation's feed, and how it writes and sends what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NamedTuple

from application.simulation import parameters as table
from application.simulation.distributions import MINUTE, hours, wait
from application.simulation.episode_plan import day_after
from application.simulation.parameters import LogNormal
from application.simulation.people import FORCE, PROVIDER, Authority, Child
from domain.moment import DAY, LONDON, Instant, rfc3339, to_datetime

LATE_BY: Final = LogNormal(36, 0.9)
"""[A] how much more than 24 hours late the late ones are, in hours."""

_NOTES: Final = (
    "Simulated note: carer searched the building and rang the phone twice.",
    "Simulated note: staff checked the usual places, nothing found.",
    "Simulated note: friend's parent rang to say that all is well.",
    "Simulated note: phone goes to voicemail.",
    "Simulated note: taken from the night log.",
    "Simulated note: plan discussed with the duty manager.",
)


class Arrival(NamedTuple):
    """An event, and when it arrives at the ledger."""

    at: Instant
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """One organisation's system."""

    key: str
    organisation: str
    role: str
    source: str
    delay_hours: float
    """The mean time from learning to sending."""
    overnight: bool = False
    """True where much of it is sent in a batch at six in the morning."""
    local_time: bool = False
    """True where it writes London's offset, false for Z."""


def feeds(at: Authority, who: Child) -> dict[str, Feed]:
    """The four feeds that tell of a child's episodes: home, police, authority, interview provider."""
    urn = f"urn:simulated:{at.seed}"
    home_role = "residential_worker" if who.residential else "foster_carer"
    return {
        "home": Feed("home", who.home, home_role, f"{urn}:home:{who.home}", 0.5, local_time=True),
        "police": Feed("police", FORCE, "police_officer", f"{urn}:police", 0.8, overnight=True),
        "authority": Feed("authority", at.namespace, "social_worker", f"{urn}:cases", 2.5, local_time=True),
        "provider": Feed("provider", PROVIDER, "interviewer", f"{urn}:interviews", 5.0),
    }


class Voice:
    """Writes the events of one child, and says when each arrives. Counts for the ids."""

    def __init__(self, rng: Random, at: Authority, who: Child) -> None:
        """Remember whose story it is."""
        self.rng, self.authority, self.child = rng, at, who
        self.feeds = feeds(at, who)
        self.arrivals: list[Arrival] = []
        self._said = 0

    def say(
        self, feed: str, subject: str, name: str, at: Instant, data: Mapping[str, Any] | None = None,
        *, happened: dict[str, str] | None = None,
    ) -> dict[str, str]:  # fmt: skip
        """Tell that something happened then; `happened` when it is not known so exactly. Source and id."""
        speaker = self.feeds[feed]
        learned, arrives = self._delays(speaker, at)
        given = {k: v for k, v in (data or {}).items() if v is not None}
        event = self.event(speaker, subject, name, self._envelope(speaker, learned, given))
        if happened is None:
            event["time"] = written(speaker, at)
        else:
            event["data"]["happened"] = happened
        self.arrivals.append(Arrival(arrives, event))
        return {"source": event["source"], "id": event["id"]}

    def event(self, speaker: Feed, subject: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """A CloudEvent in its structured mode, without its time."""
        self._said += 1
        return {
            "specversion": "1.0",
            "id": f"{self.child.reference}.{self._said:05d}",
            "source": speaker.source,
            "type": f"missing-episode.{name}.v1",
            "subject": subject,
            "data": {"child": self.known_as(subject)} | data,
        }

    def known_as(self, subject: str) -> Any:
        """The child, as the issuer of the subject calls them; the interview provider has the authority's reference."""
        if subject.partition("/")[0] == self.authority.namespace:
            return self.child.reference
        return {"scheme": subject.partition("/")[0], "reference": f"R{self.child.number:05d}"}

    def _envelope(self, speaker: Feed, learned: Instant, given: dict[str, Any]) -> dict[str, Any]:
        chance = self.rng.random()
        by = {"organisation": speaker.organisation, "role": speaker.role}
        if chance < 0.3:
            by["reference"] = f"simulated worker {self.rng.randint(1, 40)}"
        data = {"learned_at": written(speaker, learned), "asserted_by": by} | given
        data.setdefault("basis", "witnessed" if chance < 0.5 else "told_by" if chance < 0.85 else "document")
        if 0.25 < chance < 0.4:
            data["note"] = self.rng.choice(_NOTES)
        return data

    def _delays(self, speaker: Feed, at: Instant) -> tuple[Instant, Instant]:
        """When the speaker learned of it, and when it arrives: five in a hundred over a day after it happened."""
        if self.rng.random() < table.LATE:
            arrives = at + DAY + MINUTE + hours(self.rng, LATE_BY)
            return at + int(self.rng.random() ** 2 * (arrives - at)) // MINUTE * MINUTE, arrives
        learned = at + wait(self.rng, 0.15, 2)
        if speaker.overnight and self.rng.random() < 0.4 and (batch := day_after(learned, 6)) < at + DAY:
            return learned, batch
        return learned, min(learned + wait(self.rng, speaker.delay_hours), at + DAY - MINUTE)


def written(speaker: Feed, at: Instant) -> str:
    """A time as that system writes it."""
    return to_datetime(at).astimezone(LONDON).isoformat() if speaker.local_time else rfc3339(at)


def london_day(at: Instant) -> dict[str, str]:
    """The moment that is known only by its day."""
    return {"date": to_datetime(at).astimezone(LONDON).date().isoformat()}


def between(speaker: Feed, first: Instant, last: Instant) -> dict[str, str]:
    """The moment that lies somewhere between two times."""
    return {"earliest": written(speaker, first), "latest": written(speaker, last)}

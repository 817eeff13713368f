"""The made-up authority and its made-up children. Every code is one that no real organisation has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from application.simulation import distributions as draws
from application.simulation import parameters as table
from application.simulation.distributions import weighted
from domain.moment import Instant, to_datetime

FORCE: Final = "E23999001"
PROVIDER: Final = "ORG-SIMVOICES"
HOSTS: Final = ("E10999001", "E06999002", "E08999003")
RESIDENTIAL: Final = frozenset({"childrens_home", "supported_accommodation", "residential_school", "secure"})


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority whose period is simulated, and how it works."""

    namespace: str
    seed: int
    """In every reference and source, so that two simulations do not meet in one ledger."""
    uses_away: bool
    offered: float
    """The share of returns after which it offers an interview."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child in care. `setting` is where they live when they go missing, as events.md 2 has it."""

    number: int
    reference: str
    sex: str
    born: date
    exploited: bool
    setting: dict[str, Any]

    @property
    def home(self) -> str:
        """The registered number of the home that looks after them: a made-up URN."""
        return str(self.setting["urn"])

    @property
    def residential(self) -> bool:
        """True where they live in a home with staff."""
        return self.setting["placement_type"] in RESIDENTIAL


def authority(rng: Random, namespace: str, seed: int) -> Authority:
    """An authority with its own habits."""
    return Authority(namespace, seed, rng.random() >= table.NO_AWAY, draws.share(rng, table.OFFERED))


def child(rng: Random, at: Authority, number: int, first: Instant, last: Instant) -> Child:
    """A child whose episodes start between `first` and `last`; not yet eighteen at the last."""
    return Child(
        number=number,
        reference=f"SIM-{at.seed}-{number:05d}",
        sex="male" if rng.random() < table.MALE else "female",
        born=_born(rng, first, last),
        exploited=rng.random() < table.EXPLOITATION_FLAG,
        setting=_setting(rng, at),
    )


def _born(rng: Random, first: Instant, last: Instant) -> date:
    left = 1 - sum(share for _, share in table.AGE_SHARES)
    age = weighted(rng, [*table.AGE_SHARES, (rng.randint(5, 9), left)])
    days = (age + rng.random() * (2 if age == 16 else 1)) * 365.25
    middle = to_datetime((first + last) // 2).date() - timedelta(days=int(days))
    eighteen_after = to_datetime(last).date() - timedelta(days=int(18 * 365.25) - 90)
    return max(middle, eighteen_after)


def _setting(rng: Random, at: Authority) -> dict[str, Any]:
    placement, code = weighted(rng, [((name, code), weight) for name, code, weight in table.PLACEMENTS])
    distance = weighted(rng, table.DISTANCES)
    setting = {
        "placement_type": placement,
        "placement_code": code,
        "urn": f"URN-SC9990{rng.randint(10, 39)}",
        "responsible_authority": at.namespace,
        "distance": distance,
        "legal_status": weighted(rng, table.LEGAL_STATUSES),
        "looked_after": "yes",
    }
    return setting if distance == "in_area" else setting | {"host_authority": rng.choice(HOSTS)}

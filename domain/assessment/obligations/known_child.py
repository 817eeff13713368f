"""The child and the placement as known at every instant: where the child lives, and in which month born."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from domain.assessment.obligations.child_profile import age_range
from domain.assessment.obligations.profiles import Profile, profile
from domain.assessment.obligations.rule_context import BirthMonth
from domain.moment import FOREVER, Instant, Moment
from domain.spans import Span, joined

AGE_BANDS: Final = {"under_12": (0, 11), "12_to_15": (12, 15), "16_to_17": (16, 17), "18_and_over": (18, 200)}
"""The least and the most whole years of each band."""


class Placement(NamedTuple):
    """The home or placement, as far as it is known."""

    type: str | None = None
    urn: str | None = None
    provider: str | None = None
    distance: str | None = None


class KnownChild(NamedTuple):
    """The child, as far as is known."""

    placement: Placement
    births: tuple[str, ...] = ()
    """The months of birth that facts give, each once."""

    def age_band(self, started: Moment | None) -> str | None:
        """Return the band of the child's age at the start; None where several months or a rough start leave it open."""
        if started is None or started.earliest is None or started.latest is None:
            return None
        ends = (started.earliest, started.latest)
        return age_band(age for month in self.births for end in ends for age in age_range(month, end))


def age_band(ages: Iterable[int]) -> str | None:
    """Return the band in which all these ages lie; None where there is none, or no age."""
    bands = {name for age in ages for name, (low, high) in AGE_BANDS.items() if low <= age <= high}
    return bands.pop() if len(bands) == 1 else None


def known_child(
    found: Sequence[tuple[Instant, Profile]], births: Sequence[BirthMonth]
) -> tuple[Span[KnownChild], ...]:
    """Return what is known by spans of `as_at`, from the profiles and the months of birth."""
    changes = sorted({at for at, _ in found} | {birth.earliest for birth in births})
    return joined(
        Span(start, end, _known(profile(found, start), births, start))
        for start, end in pairwise([*changes, FOREVER])
    )


def _known(told: Profile, births: Sequence[BirthMonth], at: Instant) -> KnownChild:
    placement = Placement(told.get("placement_type"), *(told.get(name) for name in Placement._fields[1:]))
    return KnownChild(placement, tuple(sorted(birth.month for birth in births if birth.earliest <= at)))

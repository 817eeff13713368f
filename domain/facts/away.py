"""Away: what is learned of where the child is, before they are back. Phase: away."""

from __future__ import annotations

from domain.facts.fact import Fact, Phase, fact
from domain.facts.members import chosen, code, moment, words, yes_no
from domain.moment import Moment
from domain.vocabulary import CONFIDENCE, INTERRUPTION, LOCATION_TYPE


class Away(Fact):
    """A fact about a child who is still away."""

    __slots__ = ()
    PHASE = Phase.AWAY


@fact
class SightingReported(Away):
    """A possible sighting or contact, not confirmed."""

    confidence: str | None = chosen(CONFIDENCE)
    channel: str | None = code()
    place: str | None = words()


@fact
class Located(Away):
    """Whereabouts are established; the child is not back."""

    location_type: str | None = chosen(LOCATION_TYPE)
    located_by: str | None = code()
    safe: str | None = yes_no()
    place: str | None = words()


@fact
class LocationLost(Away):
    """The whereabouts are no longer known."""


@fact
class StatusInterrupted(Away):
    """The child is in hospital, in custody or abroad."""

    kind: str | None = chosen(INTERRUPTION)
    until: Moment | None = moment()


@fact
class InterruptionEnded(Away):
    """That is over."""

    kind: str | None = chosen(INTERRUPTION)

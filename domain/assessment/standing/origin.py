"""Origin: what the facts of an episode say of it as a whole: when it started, who answers, who was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.chronology.responsibility import responsible_authority, setting
from domain.assessment.standing.episode_end import WITNESSED
from domain.assessment.standing.episode_start import LEAVING, Started, started
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.moment import Moment
from domain.organisations import is_authority

HANDOVERS = (HandoverAcknowledged, ResponsibilityTransferred)


class EpisodeOrigin(NamedTuple):
    """The origin of the episode as a whole, by the facts that bear on it."""

    started: Started | None
    responsible_authority: str | None
    host_authority: str | None
    last_seen: Moment | None
    last_seen_by: str | None = None


class OriginReducer:
    """The origin of an episode, fact by fact.

    Where one organisation says the same several times, it keeps the first and the last fact: those in between change
    nothing. So a fact costs as much as there are different things said, and not as the episode is long.
    """

    def __init__(self, subjects: Sequence[str]) -> None:
        """Start before the first fact."""
        self._subjects = subjects
        self._namings: dict[tuple[str, ...], list[ChronologicalFact]] = {}
        self._handovers: list[ChronologicalFact] = []
        self._transfers: dict[tuple[str, str], ChronologicalFact] = {}
        self._acknowledged: dict[tuple[str, str], ChronologicalFact] = {}
        self._starts: dict[object, ChronologicalFact] = {}
        self.origin = EpisodeOrigin(None, None, None, None)

    def add(self, told: ChronologicalFact, *, after_end: bool) -> None:
        """Take in the next fact; one surely after the end tells neither the start nor a last sight."""
        before = self.origin
        authority = self._authority(told)
        host = (said := setting(told)) and said.host_authority
        self.origin = before._replace(
            responsible_authority=authority,
            host_authority=host if host and is_authority(host) else before.host_authority,
        )
        if authority != before.responsible_authority:
            self.origin = self.origin._replace(started=started(list(self._starts.values()), authority))
        if not after_end:
            self.begin(told)

    def begin(self, told: ChronologicalFact) -> None:
        """Take in what a fact tells of the start, and of when the child was last seen."""
        if self._starts_anew(told):
            first = started(list(self._starts.values()), self.origin.responsible_authority)
            self.origin = self.origin._replace(started=first)
        seen, before = getattr(told.fact, "last_seen_at", None), self.origin.last_seen
        later = _later_seen(before, seen)
        if later is not before:
            by = getattr(told.fact, "last_seen_by", None)
            self.origin = self.origin._replace(last_seen=later, last_seen_by=by)

    def _authority(self, told: ChronologicalFact) -> str | None:
        """Return the responsible authority, asked again only where the fact names one or hands over."""
        said = setting(told)
        if said is not None and said.responsible_authority:
            key = (told.entry.by, told.entry.subject, said.responsible_authority)
            first, *_ = self._namings.setdefault(key, [told])
            self._namings[key] = [first] if first is told else [first, told]
        elif not self._hands_over(told) and self._starts:
            return self.origin.responsible_authority
        named = (t for same in self._namings.values() for t in same)
        return responsible_authority(
            sorted((*named, *self._handovers), key=lambda t: t.order), self._subjects
        )

    def _hands_over(self, told: ChronologicalFact) -> bool:
        """Keep a transfer and what acknowledges it, once both are there; return whether they are."""
        if isinstance(told.fact, ResponsibilityTransferred):
            self._transfers[told.entry.key] = told
            key: tuple[str, str] | None = told.entry.key
        elif isinstance(told.fact, HandoverAcknowledged):
            key = told.fact.of
            if key is not None:
                self._acknowledged.setdefault(key, told)
        else:
            return False
        if key not in self._transfers or key not in self._acknowledged:
            return False
        self._handovers += [self._transfers.pop(key), self._acknowledged[key]]
        return True

    def _starts_anew(self, told: ChronologicalFact) -> bool:
        """Keep a fact that may tell the start; return whether it is the first, or says what none said so."""
        fact = told.fact
        key: object = None
        if isinstance(fact, LEAVING):
            members = (fact.left_at is None, fact.last_seen_at is None, fact.last_seen_by)
            key = (type(fact), told.corrected, told.entry.by, fact.basis == WITNESSED, *members)
        elif self._starts:
            return False
        if key in self._starts:
            return False
        self._starts[key] = told
        return True


def _later_seen(one: Moment | None, other: Moment | None) -> Moment | None:
    """Return the later of two moments at which the child was seen; the first where neither is later."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda m: (m.earliest or m.latest or 0, m.latest or 0))

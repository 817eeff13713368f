"""Who answers for an episode, and whose word changes other entries (events.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.facts.setting import Setting
from domain.organisations import is_authority, namespace


def setting(told: ChronologicalFact) -> Setting | None:
    """The setting that a fact describes, if its type has one and it was given."""
    return getattr(told.fact, "setting", None)


def responsible_authority(facts: Sequence[ChronologicalFact], subjects: Iterable[str]) -> str | None:
    """The responsible authority, by facts in their order; None while nobody is named.

    The `to` of the last acknowledged transfer by somebody who may make one; else the last authority that
    named itself; else the subject's own namespace, if it is an authority; else the earliest fact that names one.
    """
    return _handed_over(facts, subjects)[0]


def unauthorised_transfers(
    facts: Sequence[ChronologicalFact], subjects: Iterable[str]
) -> list[ChronologicalFact]:
    """The acknowledged transfers without effect: by somebody who may not make them (decision 9)."""
    return _handed_over(facts, subjects)[1]


def _handed_over(
    facts: Sequence[ChronologicalFact], subjects: Iterable[str]
) -> tuple[str | None, list[ChronologicalFact]]:
    """Who answers after all transfers, and those without effect."""
    acknowledged = {t.fact.of for t in facts if isinstance(t.fact, HandoverAcknowledged)}
    authority, without_effect = _named(facts, subjects), []
    for told in facts:
        if not isinstance(told.fact, ResponsibilityTransferred) or told.entry.key not in acknowledged:
            continue
        if authority is None or told.entry.by in {authority, namespace(told.entry.subject)}:
            authority = told.fact.to
        else:
            without_effect.append(told)
    return authority, without_effect


def _named(facts: Sequence[ChronologicalFact], subjects: Iterable[str]) -> str | None:
    """The authority before any transfer."""
    named = [
        (t.entry.by, s.responsible_authority) for t in facts if (s := setting(t)) and s.responsible_authority
    ]
    own = [name for by, name in named if by == name]
    if own:
        return own[-1]
    issued = sorted(filter(is_authority, map(namespace, subjects)))
    if issued:
        return issued[0]
    return named[0][1] if named else None


class Entitlement:
    """Whose word takes effect in one episode. Judged on facts as first recorded, uncorrected."""

    def __init__(self, facts_as_recorded: Sequence[ChronologicalFact], subjects: Iterable[str]) -> None:
        """Find the responsible authority among the facts as they were first recorded."""
        self.authority = responsible_authority(facts_as_recorded, subjects)

    def may_decide(self, by: str, subject: str) -> bool:
        """Links, reopening, errors, resolutions: the responsible authority; while none is named, the subject's."""
        return by == (self.authority or namespace(subject))

    def may_correct(self, by: str, source: str, target_source: str) -> bool:
        """Corrections and retractions: the target's own source, or the responsible authority."""
        return source == target_source or (self.authority is not None and by == self.authority)

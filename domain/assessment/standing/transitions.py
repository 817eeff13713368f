"""Transitions: what each kind of fact makes of where a child stands (assessment.md 2). Ends are apart."""

from __future__ import annotations

from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.standing.classifications import dfe_category
from domain.facts.away import Located, LocationLost
from domain.facts.casework import CategoryAssigned
from domain.facts.start import AbsenceNoticed, Reported, Start
from domain.vocabulary import AWAY, MISSING

TRANSITIONS: Final[dict[str, dict[str, str]]] = {
    "noticed": {"nothing": "absence_noticed"},
    "reported": {"nothing": "missing", "absence_noticed": "missing"},
    "named_missing": dict.fromkeys(("nothing", "absence_noticed", "missing", "away"), "missing"),
    "named_away": dict.fromkeys(("nothing", "absence_noticed", "missing", "away"), "away"),
    "located": dict.fromkeys(("nothing", "absence_noticed", "missing"), "located"),
    "lost": {"located": "missing", "away": "missing"},
}
"""The standing that each kind of fact leads to; where nothing is listed it stays. Ends are apart."""
AGAIN: Final = {"reported", "named_missing"}
"""Kinds of report after which a child who was surely located before is missing again."""
_NAMING: Final = (Reported, CategoryAssigned)


def kind_of(told: ChronologicalFact) -> str | None:
    """Return which transition a fact makes; None when it makes none."""
    fact = told.fact
    if isinstance(fact, AbsenceNoticed):
        return "noticed"
    if isinstance(fact, _NAMING) and (named := dfe_category(told)) is not None:
        return {MISSING: "named_missing", AWAY: "named_away"}.get(
            named, "reported" if isinstance(fact, Start) else None
        )
    if isinstance(fact, Start):
        return "reported"
    if isinstance(fact, Located):
        return "located"
    return "lost" if isinstance(fact, LocationLost) else None

"""Classifications next to the standing: categories and risks by scheme, and the police's part (assessment.md 2)."""

from __future__ import annotations

from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.facts.casework import CategoryAssigned, RiskAssessed
from domain.facts.start import PoliceNotified, Reported
from domain.moment import Moment
from domain.organisations import is_police
from domain.vocabulary import DFE_2014, RISK_LEVEL


class Category(NamedTuple):
    """A classification in one scheme: the first and the last."""

    initial: str
    current: str


class Risk(NamedTuple):
    """A level in one scheme: the first, the last and the highest, and when the last is to be reviewed."""

    initial: str
    current: str
    highest: str
    next_review_due: Moment | None = None


class Police(NamedTuple):
    """The police's part, as far as it is known; None is not known."""

    reported: bool = False
    accepted: str | None = None
    force: str | None = None


def dfe_category(told: ChronologicalFact) -> str | None:
    """Return the category that a fact names in the scheme DfE-2014, the only one that sets missing or away."""
    if isinstance(told.fact, Reported):
        return told.fact.category
    if isinstance(told.fact, CategoryAssigned) and told.fact.scheme == DFE_2014:
        return told.fact.value
    return None


class ClassificationReducer:
    """Categories, risks and the part of the police, fact by fact."""

    def __init__(self) -> None:
        """Start before the first fact."""
        self.category: dict[str, Category] = {}
        self.risk: dict[str, Risk] = {}
        self.police = Police()

    def add(self, told: ChronologicalFact) -> None:
        """Take in the next fact."""
        fact = told.fact
        if (named := dfe_category(told)) is not None:
            self._categorise(DFE_2014, named)
        elif isinstance(fact, CategoryAssigned):
            self._categorise(fact.scheme, fact.value)
        elif isinstance(fact, RiskAssessed):
            before = self.risk.get(fact.scheme, Risk(fact.level, fact.level, fact.level))
            highest = max(before.highest, fact.level, key=_severity)
            self.risk = {
                **self.risk,
                fact.scheme: Risk(before.initial, fact.level, highest, fact.next_review_due),
            }
        if isinstance(fact, PoliceNotified):
            known = self.police
            self.police = Police(True, fact.accepted or known.accepted, fact.force or known.force)
        elif isinstance(fact, Reported) and (to := fact.reported_to) and (to == "police" or is_police(to)):
            force = to if is_police(to) else None
            self.police = self.police._replace(reported=True, force=self.police.force or force)

    def _categorise(self, scheme: str, value: str) -> None:
        initial = self.category[scheme].initial if scheme in self.category else value
        self.category = {**self.category, scheme: Category(initial, value)}


def _severity(level: str) -> int:
    return RISK_LEVEL.values.index(level) if level in RISK_LEVEL.values else -1

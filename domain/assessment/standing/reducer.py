"""Standing: where a child stands at every `as_at`, and what is known beside it (assessment.md 2).

A fact counts for every `as_at` from its earliest on, and facts are ordered by their earliest; so what
counts at any instant is a prefix of the chronology, and one walk along it gives every answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.chronology.responsibility import setting
from domain.assessment.standing.classifications import Category, Police, Risk
from domain.assessment.standing.doubtful_reports import DoubtfulReports
from domain.assessment.standing.episode_end import CountedEnd, EndGroups
from domain.assessment.standing.episode_start import FIRST_FACT
from domain.assessment.standing.episode_state import EpisodeState, StateChange
from domain.assessment.standing.origin import HANDOVERS, EpisodeOrigin, OriginReducer
from domain.assessment.standing.prefix import Prefix
from domain.assessment.standing.spells import SpellChange
from domain.facts import Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.away import InterruptionEnded, Located, LocationLost, StatusInterrupted
from domain.facts.casework import CategoryAssigned, RiskAssessed
from domain.facts.end import EndedOtherwise
from domain.facts.start import AbsenceNoticed, EpisodeRecordedLater, PoliceNotified, Reported, Start
from domain.facts.value_kinds import EventRef
from domain.moment import Instant
from domain.organisations import is_police
from domain.vocabulary import AWAY, DFE_2014, MISSING, RISK_LEVEL

TRANSITIONS: Final[dict[str, dict[str, str]]] = {
    "noticed": {"nothing": "absence_noticed"},
    "reported": {"nothing": "missing", "absence_noticed": "missing"},
    "named_missing": dict.fromkeys(("nothing", "absence_noticed", "missing", "away"), "missing"),
    "named_away": dict.fromkeys(("nothing", "absence_noticed", "missing", "away"), "away"),
    "located": dict.fromkeys(("nothing", "absence_noticed", "missing"), "located"),
    "lost": {"located": "missing", "away": "missing"},
}
"""What each kind of fact makes of a standing; where nothing is listed it stays. Ends are apart."""
_AGAIN: Final = {"reported", "named_missing"}
"""What makes a child who was located missing again: somebody reports it, surely after that."""
_MOVES: Final = {Phase.START, Phase.AWAY}
_NO_CONTRADICTION: Final = (EpisodeRecordedLater, StatusInterrupted, InterruptionEnded)
"""Facts that may follow an end and be true: what came to light later, and where a child who is back was then (decisions
8 and 23)."""
_NAMING: Final = (Reported, CategoryAssigned)
_NAMED: Final = {MISSING: "missing", AWAY: "away"}
"""The standing that a category means."""
MOST_NAMED: Final = 100
"""Positions of what contradicts an end that are named: the first ones."""
_CLASSING: Final = (CategoryAssigned, RiskAssessed, EpisodeReopened)


def kind_of(told: ChronologicalFact) -> str | None:
    """Which transition a fact makes; None when it makes none."""
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


def dfe_category(told: ChronologicalFact) -> str | None:
    """The category that a fact names in the scheme DfE-2014, the only one that sets missing or away."""
    if isinstance(told.fact, Reported):
        return told.fact.category
    if isinstance(told.fact, CategoryAssigned) and told.fact.scheme == DFE_2014:
        return told.fact.value
    return None


class StandingReducer:
    """A walk along the chronology of one episode, fact by fact."""

    def __init__(self, subjects: Sequence[str], resolved: set[EventRef], ends_agree: Instant) -> None:
        """Start before the first fact. `resolved`: facts whose contradiction was settled."""
        self.subjects, self.resolved, self.ends_agree = subjects, resolved, ends_agree
        self.begins = OriginReducer(subjects)
        self._first = True
        self.whereabouts = "nothing"
        self.moves: list[SpellChange] = []
        self.since_by: ChronologicalFact | None = None
        self.ever: set[str] = set()
        self.ends = EndGroups(ends_agree)
        self._ended: list[ChronologicalFact] = []  # those since the last reopening
        self.contradictions: list[tuple[Instant, int]] = []  # from when on, and where
        self.doubtful = DoubtfulReports()
        self.reopened: list[tuple[ChronologicalFact, ChronologicalFact]] = []
        self.reopening: ChronologicalFact | None = None  # where nothing else says that the child was missing
        self.category: dict[str, Category] = {}
        self.risk: dict[str, Risk] = {}
        self.police = Police()
        self.named: set[str] = set()  # the standings that categories name
        self.begun: set[str] = set()  # and those that starts without a category mean

    def step(self, told: ChronologicalFact) -> None:
        """Take in the next fact."""
        if self._first or _bears(told):
            self.begins.add(told)
            self._first = False
            self._contradict(told)
        kind = kind_of(told)
        if kind is not None:
            again = kind in _AGAIN and isinstance(told.fact, Reported) and self._surely_located(told)
            self._move(MISSING if again else TRANSITIONS[kind].get(self.whereabouts), told)
            if isinstance(told.fact, Start):  # also where a category after the end had said the same before
                self.ever.add(self.whereabouts)
        self._say(told)
        if told.fact.PHASE == Phase.END:
            self.ends.add(told)
            self._ended.append(told)
            self.doubtful.settle(self.ends)
        elif isinstance(told.fact, EpisodeReopened):
            self.reopened += [(end, told) for end in self._ended]
            self.ends, self._ended = EndGroups(self.ends_agree), []
            self.doubtful.reopen()
            if self.whereabouts == "nothing":
                self.reopening = told
                self._move(MISSING, told)
            self.ever.add(self.whereabouts)
        self._classify(told)

    def _surely_located(self, told: ChronologicalFact) -> bool:
        """Return whether the child was located surely before a fact."""
        by = self.since_by
        return self.whereabouts == "located" and by is not None and by.latest < told.earliest

    def _move(self, to: str | None, told: ChronologicalFact) -> None:
        if to is not None and to != self.whereabouts:
            self.whereabouts, self.since_by = to, told
            self.moves.append(SpellChange(to, told.earliest, told.latest))
            if isinstance(told.fact, Start) or not self._surely_over(told):
                self.ever.add(to)

    def _say(self, told: ChronologicalFact) -> None:
        """Note in which standing a fact puts the child, unless it surely follows the end."""
        if self._surely_over(told):
            return
        if (named := _NAMED.get(dfe_category(told) or "")) is not None:
            self.named.add(named)
        elif isinstance(told.fact, Start):
            self.begun.add("absence_noticed" if isinstance(told.fact, AbsenceNoticed) else MISSING)

    def _surely_over(self, told: ChronologicalFact) -> bool:
        """Whether the episode had surely ended before a fact: then that is not how the child was in it."""
        end = self.ends.counted
        return end is not None and end.over < told.earliest

    def _classify(self, told: ChronologicalFact) -> None:
        fact = told.fact
        if (named := dfe_category(told)) is not None:
            self._categorise(DFE_2014, named)
        elif isinstance(fact, CategoryAssigned):
            self._categorise(fact.scheme, fact.value)
        elif isinstance(fact, RiskAssessed):
            before = self.risk.get(fact.scheme, Risk(fact.level, fact.level, fact.level))
            highest = max(before.highest, fact.level, key=_severity)
            self.risk = {**self.risk, fact.scheme: Risk(before.initial, fact.level, highest)}
        if isinstance(fact, PoliceNotified):
            known = self.police
            self.police = Police(True, fact.accepted or known.accepted, fact.force or known.force)
        elif isinstance(fact, Reported) and (to := fact.reported_to) and (to == "police" or is_police(to)):
            force = to if is_police(to) else None
            self.police = self.police._replace(reported=True, force=self.police.force or force)

    def _categorise(self, scheme: str, value: str) -> None:
        initial = self.category[scheme].initial if scheme in self.category else value
        self.category = {**self.category, scheme: Category(initial, value)}

    def frame(self, at: Instant) -> StateChange:
        """What holds from here on."""
        end = self.ends.counted
        return StateChange(
            at,
            self._picture(end),
            end,
            Prefix(self.reopened),
            frozenset(self.ever),
            self.since_by,
            frozenset(self.named or (self.begun & {MISSING}) or self.begun),
        )

    def _picture(self, end: CountedEnd | None) -> EpisodeState:
        standing = self.whereabouts
        since = None if self.since_by is None else self.since_by.when
        if end is not None:
            standing = "ended" if isinstance(end.trigger.fact, EndedOtherwise) else "returned"
            since = end.when
        return EpisodeState(
            standing=standing,
            since=since,
            end_contradicted=self._contradicting(end),
            end_possibly_contradicted=self._doubtful(end),
            category=self.category,
            risk=self.risk,
            police=self.police,
            **self._origin()._asdict(),
            moves=len(self.moves),
        )

    def _origin(self) -> EpisodeOrigin:
        """Return what is said of it as a whole; where only a reopening says that it began, that is the basis."""
        found = self.begins.origin
        if self.reopening is None or found.started is None or found.started.basis != FIRST_FACT:
            return found
        return found._replace(started=found.started._replace(basis="reopened"))

    def _contradict(self, told: ChronologicalFact) -> None:
        """Keep a start or away fact, which contradicts every end that it surely follows."""
        fact = told.fact
        contradicts = fact.PHASE in _MOVES and not isinstance(fact, _NO_CONTRADICTION)
        if contradicts and EventRef(*told.entry.key) not in self.resolved:
            self.contradictions.append((told.earliest, told.entry.position))
            self.doubtful.add(told, self.ends)

    def _contradicting(self, end: CountedEnd | None) -> tuple[int, ...]:
        """Start and away facts surely after the end: they do not reopen it, and put the child on the list."""
        if end is None:
            return ()
        first = bisect_right(self.contradictions, end.over, key=lambda each: each[0])
        return tuple(position for _, position in self.contradictions[first : first + MOST_NAMED])

    def _doubtful(self, end: CountedEnd | None) -> tuple[int, ...]:
        return () if end is None else tuple(told.entry.position for told in self.doubtful.open)


def state_changes(chronology: Sequence[ChronologicalFact], walk: StandingReducer) -> list[StateChange]:
    """A frame for each instant at which something begins to count that changes what holds."""
    made: list[StateChange] = []
    telling = [told for n, told in enumerate(chronology) if n == 0 or _tells(told)]
    for earliest, together in groupby(telling, key=lambda told: told.earliest):
        for told in together:
            walk.step(told)
        frame = walk.frame(earliest)
        if not made or frame[1:] != made[-1][1:]:
            made.append(frame)
    return made


def _severity(level: str) -> int:
    return RISK_LEVEL.values.index(level) if level in RISK_LEVEL.values else -1


def _tells(told: ChronologicalFact) -> bool:
    """Whether a fact can change anything of what holds: most that follow an end do not."""
    return told.fact.PHASE == Phase.END or isinstance(told.fact, _CLASSING) or _bears(told)


def _bears(told: ChronologicalFact) -> bool:
    """Whether a start, an end's contradiction, a last sight or who answers can follow from a fact."""
    return told.fact.PHASE in _MOVES or setting(told) is not None or isinstance(told.fact, HANDOVERS)

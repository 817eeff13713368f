"""Standing: where a child stands at every `as_at`, and what else is known (assessment.md 2).

A fact counts for every `as_at` from its earliest on, and facts are ordered by their earliest. So a prefix of the
chronology counts at any instant, and one walk along it gives every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.chronology.responsibility import setting
from domain.assessment.standing.absences import MOVES, Absences
from domain.assessment.standing.classifications import ClassificationReducer, dfe_category
from domain.assessment.standing.episode_end import CountedEnd
from domain.assessment.standing.episode_start import FIRST_FACT
from domain.assessment.standing.episode_state import EpisodeState, StateChange
from domain.assessment.standing.origin import HANDOVERS, EpisodeOrigin, OriginReducer
from domain.assessment.standing.prefix import Prefix
from domain.assessment.standing.spells import EndedAbsence, SpellChange
from domain.assessment.standing.transitions import AGAIN, TRANSITIONS, kind_of
from domain.facts import Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.casework import CategoryAssigned, RiskAssessed
from domain.facts.end import EndedOtherwise
from domain.facts.start import AbsenceNoticed, Reported, Start
from domain.facts.value_kinds import EventRef
from domain.moment import Instant
from domain.vocabulary import AWAY, MISSING

_NAMED: Final = {MISSING: "missing", AWAY: "away"}
"""The standing that a category means."""
_CLASSING: Final = (CategoryAssigned, RiskAssessed, EpisodeReopened)


class _Again:
    """Where a child is said to be after an end."""

    def __init__(self) -> None:
        self.whereabouts = "nothing"
        self.reported: set[str] = set()


class StandingReducer:
    """A walk along the chronology of one episode, fact by fact."""

    def __init__(self, subjects: Sequence[str], resolved: set[EventRef], ends_agree: Instant) -> None:
        """Start before the first fact. `resolved`: facts whose contradiction was settled."""
        self.begins = OriginReducer(subjects)
        self.absences = Absences(resolved, ends_agree)
        self.ended: list[EndedAbsence] = []  # every absence that was followed by a further one
        self._withheld: list[ChronologicalFact] = []  # surely after the end of the first absence
        self._again: _Again | None = None  # where the child is said to be after the end
        self._absence, self._absences, self._reopened_at = 0, 0, 0
        self._first = True
        self.whereabouts = "nothing"
        self.moves: list[SpellChange] = []
        self.since_by: ChronologicalFact | None = None
        self.ever: set[str] = set()
        self._ended: list[ChronologicalFact] = []  # those since the last reopening
        self.reopened: list[tuple[ChronologicalFact, ChronologicalFact]] = []
        self.reopening: ChronologicalFact | None = None  # where nothing else says that the child was missing
        self.classes = ClassificationReducer()
        self.named: set[str] = set()  # the standings that categories name
        self.begun: set[str] = set()  # and those that starts without a category mean

    def step(self, told: ChronologicalFact) -> None:
        """Take in the next fact."""
        if self._first or _bears(told):
            after_end = self.absences.over(told)
            self.begins.add(told, after_end=after_end)
            if after_end:
                self._withheld.append(told)
            self._first = False
            self.absences.add_away(told)
        kind = kind_of(told)
        if kind is not None:
            again = kind in AGAIN and isinstance(told.fact, Reported) and self._surely_located(told)
            self._move(MISSING if again else TRANSITIONS[kind].get(self.whereabouts), told)
            if isinstance(told.fact, Start):  # also where a category after the end had said the same before
                self.ever.add(self.whereabouts)
            self._move_again(kind, told)
        self._say(told)
        if told.fact.PHASE == Phase.END:
            self._end(told)
        elif isinstance(told.fact, EpisodeReopened):
            self._reopen(told)
        self.classes.add(told)

    def _end(self, told: ChronologicalFact) -> None:
        """Take in an end: of the absence that is reported, or of a further one."""
        self._ended.append(told)
        before, again = self.absences.end, self._again
        if self.absences.add_end(told) and before is not None:
            self.ended.append(EndedAbsence(self._absence, before.when))
            if again is None:
                self._absences += 1
            self._absence = self._absences
            self.ever |= set() if again is None else again.reported
            self._again = None
        elif not self.absences.earlier:
            self._tell_withheld(self.absences.end)

    def _reopen(self, told: ChronologicalFact) -> None:
        """Exclude all ends; a child of whom nothing else is said is missing, as the authority says."""
        self.reopened += [(end, told) for end in self._ended]
        self._ended = []
        self.absences.reopen()
        self._absence, self._again, self._reopened_at = 0, None, len(self.ended)
        self._tell_withheld(None)
        if self.whereabouts == "nothing":
            self.reopening = told
            self._move(MISSING, told)
        self.ever.add(self.whereabouts)

    def _tell_withheld(self, end: CountedEnd | None) -> None:
        """Take in what surely followed an end that does not count any more."""
        now = [told for told in self._withheld if end is None or told.earliest <= end.over]
        self._withheld = self._withheld[len(now) :]
        for told in now:
            self.begins.begin(told)

    def _move_again(self, kind: str, told: ChronologicalFact) -> None:
        """Note where a child is said to be after the end: that is so once a later end settles it."""
        if not self.absences.again(told):
            return
        if self._again is None:
            self._absences += 1
            self._again = _Again()
        again = self._again
        to = TRANSITIONS[kind].get(again.whereabouts)
        if to is not None and to != again.whereabouts:
            again.whereabouts = to
            self.moves.append(SpellChange(to, told.earliest, told.latest, self._absences))
            if isinstance(told.fact, Start):
                again.reported.add(to)

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
        """Return whether the episode had surely ended before a fact: then that is not how the child was in it."""
        return self.absences.over(told)

    def frame(self, at: Instant) -> StateChange:
        """Return what holds from here on."""
        end = self.absences.end
        return StateChange(
            at,
            self._picture(end),
            None if end is None else end._replace(absence=self._absence),
            Prefix(self.absences.earlier),
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
            end_contradicted=self.absences.contradicting,
            end_possibly_contradicted=self._doubtful(end),
            category=self.classes.category,
            risk=self.classes.risk,
            police=self.classes.police,
            **self._origin()._asdict(),
            moves=len(self.moves),
            absences=(self._reopened_at, len(self.ended)),
            absence=self._absence,
        )

    def _origin(self) -> EpisodeOrigin:
        """Return what is said of it as a whole; where only a reopening says that it began, that is the basis."""
        found = self.begins.origin
        if self.reopening is None or found.started is None or found.started.basis != FIRST_FACT:
            return found
        return found._replace(started=found.started._replace(basis="reopened"))

    def _doubtful(self, end: CountedEnd | None) -> tuple[int, ...]:
        return () if end is None else tuple(told.entry.position for told in self.absences.doubtful.open)


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


def _tells(told: ChronologicalFact) -> bool:
    """Return whether a fact can change anything of what holds: most that follow an end do not."""
    return told.fact.PHASE == Phase.END or isinstance(told.fact, _CLASSING) or _bears(told)


def _bears(told: ChronologicalFact) -> bool:
    """Return whether a start, an end's contradiction, a last sight or who answers can follow from a fact."""
    return told.fact.PHASE in MOVES or setting(told) is not None or isinstance(told.fact, HANDOVERS)

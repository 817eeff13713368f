"""Able candidates: those that may answer one duty, and those that surely came too early to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, takewhile

from domain.assessment.obligations.answer_window import CLOCK_STARTED, window_starts
from domain.assessment.obligations.candidates import MOST_CONSIDERED, RejectedCandidate
from domain.assessment.obligations.clock_periods import ClockPeriod
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.obligations.verdict import Candidate
from domain.moment import FOREVER, Instant


class CandidateList:
    """The candidates of a rule in the order of their earliest, as many duties ask for them."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Remember them, and by when all up to each of them were over."""
        self.all = candidates
        self.over = list(accumulate((c.latest for c in candidates), max))
        self.done = [c for c in candidates if not c.excuses]


class AbleCandidates:
    """The candidates that can count for one clock period, read only as far as anybody asks."""

    def __init__(self, candidates: CandidateList, case: ClockPeriod, matter: RuleContext) -> None:
        """Find where the duty's window begins. Those that may only follow the clock do not surely precede it."""
        self._candidates, self._started = candidates, case.started or case.trigger.when
        self._starts = list(window_starts(case.trigger, matter.start, matter.reopenings))
        opens = max(start.earliest for start in self._starts)
        self._first = bisect_left(candidates.over, opens)
        self._sure = bisect_left(candidates.all, opens, key=lambda c: c.earliest)

    @property
    def early(self) -> list[RejectedCandidate]:
        """Those that surely came too early, each with why; of many the last MOST_CONSIDERED."""
        found = []
        for candidate in reversed(self._candidates.all[: self._sure]):
            why = self._too_early(candidate)
            if why is not None:
                found.append(RejectedCandidate(candidate.earliest, candidate.told, why))
            if len(found) == MOST_CONSIDERED:
                break
        return found[::-1]

    def __iter__(self) -> Iterator[Candidate]:
        """Yield those that can count, in their order."""
        for candidate in islice(self._candidates.all, self._first, None):
            if (able := self._able(candidate)) is not None:
                yield able

    def bearing(self, by: Candidate, later: Sequence[Candidate], at: Instant) -> Iterator[Candidate]:
        """Yield what a decision weighs as at an instant: all up to the one that decides, then what was done `later`."""
        for candidate in self:
            yield candidate
            if candidate.told is by.told:
                break
        yield from (each for each in later if each.earliest <= at)

    def done_after(self, by: Candidate, end: Instant) -> list[Candidate]:
        """Return what was done all the same after the fact that excuses, before an instant: the first of many."""
        if not by.excuses:
            return []
        first = bisect_right(self._candidates.done, by.earliest, key=lambda c: c.earliest)
        rest = takewhile(lambda c: c.earliest < end, islice(self._candidates.done, first, None))
        able = (self._able(candidate) for candidate in rest)
        return list(islice((c for c in able if c is not None), MOST_CONSIDERED))

    def _able(self, candidate: Candidate) -> Candidate | None:
        """Return the candidate as it counts for the duty; None when it does not."""
        if self._too_early(candidate) is not None:
            return None
        if candidate.after and candidate.when.surely_before(self._started):
            return None
        begun = FOREVER if self._started.latest is None else self._started.latest
        if candidate.after and candidate.earliest < begun:
            return candidate._replace(early=CLOCK_STARTED)
        told = candidate.told
        unsure = next((s for s in self._starts if s.may_follow(candidate.earliest, told.fact)), None)
        return candidate if unsure is None else candidate._replace(early=unsure.event)

    def _too_early(self, candidate: Candidate) -> str | None:
        before = next((s for s in self._starts if s.surely_follows(candidate.latest)), None)
        return None if before is None else f"it came before {before.event}"

"""Verdict: whether a duty was met, in time or late, and from when to when that is the answer (assessment.md 3).

The duty is due within d = [d1, d2], which is the start plus the limit, after pauses. It is met or excused within
m = [m1, m2]. The instant of the limit itself is in time. The verdict is the first of these that holds:

* met, excused: m2 <= d1
* cannot_tell: the uncertainty of a time leaves it open
* met_late, excused_late: m1 > d2
* due: as_at <= d1
* overdue: as_at > d2
* paused: the clock is stopped
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.deadlines import Due
from domain.moment import Instant, Moment
from domain.spans import Span

MET, EXCUSED, CANNOT_TELL, MET_LATE, EXCUSED_LATE = (
    "met",
    "excused",
    "cannot_tell",
    "met_late",
    "excused_late",
)
DUE, OVERDUE, PAUSED, NOT_APPLICABLE, WITHDRAWN = "due", "overdue", "paused", "not_applicable", "withdrawn"
VERDICTS = (
    MET, EXCUSED, CANNOT_TELL, MET_LATE, EXCUSED_LATE, DUE, OVERDUE, PAUSED, NOT_APPLICABLE, WITHDRAWN,
)  # fmt: skip


class Candidate(NamedTuple):
    """A fact that may meet or excuse a duty, with the moment that counts for it."""

    earliest: Instant
    latest: Instant
    excuses: bool
    told: ChronologicalFact
    after: bool = False
    """True when it counts only from the start of the clock on."""
    early: str = ""
    """The event that it must not precede, and may have preceded; empty when nothing leaves that open."""

    @property
    def when(self) -> Moment:
        """When it happened, as it counts."""
        return Moment(self.earliest, self.latest)


class Outcome(NamedTuple):
    """A verdict and the fact on which it rests, if any."""

    verdict: str
    by: Candidate | None = None
    possibly: bool = False
    """Open, and perhaps overdue: between the earliest and the latest moment at which the limit can lie."""


class _Seen:
    """The candidates that decide, of those that count so far: the first of each kind."""

    def __init__(self, due: Due | None) -> None:
        self._due = due
        self._first: dict[str, Candidate] = {}

    def add(self, candidate: Candidate) -> bool:
        """Take in the next candidate; return whether it is the first of a kind, so that the verdict may change."""
        kind = self._kind(candidate)
        return self._first.setdefault(kind, candidate) is candidate

    def settled(self, earliest: Instant) -> bool:
        """Return whether nothing from an instant on can change the verdict: it could only be of a lower kind."""
        first, due = self._first, self._due
        if due is None:
            return bool(first)
        return MET in first or (
            earliest > due.latest and not first.keys().isdisjoint((EXCUSED, CANNOT_TELL, MET_LATE))
        )

    def _kind(self, candidate: Candidate) -> str:
        due = self._due
        if due is None:
            return CANNOT_TELL
        if candidate.latest <= due.earliest and not candidate.early:
            return EXCUSED if candidate.excuses else MET
        if candidate.earliest <= due.latest:
            return CANNOT_TELL
        return EXCUSED_LATE if candidate.excuses else MET_LATE

    @property
    def outcome(self) -> Outcome | None:
        """The first of the table that holds; None while nothing does."""
        for verdict in (MET, EXCUSED, CANNOT_TELL, MET_LATE, EXCUSED_LATE):
            if (by := self._first.get(verdict)) is not None:
                return Outcome(verdict, by)
        return Outcome(CANNOT_TELL) if self._due is None else None


def verdict_of(due: Due | None, seen: Sequence[Candidate]) -> Outcome | None:
    """Return the verdict once something answers, in the order of the table; None while nothing does."""
    deciding = _Seen(due)
    for candidate in seen:
        deciding.add(candidate)
    return deciding.outcome


def outcomes(
    start: Instant, end: Instant, due: Due | None, candidates: Iterable[Candidate]
) -> Iterator[Span[Outcome]]:
    """Yield the verdicts over [start, end), during which the due moment is the same.

    `candidates` are in the order of their earliest, from which each counts. Only the first of each kind can change
    the verdict, so no more of them are read than decide.
    """
    seen, begin = _Seen(due), start
    for candidate in candidates:
        if candidate.earliest >= end or seen.settled(candidate.earliest):
            break
        before = seen.outcome
        if seen.add(candidate) and begin < candidate.earliest:
            yield from _span(begin, candidate.earliest, due, before)
            begin = candidate.earliest
    yield from _span(begin, end, due, seen.outcome)


def _span(
    begin: Instant, finish: Instant, due: Due | None, outcome: Outcome | None
) -> Iterator[Span[Outcome]]:
    if outcome is not None:
        yield Span(begin, finish, outcome)
    elif due is not None:
        yield from _waiting(begin, finish, due)


def _waiting(start: Instant, end: Instant, due: Due) -> Iterator[Span[Outcome]]:
    """Nothing yet: due to the limit and on it, overdue after it, and `cannot_tell` between its ends."""
    edges = (
        (start, due.earliest + 1, Outcome(PAUSED if due.paused else DUE)),
        (due.earliest + 1, due.latest + 1, Outcome(CANNOT_TELL, None, True)),
        (due.latest + 1, end, Outcome(OVERDUE)),
    )
    for begin, finish, outcome in edges:
        begin, finish = max(start, begin), min(end, finish)  # noqa: PLW2901
        if begin < finish:
            yield Span(begin, finish, outcome)

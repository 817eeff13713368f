"""Verdict: whether a duty was met, in time or late, and from when to when that is the answer (assessment.md 3).

With due d = [d1, d2] (start plus limit, after pauses) and satisfaction m = [m1, m2], the instant of the limit
itself being in time, the first of these that holds: met, excused (m2 <= d1); cannot_tell (the uncertainty
leaves it open); met_late, excused_late (m1 > d2); due (as_at <= d1); overdue (as_at > d2); paused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
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
    """A fact that may satisfy a duty, with the moment that counts for it."""

    earliest: Instant
    latest: Instant
    excuses: bool
    told: ChronologicalFact
    after: bool = False
    """Whether it counts only from the start of the clock on."""
    early: str = ""
    """What it must not precede, and may have preceded; empty when nothing leaves that open."""

    @property
    def when(self) -> Moment:
        """When it satisfies."""
        return Moment(self.earliest, self.latest)


class Outcome(NamedTuple):
    """A verdict and the fact on which it rests, if any."""

    verdict: str
    by: Candidate | None = None
    possibly: bool = False
    """Open, and perhaps overdue: between the earliest and the latest moment at which the limit can lie."""


def verdict_of(due: Due | None, seen: Sequence[Candidate]) -> Outcome | None:
    """The verdict once something satisfies, in the order of the table; None while nothing does."""
    if due is None:
        return Outcome(CANNOT_TELL, seen[0] if seen else None)
    in_time = [c for c in seen if c.latest <= due.earliest and not c.early]
    for verdict, excuses in ((MET, False), (EXCUSED, True)):
        if by := next((c for c in in_time if c.excuses == excuses), None):
            return Outcome(verdict, by)
    if unsure := next((c for c in seen if c.earliest <= due.latest), None):
        return Outcome(CANNOT_TELL, unsure)
    for verdict, excuses in ((MET_LATE, False), (EXCUSED_LATE, True)):
        if by := next((c for c in seen if c.excuses == excuses), None):
            return Outcome(verdict, by)
    return None


def outcomes(
    start: Instant, end: Instant, due: Due | None, candidates: Sequence[Candidate]
) -> Iterator[Span[Outcome]]:
    """The verdicts over [start, end), during which the due moment is the same.

    `candidates` are in the order of their earliest, from which each counts.
    """
    cuts = sorted({start, end, *(c.earliest for c in candidates if start < c.earliest < end)})
    for begin, finish in pairwise(cuts):
        seen = [c for c in candidates if c.earliest <= begin]
        outcome = verdict_of(due, seen)
        if outcome is not None:
            yield Span(begin, finish, outcome)
        elif due is not None:
            yield from _waiting(begin, finish, due)


def _waiting(start: Instant, end: Instant, due: Due) -> Iterator[Span[Outcome]]:
    """Nothing yet: due to the limit and on it, overdue after it, and between its ends nobody can tell."""
    edges = (
        (start, due.earliest + 1, Outcome(PAUSED if due.paused else DUE)),
        (due.earliest + 1, due.latest + 1, Outcome(CANNOT_TELL, None, True)),
        (due.latest + 1, end, Outcome(OVERDUE)),
    )
    for begin, finish, outcome in edges:
        begin, finish = max(start, begin), min(end, finish)  # noqa: PLW2901
        if begin < finish:
            yield Span(begin, finish, outcome)

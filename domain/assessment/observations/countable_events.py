"""Countable events: what happened in an episode that figures count, each with when it happened.

Like every fact a mark counts for each `as_at` from its earliest on (assessment.md 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.answer_window import episode_start
from domain.assessment.standing.episode_end import CountedEnd
from domain.assessment.standing.episode_state import StateChange, start_bounds
from domain.facts import Fact
from domain.facts.casework import OversightRecorded
from domain.facts.end import EndedOtherwise
from domain.facts.return_interview import (
    Interview,
    InterviewAccepted,
    InterviewAllocated,
    InterviewAttempted,
    InterviewDeclined,
    InterviewHeld,
    InterviewNotPossible,
    InterviewOffered,
    InterviewRequested,
    InterviewSummaryRecorded,
)
from domain.facts.start import PoliceNotified
from domain.moment import Instant
from domain.vocabulary import MISSING

ORIGIN, UNDECIDED = "origin", "undecided"
"""From here on it can be decided whether the child was ever missing; or no longer, by a category that contradicts."""
FOUND, NOT_FOUND, OPEN_AGAIN = "found", "not_found", "open"
ASKED, OFFERED, ACCEPTED, HELD = "asked", "offered", "accepted", "held"
DECLINED, ATTEMPTED, NOT_POSSIBLE = "declined", "attempted", "not_possible"
OVERSIGHT, POLICE_REFERENCE = "oversight", "police_reference"

_KINDS: Final[dict[type[Fact], str]] = {
    InterviewRequested: ASKED,
    InterviewAllocated: ASKED,
    InterviewOffered: OFFERED,
    InterviewAccepted: ACCEPTED,
    InterviewHeld: HELD,
    InterviewDeclined: DECLINED,
    InterviewAttempted: ATTEMPTED,
    InterviewNotPossible: NOT_POSSIBLE,
    OversightRecorded: OVERSIGHT,
}


class CountableEvent(NamedTuple):
    """One thing that happened; `sure` False: a summary leaves open whether, or its time whether in this episode."""

    kind: str
    earliest: Instant
    latest: Instant
    position: int = 0
    """The entry that says so; 0 for what several say together."""
    provider: str | None = None
    """The organisation that held an interview, or was to hold it."""
    sure: bool = True
    declined_by: str | None = None
    """The person who declined, the child or a parent; None where no entry says."""


def countable_events(
    frames: Sequence[StateChange], facts: Sequence[ChronologicalFact], covering: Iterable[ChronologicalFact]
) -> tuple[CountableEvent, ...]:
    """The marks of an episode in the order from which they count; `covering`: interviews recorded elsewhere."""
    if not frames:
        return ()
    found = [*_of_frames(frames)]
    start = episode_start(facts, frames)
    for told in (*facts, *covering):
        if not isinstance(told.fact, Interview):
            found += _of_fact(told, frames)
        elif not start.surely_follows(told.latest):
            unsure = start.may_follow(told.earliest, told.fact)
            found += [mark._replace(sure=False) if unsure else mark for mark in _of_fact(told, frames)]
    return tuple(sorted(found, key=lambda mark: mark.earliest))


def _of_frames(frames: Sequence[StateChange]) -> Iterator[CountableEvent]:
    """When the child came to have been missing, how it began to be known, and whether the end finds the child."""
    held: set[str] = set()
    whereabouts = OPEN_AGAIN
    for frame in frames:
        now = {MISSING} & frame.ever
        if frame.was_ever(frozenset({MISSING})) is not None:
            now.add(ORIGIN)
        elif ORIGIN in held:
            now.add(UNDECIDED)
        for kind in sorted(now - held):
            yield CountableEvent(kind, frame.at, frame.at)
        held = now
        if (found := _found(frame.end)) != whereabouts:
            whereabouts = found
            yield CountableEvent(found, frame.at, frame.at)


def _found(end: CountedEnd | None) -> str:
    if end is None:
        return OPEN_AGAIN
    return FOUND if any(_finds(told.fact) for told in end.facts) else NOT_FOUND


def _finds(fact: Fact) -> bool:
    """Return whether an end leaves a child who can be interviewed: back, or known to be somewhere, and alive."""
    if isinstance(fact, EndedOtherwise):
        return fact.whereabouts_known != "no" and fact.reason != "died"
    return True


def _of_fact(told: ChronologicalFact, frames: Sequence[StateChange]) -> Iterator[CountableEvent]:
    fact, position = told.fact, told.entry.position
    if isinstance(fact, InterviewSummaryRecorded):
        yield from _of_summary(fact, told, frames)
    elif isinstance(fact, PoliceNotified):
        if "reference" in told.entry.data.get("sealed", ()):
            yield CountableEvent(POLICE_REFERENCE, told.earliest, told.latest, position)
    elif (kind := _KINDS.get(type(fact))) is not None:
        yield CountableEvent(
            kind,
            told.earliest,
            told.latest,
            position,
            getattr(fact, "provider", None),
            declined_by=fact.by if isinstance(fact, InterviewDeclined) else None,
        )


def _of_summary(
    summary: InterviewSummaryRecorded, told: ChronologicalFact, frames: Sequence[StateChange]
) -> Iterator[CountableEvent]:
    """Yield what an undated claim says happened, sometime between the start and when it was learned.

    Neither yes nor no leaves it open. Accepted, and nothing said of whether it was held: that is open.
    Offered and not accepted may be a refusal or silence: whether it was declined is open.
    """
    learned = summary.learned_at
    latest = told.entry.recorded_at if learned is None or learned.latest is None else learned.latest
    start, _ = start_bounds(frames)

    def mark(kind: str, *, sure: bool) -> CountableEvent:
        return CountableEvent(kind, min(start, latest), latest, told.entry.position, sure=sure)

    for kind in (OFFERED, ACCEPTED, HELD):
        said = getattr(summary, kind)
        if said not in {None, "no", "not_applicable"}:
            yield mark(kind, sure=said == "yes")
    if summary.accepted == "yes" and summary.held is None:
        yield mark(HELD, sure=False)
    if summary.offered == "yes" and summary.accepted == "no":
        yield mark(DECLINED, sure=False)

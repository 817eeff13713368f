"""Triggers: what starts an obligation, and over which `as_at` it is there (assessment.md 3).

A rule starts on facts, on being missing for some hours, or on the Nth episode of a person within some days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.evidence import Evidence, evidence_of
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.standing.episode_end import CountedEnd
from domain.assessment.standing.episode_state import StateChange, start_bounds
from domain.facts import Phase
from domain.moment import DAY, FOREVER, HOUR, Instant, Moment
from domain.rules.rule import FactPattern, RuleStart
from domain.spans import Span, joined
from domain.vocabulary import MISSING


class Trigger(NamedTuple):
    """The start of an obligation: the fact, the moment from which its clock runs, and the evidence."""

    told: ChronologicalFact
    started: Moment | None
    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...] = ()
    """Names of what leaves open whether it is one."""
    end: CountedEnd | None = None
    """The end that it is one of the facts of."""
    earlier: bool = False
    """Says that a further absence followed that end, which therefore changes no more."""


def may_start(starts: RuleStart, matter: RuleContext) -> bool:
    """Return whether anything in an episode could start such a rule, or could have before it was retracted."""
    return not starts.facts or any(p.fact in matter.types for p in starts.facts)


def triggers(starts: RuleStart, matter: RuleContext) -> list[Span[Trigger]]:
    """Every trigger of the rules that start so in an episode, with the span over which it counts."""
    if starts.missing_for is not None:
        return list(_missing_for(starts.missing_for, matter))
    if starts.episodes:
        return list(_episodes(starts.episodes, starts.within, matter))
    ending = tuple(p for p in starts.facts if p.fact in matter.types and p.fact.PHASE == Phase.END)
    other = tuple(p for p in starts.facts if p.fact in matter.types and p.fact.PHASE != Phase.END)
    ends = [*joined(_ends(ending, matter)), *_earlier_ends(ending, matter)] if ending else []
    return [*ends, *(_facts(other, matter) if other else ())]


def _ends(patterns: tuple[FactPattern, ...], matter: RuleContext) -> Iterator[Span[Trigger]]:
    """The end that counts, while it counts."""
    for start, finish, frame in matter.lasting:
        end = frame.end
        if end is None:
            continue
        if trigger := _of_end(end, patterns, frame.picture.responsible_authority):
            for begin, until, apart in _others(start, finish, frame, matter):
                yield Span(begin, until, trigger._replace(evidence=(*trigger.evidence, *apart)))


def _of_end(end: CountedEnd, patterns: tuple[FactPattern, ...], authority: str | None) -> Trigger | None:
    """Return the trigger that an end is, by who the responsible authority is; None where no pattern asks for it."""
    matching = [t for t in end.facts if any(p.matches(t.fact, t.entry.by, authority) for p in patterns)]
    if not matching:
        return None
    told = end.trigger if end.trigger in matching else matching[0]
    return Trigger(told, end.when, tuple(started(t, told) for t in end.facts), end=end)


MOST_EARLIER: Final = 50
"""Earlier absences on one reference whose ends keep their duties: the first ones. Each costs every later entry."""


def _earlier_ends(patterns: tuple[FactPattern, ...], matter: RuleContext) -> Iterator[Span[Trigger]]:
    """Yield the ends of absences that were followed by a further one: they count until a reopening."""
    counting: list[tuple[Instant, CountedEnd, str | None]] = []
    for start, _, frame in matter.lasting:
        if len(frame.earlier) < len(counting):
            yield from _of_earlier(counting, start, patterns)
            counting = []
        authority = frame.picture.responsible_authority
        known = min(len(frame.earlier), MOST_EARLIER)
        counting += [(start, frame.earlier[n], authority) for n in range(len(counting), known)]
    yield from _of_earlier(counting, FOREVER, patterns)


def _of_earlier(
    counting: Iterable[tuple[Instant, CountedEnd, str | None]],
    until: Instant,
    patterns: tuple[FactPattern, ...],
) -> Iterator[Span[Trigger]]:
    for since, end, authority in counting:
        if trigger := _of_end(end, patterns, authority):
            yield Span(since, until, trigger._replace(earlier=True))


MOST_OTHERS: Final = 20
"""Other ends that are named as considered next to the one that counts: the first ones."""


def _others(
    start: Instant, finish: Instant, frame: StateChange, matter: RuleContext
) -> Iterator[Span[tuple[Evidence, ...]]]:
    """The ends apart from the one that counts and what was reopened, from when on each is there to be considered."""
    others: list[ChronologicalFact] = []
    for told in _not_reopened(frame, matter):
        if told.earliest >= finish or len(others) == MOST_OTHERS:
            break
        if frame.end is not None and not frame.end.holds(told):
            others.append(told)
    cuts = sorted({start, finish, *(max(start, t.earliest) for t in others)})
    for begin, until in pairwise(cuts):
        yield Span(begin, until, tuple(_another_end(t) for t in others if t.earliest <= begin))


def _not_reopened(frame: StateChange, matter: RuleContext) -> Iterator[ChronologicalFact]:
    """Yield the ends that no reopening excluded, but for those that agree with the first of the end that counts."""
    first = 0
    if frame.reopened:
        first = bisect_right(matter.ends, frame.reopened[-1][1].order, key=lambda told: told.order)
    counting = frame.end
    for number in range(first, len(matter.ends)):
        told = matter.ends[number]
        if counting is not None and told is counting.facts[0]:
            after = bisect_right(matter.ends, counting.last.order, key=lambda told: told.order)
            yield from matter.ends[after : after + MOST_OTHERS]
            return
        yield told


def _another_end(told: ChronologicalFact) -> Evidence:
    return evidence_of(told, "considered", "another end counts")


def started(told: ChronologicalFact, trigger: ChronologicalFact) -> Evidence:
    """A fact as evidence: the one that started the obligation, or another end that agrees with it."""
    if told is not trigger:
        why = "says the same end"
    else:
        why = "the end that started it" if told.fact.PHASE == Phase.END else "what started it"
    return evidence_of(told, "started", why)


def _facts(patterns: tuple[FactPattern, ...], matter: RuleContext) -> Iterator[Span[Trigger]]:
    """Each fact that matches, from its earliest on."""
    types = {p.fact for p in patterns}
    for told in [t for t in matter.facts if type(t.fact) in types]:
        authority = authority_at(matter, told.earliest)
        pattern = next((p for p in patterns if p.matches(told.fact, told.entry.by, authority)), None)
        if pattern is not None:
            yield Span(told.earliest, FOREVER, Trigger(told, time_of(pattern, told), (started(told, told),)))


def fits(pattern: FactPattern, told: ChronologicalFact, matter: RuleContext) -> bool:
    """Return whether a fact is one of a pattern's, by who the responsible authority was at its earliest."""
    if type(told.fact) is not pattern.fact:
        return False
    responsible = authority_at(matter, told.earliest) if pattern.asks_who else None
    return pattern.matches(told.fact, told.entry.by, responsible)


def time_of(pattern: FactPattern, told: ChronologicalFact) -> Moment | None:
    """The time of a fact that a pattern asks for; None when it was not said."""
    if pattern.time == "happened":
        return told.when
    named = told.fact.learned_at if pattern.time == "learned" else getattr(told.fact, pattern.time)
    if named is None or named.latest is None:
        return None
    earliest = told.earliest if named.earliest is None else named.earliest
    return Moment(min(earliest, named.latest), named.latest)


def _missing_for(hours: Instant, matter: RuleContext) -> Iterator[Span[Trigger]]:
    """A child missing without interruption for so long; it stays a trigger when the child is found afterwards.

    Where a reopening excluded an end, the child was missing all along, from the same fact on.
    """
    runs = _runs(matter)
    for number, (start, finish, frame) in enumerate(runs):
        told = frame.since_by
        assert told is not None  # a fact made the child missing
        at = max(start, told.earliest + hours)
        again = next((run.start for run in runs[number + 1 :] if run.value.since_by is told), FOREVER)
        if at < min(_at_the_latest(finish, matter), again):
            unknown = () if finish > told.latest + hours else (f"missing_for_{hours // HOUR}_hours",)
            evidence = evidence_of(told, "started", "missing from then on")
            began = Moment(told.earliest + hours, told.latest + hours)
            yield Span(at, again, Trigger(told, began, (evidence,), unknown))


def _at_the_latest(finish: Instant, matter: RuleContext) -> Instant:
    """Until when the child may have been missing, where a fact that says otherwise counts from `finish` on."""
    if finish == FOREVER:
        return FOREVER
    frame = frame_at(matter, finish)
    otherwise = frame.end or frame.since_by
    assert otherwise is not None  # a fact says so
    return otherwise.latest


def _runs(matter: RuleContext) -> list[Span[StateChange]]:
    """The spans over which the child was missing without interruption."""
    runs: list[Span[StateChange]] = []
    for span in matter.lasting:
        if span.value.picture.standing != MISSING:
            continue
        if runs and runs[-1].end == span.start and runs[-1].value.since_by is span.value.since_by:
            runs[-1] = Span(runs[-1].start, span.end, runs[-1].value)
        else:
            runs.append(span)
    return runs


def _episodes(count: int, within: Instant, matter: RuleContext) -> Iterator[Span[Trigger]]:
    """This episode, when it is at least the Nth of the person to start within the days before and including it."""
    first, last = start_bounds(matter.frames)
    surely = sum(last - within < o.start and o.start_latest <= first for o in matter.others)
    perhaps = sum(first - within < o.start_latest and o.start <= last for o in matter.others)
    if perhaps + 1 >= count:
        told = next((t for t in matter.facts if t.fact.PHASE == Phase.START), matter.facts[0])
        number = f"{surely + 1}" if surely == perhaps else f"{surely + 1} to {perhaps + 1}"
        why = f"episode {number} of this person within the rule's days"
        evidence = evidence_of(told, "started", why)
        unknown = () if surely + 1 >= count else (f"episode_{count}_within_{within // DAY}_days",)
        yield Span(told.earliest, FOREVER, Trigger(told, told.when, (evidence,), unknown))


def authority_at(matter: RuleContext, at: Instant) -> str | None:
    """The responsible authority as at an instant."""
    return frame_at(matter, at).picture.responsible_authority


def authority_of(matter: RuleContext, trigger: ChronologicalFact, at: Instant) -> str | None:
    """By whose rules a trigger is judged: who was responsible then, or the first that was named after it, by `at`."""
    later = (f.picture.responsible_authority for f in matter.frames if trigger.earliest < f.at <= at)
    return authority_at(matter, trigger.earliest) or next(filter(None, later), None)


def frame_at(matter: RuleContext, at: Instant) -> StateChange:
    """The frame that holds at an instant; the first before it."""
    return matter.frames[matter.frame_number(at)]

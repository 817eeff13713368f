"""Cases: a rule and a trigger, while neither the clock nor who answers for it changes (assessment.md 3)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.child_profile import condition_holds
from domain.assessment.obligations.deadlines import Due, Pause, due
from domain.assessment.obligations.evidence import Evidence, evidence_of
from domain.assessment.obligations.profiles import profile
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.obligations.triggers import (
    Trigger,
    authority_at,
    authority_of,
    fits,
    frame_at,
    time_of,
)
from domain.assessment.standing.episode_end import CountedEnd
from domain.assessment.standing.episode_state import StateChange
from domain.assessment.standing.other_episode import OtherEpisode
from domain.facts import Phase
from domain.facts.return_interview import Interview
from domain.moment import Instant, Moment
from domain.rules.rule import MOVES, PAUSES, PLACEMENT, STANDS, UNDER_18, FactPattern, Rule, said_of
from domain.spans import Span, joined


class ClockPeriod(NamedTuple):
    """One rule on one trigger while nothing about its clock changes."""

    trigger: ChronologicalFact
    starter: ChronologicalFact | None
    """The fact that started the clock: the trigger itself, unless the rule names other facts for that."""
    started: Moment | None
    due: Due | None
    holder: str | None
    failed: tuple[str, ...]
    """The conditions that fail: then the rule does not apply."""
    unknown: tuple[str, ...]
    """The conditions that nobody can decide: they raise the duty."""
    pauses: tuple[Pause, ...]
    evidence: tuple[Evidence, ...]


MOST_CUTS: Final = 20
"""Facts after a further absence began that may still change the clock of a return before it: the first ones."""


def clock_periods(
    rule: Rule, triggered: Sequence[Span[Trigger]], matter: RuleContext
) -> tuple[Span[ClockPeriod], ...]:
    """The spans over which the rule has one of these triggers and its clock stays the same, trigger by trigger."""
    found: list[Span[ClockPeriod]] = []
    cuts = sorted(_cuts(rule, matter)) if triggered else []
    lasting = (
        matter.clock_stretches if rule.clock else matter.lasting if rule.asks_levels else matter.stretches
    )
    settled = matter.lasting if rule.asks_levels else matter.stretches
    for start, end, trigger in triggered:
        near = cuts[(n := bisect_right(cuts, start)) : n + MOST_CUTS] if trigger.earlier else cuts
        for begin, finish, frame in _within(start, end, near, settled if trigger.earlier else lasting):
            case = _case(rule, trigger, frame, matter, begin)
            if case is not None:
                found.append(Span(begin, finish, case))
    return joined(found)


def _within(
    start: Instant, end: Instant, cuts: Sequence[Instant], lasting: Sequence[Span[StateChange]]
) -> Iterator[Span[StateChange]]:
    """The frames of a span, cut at these instants too, which are in order."""
    first = max(0, bisect_right(lasting, start, key=lambda span: span.start) - 1)
    for begin, finish, frame in islice(lasting, first, None):
        if begin >= end:
            break
        low, high = max(begin, start), min(finish, end)
        if low >= high:
            continue
        inside = cuts[bisect_right(cuts, low) : bisect_left(cuts, high)]
        for one, other in pairwise((low, *inside, high)):
            yield Span(one, other, frame)


def _cuts(rule: Rule, matter: RuleContext) -> set[Instant]:
    """The instants at which a clock may start, stop or run again, or its holder change, whatever the standing."""
    told = [*_timed(rule, matter), *matter.of_types(rule.stopped_by)]
    until = [getattr(t.fact, "until", None) for t in told]
    cuts = {t.earliest for t in told} | {u.latest for u in until if u is not None and u.latest is not None}
    if any(condition.of == UNDER_18 for condition in rule.applies_to):
        cuts |= {birth.earliest for birth in matter.births}
    if rule.accountable == "provider":
        cuts |= {t.earliest for t in matter.facts if isinstance(t.fact, Interview)}
    if rule.missing_again != STANDS:
        cuts |= {other.start for other in matter.others}
        cuts |= {
            o.ended.earliest for o in matter.others if o.ended is not None and o.ended.earliest is not None
        }
    return cuts


def _case(
    rule: Rule, trigger: Trigger, frame: StateChange, matter: RuleContext, at: Instant
) -> ClockPeriod | None:
    told, evidence = trigger.told, trigger.evidence
    started, starter = trigger.started, told
    if rule.clock:
        seen = _seen(rule, trigger.end or frame.end, frame, matter, at)
        started, starting = _clock(rule.clock, seen, matter, frame.picture.responsible_authority)
        starter = starting  # type: ignore[assignment]  # unknown: nothing started it yet
        if starting is not None:
            evidence += (evidence_of(starting, "started", "starts the clock"),)
    began = started.earliest if started is not None and started.earliest is not None else told.earliest
    if not rule.binds(authority_of(matter, told, at), began):
        return None
    stopped = tuple(_pauses(rule, matter, at))
    started, paused_again = _moved(started, rule, stopped, matter, at)
    pauses = (*stopped, *_missing_again(rule, matter, told, at), *paused_again)
    falls_due = due(started, rule.limit, pauses)
    failed, unknown = _conditions(rule, matter, frame, told, at)
    return ClockPeriod(
        told,
        starter,
        started,
        falls_due,
        _holder(rule, falls_due, at, matter, told),
        failed,
        (*trigger.unknown, *unknown),
        pauses,
        evidence + tuple(_stopped(matter, pause) for pause in pauses if pause.position),
    )


def _stopped(matter: RuleContext, pause: Pause) -> Evidence:
    fact = next(t.fact.NAME for t in matter.facts if t.entry.position == pause.position)
    return Evidence(pause.position, "paused", fact, f"stopped the clock ({pause.why})")


def _seen(
    rule: Rule, end: CountedEnd | None, frame: StateChange, matter: RuleContext, at: Instant
) -> list[ChronologicalFact]:
    """Return what may start the clock of an end: not another end, nor what came before a reopening or its absence."""
    ends = matter.ends if end is None else end.facts
    told = takewhile(lambda t: t.earliest <= at, _timed(rule, matter))
    bounds = [frame.reopened[-1][1].order] if frame.reopened else []
    bounds += [end.since.order] if end is not None and end.since is not None else []
    since = [t for t in told if t.fact.PHASE != Phase.END and all(t.order > bound for bound in bounds)]
    return sorted(
        [*since, *(t for t in ends if t.earliest <= at and type(t.fact) in rule.started_by)],
        key=lambda t: t.order,
    )


def _timed(rule: Rule, matter: RuleContext) -> list[ChronologicalFact]:
    """The facts that may start the clock, but for those that say the same as one before them, and no earlier time."""
    kept = matter.timed.get((rule.id, rule.version))
    if kept is None:
        kept = matter.timed[rule.id, rule.version] = list(_earliest_of_each(rule, matter))
    return kept


def _earliest_of_each(rule: Rule, matter: RuleContext) -> Iterator[ChronologicalFact]:
    names = sorted({name for p in rule.clock for name in (*p.where, *p.unless)})
    best: dict[tuple[object, ...], list[Moment | None]] = {}
    for told in matter.of_types(rule.started_by):
        era = bisect_left(matter.reopenings, told.order, key=lambda t: t.order)
        said = tuple(said_of(told.fact, name) for name in names)
        key = (era, type(told.fact), told.entry.by, authority_at(matter, told.earliest), said)
        times = [time_of(p, told) for p in rule.clock]
        if told.fact.PHASE != Phase.END and key in best and all(map(_no_earlier, times, best[key])):
            continue
        best.setdefault(key, times)
        yield told


def _no_earlier(time: Moment | None, known: Moment | None) -> bool:
    """Return whether a time neither begins nor ends before one that is known already."""
    if time is None or known is None:
        return time is None
    ends = zip(time, known, strict=True)
    return all(one is not None and other is not None and one >= other for one, other in ends)


def _conditions(
    rule: Rule, matter: RuleContext, frame: StateChange, trigger: ChronologicalFact, at: Instant
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the conditions that fail, and of those that nobody can decide."""
    failed, unknown = [], []
    for condition in rule.applies_to:
        held = condition_holds(condition, matter, frame, trigger, at)
        if held is None:
            unknown.append(condition.name)
        elif not held:
            failed.append(condition.name)
    return tuple(failed), tuple(unknown)


def _holder(
    rule: Rule, falls_due: Due | None, at: Instant, matter: RuleContext, trigger: ChronologicalFact
) -> str | None:
    """Who held the accountable role at the due moment, as far as is known by then; of homes, at the trigger."""
    if rule.accountable == PLACEMENT:
        placed = profile(matter.profiles, trigger.earliest)
        return placed.get("urn") or placed.get("provider")
    frame = frame_at(matter, at if falls_due is None else min(at, falls_due.latest))
    if rule.accountable == "police":
        return frame.picture.police.force
    if rule.accountable == "provider":
        providers = [t.fact for t in matter.facts if isinstance(t.fact, Interview) and t.earliest <= at]
        named = [p for fact in providers if (p := getattr(fact, "provider", None)) is not None]
        return named[-1] if named else None
    authority: str | None = getattr(frame.picture, rule.accountable)
    return authority


def _clock(
    patterns: Sequence[FactPattern],
    facts: Sequence[ChronologicalFact],
    matter: RuleContext,
    authority: str | None,
) -> tuple[Moment | None, ChronologicalFact | None]:
    """The earliest of the times that start the clock, and the fact that gives it; unknown when there is none.

    Who was responsible then starts it, and who is now (`authority`): a hand-over stops no clock that runs.
    """
    times = [
        (when, told)
        for told in facts
        for p in patterns
        if (p.matches(told.fact, told.entry.by, authority) or fits(p, told, matter))
        and (when := time_of(p, told)) is not None
    ]
    if not times:
        return None, None
    earliest = min(when.earliest for when, _ in times if when.earliest is not None)
    latest = min(when.latest for when, _ in times if when.latest is not None)
    return Moment(earliest, latest), min(times, key=lambda t: (t[0], t[1].order))[1]


def _pauses(rule: Rule, matter: RuleContext, at: Instant) -> Iterator[Pause]:
    """Yield what stopped the clock, as far as it counts as at an instant."""
    for pattern in rule.paused_by:
        for told in matter.facts:
            if told.earliest > at or not fits(pattern, told, matter):
                continue
            resumed = next((t for t in matter.facts if _resumes(pattern, told, t)), None)
            end = None if resumed is None or resumed.earliest > at else _not_before(told, resumed)
            until: Moment | None = getattr(told.fact, "until", None)
            if end is None and until is not None and until.latest is not None and until.latest <= at:
                end = Moment(until.earliest if until.earliest is not None else told.latest, until.latest)
            why = getattr(told.fact, "kind", None) or told.fact.NAME
            yield Pause(told.when, end, told.entry.position, why)


def _resumes(pattern: FactPattern, stopped: ChronologicalFact, told: ChronologicalFact) -> bool:
    """Return whether a fact lets the clock run again: of the pattern's type, and of the same kind where both say one.

    It may have come before what stopped the clock as far as its time says, but not surely.
    """
    kinds = {getattr(stopped.fact, "kind", None), getattr(told.fact, "kind", None)} - {None}
    of_type = pattern.until is not None and type(told.fact) is pattern.until
    return of_type and len(kinds) <= 1 and not told.when.surely_before(stopped.when)


def _not_before(stopped: ChronologicalFact, resumed: ChronologicalFact) -> Moment:
    """When the clock ran again: not before it was stopped."""
    return Moment(max(stopped.earliest, resumed.earliest), resumed.latest)


def _missing_again(
    rule: Rule, matter: RuleContext, trigger: ChronologicalFact, at: Instant
) -> Iterator[Pause]:
    """The person's later episodes, while the clock is stopped during them."""
    if rule.missing_again != PAUSES:
        return
    for other in matter.others:
        if trigger.earliest < other.start <= at:
            yield _away(other, other.over(at))


def _away(other: OtherEpisode, until: Moment | None) -> Pause:
    return Pause(Moment(other.start, other.start_latest), until, 0, f"missing again: {other.lead}")


def _moved(
    started: Moment | None, rule: Rule, stopped: Sequence[Pause], matter: RuleContext, at: Instant
) -> tuple[Moment | None, tuple[Pause, ...]]:
    """The start moved on to the return from each further episode that began while the duty was open, if it does."""
    moved = started
    if rule.missing_again != MOVES:
        return moved, ()
    for other in matter.others:
        falls_due = due(moved, rule.limit, stopped)
        if moved is None or falls_due is None or moved.earliest is None or other.start > at:
            break
        if moved.earliest < other.start <= falls_due.latest:
            over = other.over(at)
            if over is None:
                return moved, (_away(other, None),)
            moved = over
    return moved, ()

"""Obligations: one rule applied to one trigger of one episode, with its verdicts as spans (assessment.md 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.able_candidates import AbleCandidates, CandidateList
from domain.assessment.obligations.candidates import (
    MOST_CONSIDERED,
    RejectedCandidate,
    candidates_for,
    nearest,
    rejected_candidates,
    skipped_candidates,
)
from domain.assessment.obligations.child_profile import condition_holds
from domain.assessment.obligations.clock_periods import ClockPeriod, clock_periods
from domain.assessment.obligations.evidence import MAY_PRECEDE, ConsideredEvidence, Evidence, evidence_of
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.obligations.triggers import authority_of, may_start, started, triggers
from domain.assessment.obligations.verdict import NOT_APPLICABLE, WITHDRAWN, Candidate, Outcome, outcomes
from domain.assessment.standing.episode_end import CountedEnd
from domain.facts import Phase
from domain.moment import FOREVER, Moment
from domain.rules.rule import Rule
from domain.rules.rulebook import Rulebook
from domain.spans import Span, joined


class ClockStop(NamedTuple):
    """A time during which the clock was stopped, and why; `end` is None while it still is."""

    begin: Moment
    end: Moment | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict and all that it rests on."""

    verdict: str
    possibly: bool = False
    started_by: int | None = None
    """The position of the entry that started the clock; None while nothing did."""
    started_at: Moment | None = None
    due: Moment | None = None
    satisfied_by: int | None = None
    satisfied_at: Moment | None = None
    holder: str | None = None
    condition_unknown: tuple[str, ...] = ()
    condition_failed: tuple[str, ...] = ()
    """Why the rule does not apply; only when that was asked for."""
    paused: tuple[ClockStop, ...] = ()
    """When the clock was stopped."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty of one episode: which rule, what triggered it, and its verdicts over `as_at`."""

    rule: str
    rule_version: int
    trigger: int
    """The position of the entry that started it."""
    verdicts: tuple[Span[Verdict], ...]


def obligations(matter: RuleContext, rulebook: Rulebook, *, not_applicable: bool) -> tuple[Obligation, ...]:
    """Every obligation of an episode under a rulebook, in the order of rules and triggers.

    With `not_applicable` also those whose conditions fail, each with the conditions that did.
    """
    found: dict[int, list[Obligation]] = {}
    for starts, numbers in rulebook.by_start if matter.frames else ():
        if may_start(starts, matter):
            triggered = triggers(starts, matter)
            for number in numbers:
                cases = clock_periods(rulebook.rules[number], triggered, matter)
                verdicts = _verdicts(rulebook.rules[number], cases, matter, not_applicable=not_applicable)
                found[number] = _by_trigger(rulebook.rules[number], verdicts, matter)
    return tuple(chain.from_iterable(of_rule for _, of_rule in sorted(found.items())))


def _by_trigger(
    rule: Rule, verdicts: Iterable[tuple[int, Span[Verdict]]], matter: RuleContext
) -> list[Obligation]:
    """The obligations of one rule, in the order of what triggered them."""
    spans: dict[int, list[Span[Verdict]]] = defaultdict(list)
    for trigger, span in verdicts:
        spans[trigger].append(span)
    found = []
    for trigger, of_trigger in sorted(spans.items()):
        in_order = sorted(of_trigger, key=lambda span: span.start)
        found.append(Obligation(rule.id, rule.version, trigger, joined(_set_aside(in_order, matter))))
    return found


def _set_aside(spans: list[Span[Verdict]], matter: RuleContext) -> Iterable[Span[Verdict]]:
    """Withdraw every obligation of an episode recorded in error, at every `as_at`."""
    applied = next((span.value for span in spans if span.value.verdict != NOT_APPLICABLE), None)
    if matter.in_error is None or applied is None:
        return spans
    return [Span(spans[0].start, FOREVER, withdrawn(applied, matter.in_error, "episode in error"))]


def withdrawn(before: Verdict, by: ChronologicalFact, why: str) -> Verdict:
    """Return what a verdict becomes when its trigger no longer counts."""
    told = tuple(e for e in before.evidence if e.role == "started")
    return Verdict(
        WITHDRAWN,
        started_by=before.started_by,
        started_at=before.started_at,
        due=before.due,
        holder=before.holder,
        evidence=(*told, evidence_of(by, "considered", why)),
    )


def _verdicts(
    rule: Rule, cases: Sequence[Span[ClockPeriod]], matter: RuleContext, *, not_applicable: bool
) -> Iterator[tuple[int, Span[Verdict]]]:
    """The verdicts of one rule, span by span, each with the position of its trigger."""
    applying = [span for span in cases if not span.value.failed]
    candidates = candidates_for(rule, matter) if applying else []
    asides = rejected_candidates(rule, matter, candidates) if applying else []
    listed, considered = CandidateList(candidates), ConsideredEvidence()
    for start, end, case in applying:
        able = AbleCandidates(listed, case, matter)
        excluded = [*nearest(asides, case.trigger.earliest), *able.early]
        starting = {evidence.position for evidence in case.evidence}
        for span in outcomes(start, end, case.due, able):
            for begin, finish, weighed in _weighed_spans(span, case, able, excluded):
                verdict = _verdict(case, span.value, considered.of(weighed, starting))
                yield case.trigger.entry.position, Span(begin, finish, verdict)
    for start, end, case in cases if not_applicable else ():
        if case.failed:
            yield case.trigger.entry.position, Span(start, end, _verdict(case, Outcome(NOT_APPLICABLE)))
    if rule.starts.facts:  # else it is no end that started it, even where the first fact of an episode is one
        yield from _reopened(matter, applying)
    yield from _retracted(rule, matter)


def _weighed_spans(
    span: Span[Outcome], case: ClockPeriod, able: AbleCandidates, asides: Sequence[RejectedCandidate]
) -> Iterator[Span[list[tuple[ChronologicalFact, str]]]]:
    """Yield what was considered next to the fact that decides, from when on it counts."""
    by = span.value.by
    later = [] if by is None else able.done_after(by, span.end)
    times = chain((aside.earliest for aside in asides), (done.earliest for done in later))
    cuts = sorted({span.start, span.end, *(at for at in times if span.start < at < span.end)})
    for begin, finish in pairwise(cuts):
        skipped = [] if by is None else skipped_candidates(by, able.bearing(by, later, begin), case.due)
        kept = islice(skipped, MOST_CONSIDERED)
        yield Span(begin, finish, [*kept, *((a.told, a.why) for a in asides if a.earliest <= begin)])


def _verdict(case: ClockPeriod, outcome: Outcome, considered: Iterable[Evidence] = ()) -> Verdict:
    by = outcome.by
    return Verdict(
        outcome.verdict,
        possibly=outcome.possibly,
        started_by=None if case.starter is None else case.starter.entry.position,
        started_at=case.started,
        due=None if case.due is None else case.due.when,
        satisfied_by=None if by is None else by.told.entry.position,
        satisfied_at=None if by is None else by.when,
        holder=case.holder,
        condition_unknown=case.unknown,
        condition_failed=case.failed,
        paused=tuple(ClockStop(p.begin, p.end, p.why) for p in case.pauses),
        evidence=(*case.evidence, *_decisive(by), *considered),
    )


def _decisive(by: Candidate | None) -> Iterator[Evidence]:
    """Yield the fact on which a verdict rests."""
    if by is not None:
        role = "excused" if by.excuses else "satisfied"
        why = "the rule accepts it instead" if by.excuses else "what the rule asks for"
        yield evidence_of(by.told, role, f"{MAY_PRECEDE}{by.early}" if by.early else why)


def _reopened(matter: RuleContext, cases: Sequence[Span[ClockPeriod]]) -> Iterator[tuple[int, Span[Verdict]]]:
    """Yield what the ends that counted had started, withdrawn from the moment of their reopening on."""
    by_end = {end.entry.position: by for end, by in matter.frames[-1].reopened}
    before: dict[int, ClockPeriod] = {}
    for span in cases:
        trigger = span.value.trigger.entry.position
        reopening = by_end.get(trigger)
        if reopening is not None and span.start < reopening.earliest <= span.end:
            before[trigger] = span.value
    for trigger, case in before.items():
        reopening = by_end[trigger]
        verdict = withdrawn(_verdict(case, Outcome(WITHDRAWN)), reopening, "reopened")
        yield trigger, Span(reopening.earliest, FOREVER, verdict)


def _retracted(rule: Rule, matter: RuleContext) -> Iterator[tuple[int, Span[Verdict]]]:
    """Yield what a retracted fact would have started: it stays visible, as withdrawn."""
    last = matter.frames[-1]
    authority = last.picture.responsible_authority
    for told, retraction in matter.retracted:
        starts = any(p.matches(told.fact, told.entry.by, authority) for p in rule.starts.facts)
        if not starts or _agrees(told, last.end):
            continue
        held = [condition_holds(c, matter, last, told, FOREVER) for c in rule.applies_to]
        if rule.binds(authority_of(matter, told, FOREVER), told.earliest) and False not in held:
            before = Verdict(
                WITHDRAWN,
                started_by=told.entry.position,
                started_at=told.when,
                holder=authority,
                evidence=(started(told, told),),
            )
            span = Span(told.earliest, FOREVER, withdrawn(before, retraction, "retracted"))
            yield told.entry.position, span


def _agrees(told: ChronologicalFact, end: CountedEnd | None) -> bool:
    """Return whether a retracted end says the same as the end that counts, so that the duty is there all the same."""
    return end is not None and told.fact.PHASE == Phase.END and told.when.overlaps(end.when)

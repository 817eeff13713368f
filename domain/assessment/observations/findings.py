"""Findings: what is odd about the entries of an episode. Shown, never stored, never read by a rule (events.md 4)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.ordering import ChronologicalFact, EffectiveEntry
from domain.assessment.obligations.answer_window import WindowStart
from domain.assessment.standing.episode_end import EndGroups
from domain.assessment.standing.episode_state import StateChange
from domain.assessment.standing.reducer import dfe_category
from domain.entries.entry import happened
from domain.facts import Phase
from domain.facts.after_return import AfterEnd
from domain.facts.away import Located, LocationLost
from domain.facts.return_interview import Interview
from domain.facts.start import EpisodeRecordedLater
from domain.moment import Instant, Moment
from domain.vocabulary import AWAY, MISSING


def chronology_findings(
    facts: Sequence[ChronologicalFact], frames: Sequence[StateChange], lateness: Instant
) -> Iterator[Finding]:
    """What is odd about the facts that count, their order and their ends."""
    yield from _out_of_sequence(facts)
    yield from _contradictions(facts)
    told_ends = [t for t in facts if t.fact.PHASE == Phase.END]
    starts = [t for t in facts if t.fact.PHASE == Phase.START]
    if not starts and (
        back := [t for t in facts if t.fact.PHASE == Phase.END or isinstance(t.fact, Located)]
    ):
        yield Finding("no_report", _positions(back))
    if frames:
        yield from _contradicted(frames[-1])
    if len(EndGroups([t for t in told_ends if not _was_reopened(t, frames)]).groups) > 1:
        yield Finding("ends_conflict", _positions(told_ends))
    if recorded_late := [t for t in facts if t.entry.recorded_at - t.latest > lateness]:
        yield Finding("recorded_late", _positions(recorded_late))


def _contradicted(last: StateChange) -> Iterator[Finding]:
    """What is surely after the end that counts; and with the ends that agree on it."""
    late = last.picture.end_contradicted
    if late and last.end is not None:
        yield Finding("after_end", late)
        yield Finding("end_contradicted", tuple(sorted({*late, *_positions(last.end.facts)})))


def _was_reopened(told: ChronologicalFact, frames: Sequence[StateChange]) -> bool:
    """Return whether a reopening set an end aside: each sets all the ends before it aside."""
    return bool(frames) and bool(frames[-1].reopened) and told.order < frames[-1].reopened[-1][1].order


def _out_of_sequence(facts: Sequence[ChronologicalFact]) -> Iterator[Finding]:
    """A later phase surely before an earlier one; telling, which goes on all along, only against the start."""
    for told in facts:
        if told.turned_round:
            yield Finding("out_of_sequence", (told.entry.position,))
    first = next((t for t in facts if t.fact.PHASE == Phase.START), None)
    if first is not None and isinstance(first.fact, EpisodeRecordedLater):
        first = None  # it came to light after all that it tells
    last_end = max((t for t in facts if t.fact.PHASE == Phase.END), key=lambda t: t.earliest, default=None)
    for told in facts:
        if first is not None and told.latest < first.earliest:
            yield Finding("out_of_sequence", _positions([told, first]))
        elif (
            last_end is not None
            and isinstance(told.fact, AfterEnd | Interview)
            and not any(t.fact.PHASE == Phase.END and t.earliest <= told.latest for t in facts)
        ):
            yield Finding("out_of_sequence", _positions([told, last_end]))


def _contradictions(facts: Sequence[ChronologicalFact]) -> Iterator[Finding]:
    """Two facts of one phase that contradict and overlap, so that their order decides and nobody knows it."""
    telling = [t for t in facts if t.fact.PHASE < Phase.AFTER or dfe_category(t) in {MISSING, AWAY}]
    for one, other in combinations(telling, 2):
        if one.fact.PHASE == other.fact.PHASE and one.when.overlaps(other.when) and _contradict(one, other):
            yield Finding("order_uncertain", _positions([one, other]))


def _contradict(one: ChronologicalFact, other: ChronologicalFact) -> bool:
    """Whether two facts of one phase would leave the child in two different standings."""
    if one.fact.PHASE in {Phase.START, Phase.AFTER}:
        return {dfe_category(one), dfe_category(other)} == {MISSING, AWAY}
    if one.fact.PHASE == Phase.AWAY:
        return {type(one.fact), type(other.fact)} == {Located, LocationLost}
    reasons = {getattr(t.fact, "reason", None) for t in (one, other)}
    return one.fact.PHASE == Phase.END and (type(one.fact) is not type(other.fact) or len(reasons) > 1)


def before_episode(facts: Iterable[ChronologicalFact], began: WindowStart | None) -> Iterator[Finding]:
    """Yield what is told of an interview that surely came before the episode that it should be about."""
    for told in facts:
        if began is not None and isinstance(told.fact, Interview) and began.surely_follows(told.latest):
            yield Finding("before_episode", (told.entry.position,))


def same_facts(readings: Sequence[EffectiveEntry]) -> Iterator[Finding]:
    """Equal content under another id: the same type, time and clear members; `readings` are as recorded."""
    at_once: dict[tuple[str, Moment], list[EffectiveEntry]] = defaultdict(list)
    for reading in readings:
        at_once[reading.entry.type, happened(reading.time, reading.fact)].append(reading)
    for several in at_once.values():
        if len(several) > 1:
            alike: dict[str, list[int]] = defaultdict(list)
            for reading in several:
                alike[_content(reading)].append(reading.entry.position)
            yield from (Finding("same_facts", tuple(sorted(p))) for p in alike.values() if len(p) > 1)


def _content(reading: EffectiveEntry) -> str:
    apart = {"sealed", "learned_at", "happened"}
    clear = {name: value for name, value in reading.entry.data.items() if name not in apart}
    return json.dumps(clear, sort_keys=True)


def _positions(facts: Sequence[ChronologicalFact]) -> tuple[int, ...]:
    return tuple(sorted(t.entry.position for t in facts))

"""Findings: what is odd about the entries of an episode. Shown, never stored, never read by a rule (events.md 4)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.ordering import ChronologicalFact, EffectiveEntry
from domain.assessment.obligations.answer_window import WindowStart
from domain.assessment.standing.classifications import dfe_category
from domain.assessment.standing.episode_state import StateChange
from domain.entries.entry import happened
from domain.facts import Phase
from domain.facts.after_return import AfterEnd
from domain.facts.away import Located, LocationLost
from domain.facts.return_interview import Interview
from domain.facts.start import EpisodeRecordedLater
from domain.moment import Instant, Moment
from domain.vocabulary import AWAY, MISSING

MOST_PAIRS: Final = 100
"""Pairs of contradicting facts that are findings of their own."""


def chronology_findings(
    facts: Sequence[ChronologicalFact], frames: Sequence[StateChange], lateness: Instant
) -> Iterator[Finding]:
    """Yield what is odd about the facts that count, their order and their ends."""
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
    if frames and any(end.disputed for end in frames[-1].ends):
        yield Finding("ends_conflict", _positions(told_ends))
    if recorded_late := [t for t in facts if t.entry.recorded_at - t.latest > lateness]:
        yield Finding("recorded_late", _positions(recorded_late))


def _contradicted(last: StateChange) -> Iterator[Finding]:
    """Yield what is surely after the end that counts; and with the ends that agree on it."""
    late = last.picture.end_contradicted
    settled = tuple(position for end in last.earlier for position in end.contradicted)
    if doubtful := last.picture.end_possibly_contradicted:
        yield Finding("end_possibly_contradicted", doubtful)
    if late or settled:
        yield Finding("after_end", tuple(sorted((*settled[:MOST_PAIRS], *late))))
    if late and last.end is not None:
        yield Finding("end_contradicted", tuple(sorted({*late, *_positions(last.end.facts)})))


def _out_of_sequence(facts: Sequence[ChronologicalFact]) -> Iterator[Finding]:
    """A later phase surely before an earlier one; telling, which goes on all along, only against the start."""
    for told in facts:
        if told.turned_round:
            yield Finding("out_of_sequence", (told.entry.position,))
    first = next((t for t in facts if t.fact.PHASE == Phase.START), None)
    if first is not None and isinstance(first.fact, EpisodeRecordedLater):
        first = None  # it came to light after all that it tells
    ended = [t for t in facts if t.fact.PHASE == Phase.END]
    first_end, last_end = min(ended, key=_earliest, default=None), max(ended, key=_earliest, default=None)
    for told in facts:
        if first is not None and told.latest < first.earliest:
            yield Finding("out_of_sequence", _positions([told, first]))
        elif (
            first_end is not None
            and last_end is not None
            and isinstance(told.fact, AfterEnd | Interview)
            and told.latest < first_end.earliest
        ):
            yield Finding("out_of_sequence", _positions([told, last_end]))


def _earliest(told: ChronologicalFact) -> Instant:
    return told.earliest


def _contradictions(facts: Sequence[ChronologicalFact]) -> Iterator[Finding]:
    """Facts of one phase that contradict and overlap, so that their order decides and nobody knows it.

    Each two are a finding. Of more than MOST_PAIRS there is one, which names them all: n facts can make n² pairs.
    """
    pairs: list[list[int]] = []
    involved: set[int] = set()
    going: dict[Phase, dict[object, _Going]] = defaultdict(lambda: defaultdict(lambda: _Going([], [])))
    for told in facts:
        said, position = _said(told), told.entry.position
        if said is None:
            continue
        for other, them in going[told.fact.PHASE].items():
            them.end(told.earliest)
            if other != said and them.last:
                if len(pairs) <= MOST_PAIRS:
                    pairs += [sorted((position, each)) for _, each in them.last]
                involved |= {position, *them.taken(told.earliest)}
        going[told.fact.PHASE][said].add(told.latest, position)
    several = [sorted(involved)] if len(pairs) > MOST_PAIRS else pairs
    yield from (Finding("order_uncertain", tuple(positions)) for positions in several)


class _Going(NamedTuple):
    """Facts that say the same and may still be going on: until when, and their positions."""

    last: list[tuple[Instant, int]]
    """A heap."""
    fresh: list[tuple[Instant, int]]
    """Those of them that are not known to contradict anything."""

    def add(self, latest: Instant, position: int) -> None:
        """Take in one more."""
        heappush(self.last, (latest, position))
        self.fresh.append((latest, position))

    def end(self, at: Instant) -> None:
        """Drop what is over at an instant."""
        while self.last and self.last[0][0] < at:
            heappop(self.last)

    def taken(self, at: Instant) -> list[int]:
        """Return those that go on at an instant and were not returned before."""
        taken = [position for latest, position in self.fresh if latest >= at]
        self.fresh.clear()
        return taken


def _said(told: ChronologicalFact) -> object | None:
    """Return what a fact says of the standing, which another value of its phase contradicts; None where nothing."""
    if told.fact.PHASE in {Phase.START, Phase.AFTER}:
        named = dfe_category(told)
        return named if named in {MISSING, AWAY} else None
    if told.fact.PHASE == Phase.AWAY:
        return type(told.fact) if isinstance(told.fact, Located | LocationLost) else None
    if told.fact.PHASE == Phase.END:
        return type(told.fact), getattr(told.fact, "reason", None)
    return None


def before_episode(facts: Iterable[ChronologicalFact], began: WindowStart | None) -> Iterator[Finding]:
    """Yield the facts about an interview that surely came before the episode that they should be about."""
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

"""A story: one united episode, settled, put in order and walked; what the rules and findings then look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from domain.assessment.chronology.corrections import CorrectedEntries, apply_corrections
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.linking import LinkedSubjects
from domain.assessment.chronology.ordering import ChronologicalFact, chronology
from domain.assessment.chronology.responsibility import responsibility, setting
from domain.assessment.standing.episode_state import EpisodeState, StateChange, start_bounds, state_spans
from domain.assessment.standing.interview_coverage import Covering, coverings
from domain.assessment.standing.other_episode import OtherEpisode
from domain.assessment.standing.overlaps import Extent, extent
from domain.assessment.standing.reducer import StandingReducer, state_changes
from domain.assessment.standing.spells import SpellChange
from domain.facts import Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.amendments import EpisodeRecordedInError
from domain.facts.member_walk import granted, walk
from domain.moment import BEGINNING, FOREVER
from domain.organisations import namespace
from domain.spans import Span, joined
from domain.vocabulary import OVER

_DECISIONS: Final = (EpisodeReopened, EpisodeRecordedInError)
"""Facts that count only from who may decide about the episode."""


@dataclass(frozen=True)
class UnitedEpisode:
    """One united episode on its way to being assessed."""

    group: LinkedSubjects
    settled: CorrectedEntries
    order: list[ChronologicalFact]
    """Everything in its place, what was undone too."""
    facts: list[ChronologicalFact]
    frames: list[StateChange]
    in_error: ChronologicalFact | None
    findings: list[Finding]
    covering: list[Covering]
    """Its interviews that say they cover other episodes."""
    pictures: tuple[Span[EpisodeState], ...]
    extent: Extent | None
    """From when to when the child was away; None when there was no such episode."""
    known: OtherEpisode | None
    """What the person's other episodes need to know of it; None when there was no such episode."""
    moves: tuple[SpellChange, ...]
    """What each fact made of the whereabouts, in order."""

    @cached_property
    def recorders(self) -> frozenset[str]:
        """The namespaces that may record here: of its subjects, and named by its facts (events.md 3)."""
        own = {namespace(subject) for subject in self.group.subjects}
        return frozenset(own.union(*(granted(walk(type(r.fact), r.entry.data)) for r in self.group.readings)))


def build_united_episode(group: LinkedSubjects) -> UnitedEpisode:
    """Settle, put in order and walk one episode."""
    as_recorded = chronology(group.readings)
    entitlement = Entitlement(as_recorded, group.subjects)
    settled = apply_corrections(group.readings, entitlement)
    found = [Finding(name, (position,)) for name, position in settled.findings]
    facts, in_error = [], None
    standing = as_recorded if settled.standing == group.readings else chronology(settled.standing)
    for told in standing:
        if isinstance(told.fact, _DECISIONS):
            if not entitlement.may_decide(told.entry.by, told.entry.subject):
                found.append(Finding("not_entitled", (told.entry.position,)))
                continue
            if isinstance(told.fact, EpisodeRecordedInError):
                in_error = told
        if told.fact.PHASE != Phase.RECORD:
            facts.append(told)
    found += _unknown_targets(facts, group)
    found += _of_responsibility(facts, group)
    reducer = StandingReducer(group.subjects, settled.settled_disputes)
    walked = state_changes(facts, reducer)
    pictured = _pictures(walked, in_error)
    undone = settled.undone.values()
    order = chronology([*settled.standing, *undone]) if undone else standing
    away = extent(pictured)
    known = None if away is None else _known(group, walked)
    return UnitedEpisode(
        *(group, settled, order, facts, walked, in_error, found, coverings(facts), pictured, away, known),
        tuple(reducer.moves),
    )


def _of_responsibility(facts: Sequence[ChronologicalFact], group: LinkedSubjects) -> list[Finding]:
    """Return what is odd about who is named responsible, and who is not yet heard of."""
    found = responsibility(facts, group.subjects)
    odd = [Finding("not_entitled", (told.entry.position,)) for told in found.ineffective]
    if (naming := found.unconfirmed) is not None and (said := setting(naming)) is not None:
        heard = {reading.entry.by for reading in group.readings}
        if said.responsible_authority not in heard:
            odd.append(Finding("names_another_authority", (naming.entry.position,)))
    return odd


def _known(group: LinkedSubjects, walked: Sequence[StateChange]) -> OtherEpisode:
    last = walked[-1].picture
    return OtherEpisode(group.lead, *start_bounds(walked), last.since if last.standing in OVER else None)


def _unknown_targets(facts: Sequence[ChronologicalFact], group: LinkedSubjects) -> list[Finding]:
    """What points, by `of`, at an event that is not in the episode: no effect, until it is."""
    known = {r.entry.key for r in group.readings}
    return [
        Finding("target_unknown", (told.entry.position,))
        for told in facts
        if (of := getattr(told.fact, "of", None)) is not None and of not in known
    ]


def _pictures(
    walked: list[StateChange], in_error: ChronologicalFact | None
) -> tuple[Span[EpisodeState], ...]:
    if in_error is not None:
        last = walked[-1].picture if walked else EpisodeState("in_error")
        wrong = replace(last, standing="in_error", since=None, end_contradicted=(), moves=0)
        return (Span(BEGINNING, FOREVER, wrong),)
    first = walked[0].at if walked else FOREVER
    pictured = [Span(start, end, frame.picture) for start, end, frame in state_spans(walked)]
    return joined([Span(BEGINNING, first, EpisodeState("nothing")), *pictured])


def effective_coverage(story: UnitedEpisode, stories: Sequence[UnitedEpisode]) -> list[ChronologicalFact]:
    """Interviews recorded on the person's other episodes that say they cover this one.

    Only by whoever could have recorded them here (decision 2).
    """
    return [
        told
        for other in stories
        if other.in_error is None
        for told, covered in other.covering
        if _names(covered, story, other) and _may_cover(told, story)
    ]


def ineffective_coverage(story: UnitedEpisode, stories: Sequence[UnitedEpisode]) -> list[ChronologicalFact]:
    """Its interviews that say they cover another episode of the person, by who may not record there."""
    return [
        told
        for told, covered in story.covering
        if any(_names(covered, other, story) and not _may_cover(told, other) for other in stories)
    ]


def covered_episodes(
    story: UnitedEpisode, stories: Sequence[UnitedEpisode]
) -> list[tuple[ChronologicalFact, UnitedEpisode]]:
    """Return its interviews that cover other episodes with effect, each with the episode that it covers."""
    return [
        (told, other)
        for told, covered in (story.covering if story.in_error is None else ())
        for other in stories
        if _names(covered, other, story) and _may_cover(told, other)
    ]


def _names(covered: frozenset[str], story: UnitedEpisode, by: UnitedEpisode) -> bool:
    """Whether what is covered is another episode of the same person than that on which it was recorded."""
    same_person = story is not by and story.group.person == by.group.person
    return same_person and not covered.isdisjoint(story.group.subjects)


def _may_cover(told: ChronologicalFact, story: UnitedEpisode) -> bool:
    return not story.recorders.isdisjoint({told.entry.by, namespace(told.entry.subject)})


def retracted(story: UnitedEpisode) -> list[tuple[ChronologicalFact, ChronologicalFact]]:
    """The facts that were retracted, in their place, each with its retraction."""
    settled = story.settled
    if not settled.undone:
        return []
    told = {t.entry.key: t for t in chronology(story.group.readings)}
    return [
        (told[key], told[settled.retracted_by[key].entry.key])
        for key in sorted(settled.undone)
        if told[key].fact.PHASE != Phase.RECORD
    ]


def others_of(story: UnitedEpisode, stories: Sequence[UnitedEpisode]) -> list[OtherEpisode]:
    """The person's other episodes that count, in the order of their starts."""
    known = [
        other.known
        for other in stories
        if other is not story and other.group.person == story.group.person and other.known is not None
    ]
    return sorted(known, key=lambda k: (k.start, k.lead))

"""A story: one united episode, settled, put in order and walked; what the rules and findings then look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from domain.assessment.standing.spells import EndedAbsence, SpellChange
from domain.facts import Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.amendments import EpisodeRecordedInError
from domain.facts.member_walk import granted, walk
from domain.moment import BEGINNING, FOREVER, Instant
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
    """The summary for the person's other episodes; None when there was no such episode."""
    moves: tuple[SpellChange, ...]
    """The changes of whereabouts, in order."""
    absences: tuple[EndedAbsence, ...]
    """Its absences that were followed by a further one."""

    @cached_property
    def recorders(self) -> Mapping[str, AbstractSet[str]]:
        """Return the organisations that may record under each subject: its own, and those ever named there."""
        found = {subject: {namespace(subject)} for subject in self.group.subjects}
        for r in self.group.readings:
            found[r.entry.subject] |= granted(walk(type(r.fact), r.entry.data))
        return found


def build_united_episode(group: LinkedSubjects, ends_agree: Instant) -> UnitedEpisode:
    """Settle, put in order and walk one episode; ends so close together agree."""
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
    reducer = StandingReducer(group.subjects, settled.settled_disputes, ends_agree)
    walked = state_changes(facts, reducer)
    pictured = _pictures(walked, in_error)
    undone = settled.undone.values()
    order = chronology([*settled.standing, *undone]) if undone else standing
    away = extent(pictured)
    known = None if away is None else _known(group, walked)
    return UnitedEpisode(
        *(group, settled, order, facts, walked, in_error, found, coverings(facts), pictured, away, known),
        tuple(reducer.moves),
        tuple(reducer.ended),
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
    """Return what points, by `of`, at an event that is not in the episode: no effect, until it is."""
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
        unopposed = replace(last, end_contradicted=(), end_possibly_contradicted=())
        wrong = replace(unopposed, standing="in_error", since=None, moves=0)
        return (Span(BEGINNING, FOREVER, wrong),)
    first = walked[0].at if walked else FOREVER
    pictured = [Span(start, end, frame.picture) for start, end, frame in state_spans(walked)]
    return joined([Span(BEGINNING, first, EpisodeState("nothing")), *pictured])


def effective_coverage(story: UnitedEpisode, stories: Sequence[UnitedEpisode]) -> list[ChronologicalFact]:
    """Return the interviews recorded on the person's other episodes that effectively cover this one.

    Only an organisation that could have recorded them here can say so (decision 2).
    """
    return [told for other in stories for told, _ in covered_episodes(other, [story])]


def covered_episodes(
    story: UnitedEpisode, stories: Sequence[UnitedEpisode]
) -> list[tuple[ChronologicalFact, UnitedEpisode]]:
    """Return its interviews that cover other episodes with effect, each with the episode that it covers."""
    return [
        (told, other)
        for told, covered in (story.covering if story.in_error is None else ())
        for other in stories
        if other is not story and any(_covers(told, subject, other, story) for subject in covered)
    ]


def unknown_coverage(story: UnitedEpisode, stories: Sequence[UnitedEpisode]) -> Iterator[Finding]:
    """Yield a finding for each of its interviews that names an episode without effect there.

    It does not say whether there is such an episode: its sender may not know.
    """
    for told, covered in story.covering:
        if any(not any(_covers(told, subject, other, story) for other in stories) for subject in covered):
            yield Finding("covered_unknown", (told.entry.position,))


def _covers(told: ChronologicalFact, subject: str, story: UnitedEpisode, by: UnitedEpisode) -> bool:
    """Return whether an interview recorded on one episode of a person counts for a subject of another."""
    if subject not in story.group.subjects or story.group.person != by.group.person:
        return False
    may = {told.entry.by, namespace(told.entry.subject)}
    return story is by or not may.isdisjoint(story.recorders[subject])


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

"""A story: one united episode, settled, put in order and walked; what the rules and findings then look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.assessment.chronology.corrections import Settled, settle
from domain.assessment.chronology.entitlement import Entitlement, overreaching
from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.linking import Group
from domain.assessment.chronology.ordering import Told, chronology
from domain.assessment.standing.episode_state import Frame, Picture, began, lasting
from domain.assessment.standing.interview_coverage import Covering, coverings
from domain.assessment.standing.other_episode import Known
from domain.assessment.standing.overlaps import Extent, extent
from domain.assessment.standing.reducer import Walk, frames
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


@dataclass(frozen=True, slots=True)
class Story:
    """One united episode on its way to being assessed."""

    group: Group
    settled: Settled
    order: list[Told]
    """Everything in its place, what was undone too."""
    facts: list[Told]
    frames: list[Frame]
    in_error: Told | None
    findings: list[Finding]
    covering: list[Covering]
    """Its interviews that say they cover other episodes."""
    pictures: tuple[Span[Picture], ...]
    extent: Extent | None
    """From when to when the child was away; None when there was no such episode."""
    known: Known | None
    """What the person's other episodes need to know of it; None when there was no such episode."""

    @property
    def recorders(self) -> frozenset[str]:
        """The namespaces that may record here: of its subjects, and named by its facts (events.md 3)."""
        own = {namespace(subject) for subject in self.group.subjects}
        return frozenset(own.union(*(granted(walk(type(r.fact), r.entry.data)) for r in self.group.readings)))


def told_story(group: Group) -> Story:
    """Settle, put in order and walk one episode."""
    as_recorded = chronology(group.readings)
    entitlement = Entitlement(as_recorded, group.subjects)
    settled = settle(group.readings, entitlement)
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
    found += [Finding("not_entitled", (t.entry.position,)) for t in overreaching(facts, group.subjects)]
    walked = frames(facts, Walk(group.subjects, settled.settled_disputes))
    pictured = _pictures(walked, in_error)
    undone = settled.undone.values()
    order = chronology([*settled.standing, *undone]) if undone else standing
    away = extent(pictured)
    known = None if away is None else _known(group, walked)
    return Story(
        group, settled, order, facts, walked, in_error, found, coverings(facts), pictured, away, known
    )


def _known(group: Group, walked: Sequence[Frame]) -> Known:
    last = walked[-1].picture
    return Known(group.lead, *began(walked), last.since if last.standing in OVER else None)


def _unknown_targets(facts: Sequence[Told], group: Group) -> list[Finding]:
    """What points, by `of`, at an event that is not in the episode: no effect, until it is."""
    known = {r.entry.key for r in group.readings}
    return [
        Finding("target_unknown", (told.entry.position,))
        for told in facts
        if (of := getattr(told.fact, "of", None)) is not None and of not in known
    ]


def _pictures(walked: list[Frame], in_error: Told | None) -> tuple[Span[Picture], ...]:
    if in_error is not None:
        last = walked[-1].picture if walked else Picture("in_error")
        wrong = replace(last, standing="in_error", since=None, end_contradicted=(), spells=())
        return (Span(BEGINNING, FOREVER, wrong),)
    first = walked[0].at if walked else FOREVER
    pictured = [Span(start, end, frame.picture) for start, end, frame in lasting(walked)]
    return joined([Span(BEGINNING, first, Picture("nothing")), *pictured])


def covering(story: Story, stories: Sequence[Story]) -> list[Told]:
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


def covering_in_vain(story: Story, stories: Sequence[Story]) -> list[Told]:
    """Its interviews that say they cover another episode of the person, by who may not record there."""
    return [
        told
        for told, covered in story.covering
        if any(_names(covered, other, story) and not _may_cover(told, other) for other in stories)
    ]


def _names(covered: frozenset[str], story: Story, by: Story) -> bool:
    """Whether what is covered is another episode of the same person than that on which it was recorded."""
    same_person = story is not by and story.group.person == by.group.person
    return same_person and not covered.isdisjoint(story.group.subjects)


def _may_cover(told: Told, story: Story) -> bool:
    return not story.recorders.isdisjoint({told.entry.by, namespace(told.entry.subject)})


def retracted(story: Story) -> list[tuple[Told, Told]]:
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


def others_of(story: Story, stories: Sequence[Story]) -> list[Known]:
    """The person's other episodes that count, in the order of their starts."""
    known = [
        other.known
        for other in stories
        if other is not story and other.group.person == story.group.person and other.known is not None
    ]
    return sorted(known, key=lambda k: (k.start, k.lead))

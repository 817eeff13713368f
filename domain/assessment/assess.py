"""assess: from the entries of one person and a rulebook to standings, obligations and findings.

The live view, an auditor's replay, a what-if and an export all call this one function, so they cannot
disagree. It is pure: no clock, no I/O, no order but the chronology's (assessment.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.assessment.chronology.children import IdentityLink
from domain.assessment.chronology.episode_access import named_organisations
from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.linking import LinkedSubjects, Links, Proposal, groups, links
from domain.assessment.chronology.ordering import EffectiveEntry, as_recorded
from domain.assessment.obligations.answer_window import WindowStart, episode_start
from domain.assessment.obligations.child_profile import birth_months
from domain.assessment.obligations.known_child import KnownChild, known_child
from domain.assessment.obligations.obligation import Obligation, obligations
from domain.assessment.obligations.profiles import Profile, profile
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.observations import findings as odd
from domain.assessment.observations.countable_events import CountableEvent, countable_events
from domain.assessment.observations.cross_episode_facts import CrossEpisodeFact, cross_episode_facts
from domain.assessment.observations.data_quality import Issue, issues
from domain.assessment.observations.quality_input import QualityInput
from domain.assessment.observations.waiting import ToldRole, WaitingItem, told_roles, waiting_items
from domain.assessment.standing.episode_state import EpisodeState, state_spans
from domain.assessment.standing.last_heard import LastHeard, last_heard
from domain.assessment.standing.overlaps import overlapping
from domain.assessment.standing.spells import EndedAbsence, Spell, SpellChange, spells
from domain.assessment.standing.united_episode import (
    UnitedEpisode,
    build_united_episode,
    covered_episodes,
    effective_coverage,
    others_of,
    retracted,
    unknown_coverage,
)
from domain.entries.entry import Entry
from domain.facts.amendments import Disputed
from domain.moment import Instant
from domain.rules.rulebook import Rulebook
from domain.spans import Span, at
from domain.vocabulary import OVER


@dataclass(frozen=True, slots=True)
class EpisodeAssessment:
    """The assessment of one (united) episode: all that follows from its entries."""

    lead: str
    subjects: tuple[str, ...]
    child: str
    """The stored id of the child, after any effective child-corrected."""
    person: str
    """The smallest stored id of the children that are this person."""
    versions: dict[str, int]
    """The version of each subject's stream."""
    position: int
    """The position of the last entry."""
    pictures: tuple[Span[EpisodeState], ...]
    obligations: tuple[Obligation, ...]
    findings: tuple[Finding, ...]
    disputes: tuple[int, ...]
    """The positions of what contests another entry without effect: disputes not resolved, attempts not entitled."""
    order: tuple[int, ...]
    """The positions of all its entries in the order in which they happened."""
    related: tuple[str, ...] = ()
    """Other subjects that an effective link of any relation names with it, its own apart."""
    profile: Profile = field(default_factory=dict)
    """The child and the placement as known at the start, for breakdowns and filters."""
    ties: tuple[IdentityLink, ...] = ()
    """Children that are one person by what was recorded on it."""
    marks: tuple[CountableEvent, ...] = ()
    """The events that figures count: interviews, oversight, when the child came to be missing."""
    issues: tuple[Issue, ...] = ()
    """The data-quality issues of its entries."""
    proposals: tuple[Proposal, ...] = ()
    """Links that not both sides have said yet, of its own and of others with it."""
    traces: tuple[CrossEpisodeFact, ...] = ()
    """The facts that show something only together with the child's other episodes: places, plans, actions."""
    named: tuple[str, ...] = ()
    """The organisations that its effective facts name, which therefore see it."""

    moves: tuple[SpellChange, ...] = ()
    """The changes of whereabouts, in order."""
    absences: tuple[EndedAbsence, ...] = ()
    """Its absences that were followed by a further one."""
    heard: tuple[Span[LastHeard], ...] = ()
    """The fact that happened last."""
    known_child: tuple[Span[KnownChild], ...] = ()
    """The placement and the months of birth."""
    waiting: tuple[WaitingItem, ...] = ()
    """Messages without an answer, actions and reviews past their time, each with the span in which it waits."""
    told: tuple[ToldRole, ...] = ()
    """The roles that were told, in order."""

    def spells(self, as_at: Instant) -> tuple[Spell, ...]:
        """Return the periods of being missing or away as at an instant."""
        picture = self.picture(as_at)
        began, end = picture.started, picture.since if picture.standing in OVER else None
        ended = self.absences[slice(*picture.absences)]
        return spells(self.moves[: picture.moves], began and began.when, ended, picture.absence, end)

    def picture(self, as_at: Instant) -> EpisodeState:
        """Return what is true as at an instant."""
        span = at(self.pictures, as_at)
        return span.value if span is not None else EpisodeState("nothing")


def assess(
    entries: Iterable[Entry],
    rulebook: Rulebook,
    ties: Iterable[IdentityLink] = (),
    *,
    not_applicable: bool = False,
) -> list[EpisodeAssessment]:
    """Assess all episodes in the entries, in the order of their leads.

    `entries`: everything recorded, up to `known_at`, on the episodes of a person (or of persons whom a link
    may join). Of fewer episodes it says the same, if no entry of theirs names a further one or is named by one.
    It then needs the `ties` of their children that others report. Two things need all episodes: what they overlap
    (`overlaps`), and rules that look at a person's other episodes (`Rulebook.looks_at_others`).
    `not_applicable`: also the obligations that do not apply.
    """
    by_subject: dict[str, list[EffectiveEntry]] = defaultdict(list)
    for entry in entries:
        if (reading := as_recorded(entry)) is not None:
            by_subject[entry.subject].append(reading)
    found = links(by_subject, ties)
    stories = [build_united_episode(group, rulebook.ends_agree) for group in groups(by_subject, found)]
    asked = _Asked(stories, found, rulebook, not_applicable)
    return [_assessed(story, asked) for story in stories]


class _Asked(NamedTuple):
    """The episodes that are assessed together, and how."""

    stories: Sequence[UnitedEpisode]
    links: Links
    rulebook: Rulebook
    not_applicable: bool


def _assessed(story: UnitedEpisode, asked: _Asked) -> EpisodeAssessment:
    group, matter = story.group, _matter(story, asked)
    start = matter.first
    related, findings = _related(group, asked.links), _findings(story, matter, asked)
    duties = obligations(matter, asked.rulebook, not_applicable=asked.not_applicable)
    happened = countable_events(matter.frames, matter.facts, matter.covering)
    judged = QualityInput(
        (*group.subjects, *related),
        story.pictures,
        matter.facts,
        matter.covering,
        happened,
        findings,
        duties,
        group.readings,
    )
    return EpisodeAssessment(
        lead=group.lead,
        subjects=group.subjects,
        child=group.child,
        person=group.person,
        versions=_versions(group),
        position=max(r.entry.position for r in group.readings),
        pictures=story.pictures,
        moves=story.moves,
        absences=story.absences,
        obligations=duties,
        findings=findings,
        disputes=_disputes(story, findings),
        order=tuple(told.entry.position for told in story.order),
        related=related,
        profile={} if start is None else profile(matter.profiles, start),
        ties=tuple(sorted(set().union(*(asked.links.ties.get(s, ()) for s in group.subjects)))),
        marks=happened,
        issues=issues(judged) if story.in_error is None else (),
        proposals=_proposals(group, asked.links),
        traces=cross_episode_facts(matter.facts),
        named=_named(story),
        heard=last_heard(story.facts),
        known_child=known_child(matter.profiles, matter.births),
        waiting=waiting_items(story.facts) if story.in_error is None else (),
        told=told_roles(story.facts),
    )


def _matter(story: UnitedEpisode, asked: _Asked) -> RuleContext:
    undone = retracted(story)
    return RuleContext(
        frames=story.frames,
        lasting=state_spans(story.frames),
        facts=story.facts,
        covering=effective_coverage(story, asked.stories),
        others=others_of(story, asked.stories),
        retracted=undone,
        in_error=story.in_error,
        births=birth_months(story.facts),
        types=frozenset(type(t.fact) for t in (*story.facts, *(gone for gone, _ in undone))),
    )


def _related(group: LinkedSubjects, found: Links) -> tuple[str, ...]:
    own = set(group.subjects)
    return tuple(sorted({other for one, other in found.linked if one in own and other not in own}))


def _proposals(group: LinkedSubjects, found: Links) -> tuple[Proposal, ...]:
    """Return the links that are proposed, the first of each organisation and subject that says the same."""
    every = sorted({p for subject in group.subjects for p in found.proposals.get(subject, ())})
    return tuple({p[1:]: p for p in reversed(every)}.values())[::-1]


def _named(story: UnitedEpisode) -> tuple[str, ...]:
    named = named_organisations(story.settled.standing, story.group.subjects)
    return tuple(sorted(set().union(*named.values())))


def _versions(group: LinkedSubjects) -> dict[str, int]:
    versions = dict.fromkeys(group.subjects, 0)
    for reading in group.readings:
        entry = reading.entry
        versions[entry.subject] = max(versions[entry.subject], entry.version)
    return versions


def _disputes(story: UnitedEpisode, findings: Sequence[Finding]) -> tuple[int, ...]:
    settled = story.settled
    open_ = {
        r.entry.position
        for r in settled.standing
        if isinstance(r.fact, Disputed) and r.fact.target not in settled.settled_disputes
    }
    return tuple(sorted(open_ | {p for f in findings if f.finding == "not_entitled" for p in f.positions}))


def _findings(story: UnitedEpisode, matter: RuleContext, asked: _Asked) -> tuple[Finding, ...]:
    stories, found = asked.stories, asked.links
    own = {r.entry.position for r in story.group.readings}
    every = [
        *story.findings,
        *(Finding(name, (position,)) for name, position in found.findings if position in own),
        *odd.chronology_findings(story.facts, story.frames, asked.rulebook.lateness),
        *odd.same_facts(story.group.readings),
        *_before_episode(story, matter, stories),
        *unknown_coverage(story, stories),
        *overlapping(_overlapping(story, stories, found)),
    ]
    return tuple(sorted(set(every)))


def _before_episode(
    story: UnitedEpisode, matter: RuleContext, stories: Sequence[UnitedEpisode]
) -> Iterator[Finding]:
    """Yield the interviews that came before this episode, and those of it that came before one that they cover."""
    yield from odd.before_episode([*story.facts, *matter.covering], _began(story))
    for told, other in covered_episodes(story, stories):
        yield from odd.before_episode([told], _began(other))


def _began(story: UnitedEpisode) -> WindowStart | None:
    return episode_start(story.facts, story.frames) if story.frames else None


def _overlapping(story: UnitedEpisode, stories: Sequence[UnitedEpisode], found: Links) -> list[str]:
    """The leads of the person's other, unlinked episodes that run at the same time."""
    own = story.extent
    return [
        other.group.lead
        for other in stories
        if own is not None
        and other is not story
        and other.group.person == story.group.person
        and other.extent is not None
        and own.overlaps(other.extent)
        and not _linked(story.group, other.group, found)
    ]


def _linked(one: LinkedSubjects, other: LinkedSubjects, found: Links) -> bool:
    return any((a, b) in found.linked for a in one.subjects for b in other.subjects)

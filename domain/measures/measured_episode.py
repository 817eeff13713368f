"""Counted: the few facts of an assessed episode that figures need, by spans of `as_at`."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from domain.assessment.assess import EpisodeAssessment
from domain.assessment.obligations.child_profile import area
from domain.assessment.observations import countable_events as m
from domain.assessment.standing.episode_state import EpisodeState
from domain.measures.breakdowns import NOT_KNOWN, Groups, groups, provider
from domain.measures.criteria import EpisodeAtInstant, Interval, edges
from domain.measures.definitions import states
from domain.measures.interview_deadline import interview_due
from domain.moment import BEGINNING, FOREVER, Instant, Moment
from domain.organisations import is_authority, is_police, namespace
from domain.rules.rulebook import Rulebook
from domain.spans import Span, joined

_NO_EPISODE: Final = frozenset({"nothing", "in_error"})


class MeasuredEpisode(NamedTuple):
    """One episode as figures need it, while it stays so."""

    authority: str
    """The responsible one at the start, else the first that was named; `not_known` while none is."""
    host: str
    started: Instant
    """At the earliest; BEGINNING when it is not known."""
    started_latest: Instant
    open: bool
    """Not back, or contradicted."""
    states: str
    """The state that each measure gives it: a letter each (definitions)."""
    interviews: tuple[int, ...]
    """The positions of the interviews that were held for it."""
    groups: Groups


def measured_episode(episode: EpisodeAssessment, book: Rulebook) -> tuple[Span[MeasuredEpisode], ...]:
    """The facts of an episode over all `as_at`, by the limits of a rulebook.

    Nothing while there is no episode, or it is in error.
    """
    spans = []
    for start, end, picture in episode.pictures:
        if picture.standing in _NO_EPISODE:
            continue
        over = _over(episode, book, picture)
        cuts = {start, end}
        cuts.update(mark.earliest for mark in episode.marks if start < mark.earliest < end)
        cuts.update(cut for cut in edges(over.started, over.ended, over.due) if start < cut < end)
        for begin, finish in pairwise(sorted(cuts)):
            spans.append(Span(begin, finish, _counted(episode, over, begin)))
    return joined(spans)


def counted_at(episode: EpisodeAssessment, book: Rulebook, as_at: Instant) -> MeasuredEpisode | None:
    """The same at one instant."""
    picture = episode.picture(as_at)
    if picture.standing in _NO_EPISODE:
        return None
    return _counted(episode, _over(episode, book, picture), as_at)


class _Over(NamedTuple):
    """The facts that stay the same while the state of the episode does."""

    picture: EpisodeState
    started: Interval
    ended: Interval | None
    due: Interval | None
    """Until when an interview is to be held after the end."""
    groups: Groups
    of_authority: bool
    matched: bool
    area: str | None


def _over(episode: EpisodeAssessment, book: Rulebook, picture: EpisodeState) -> _Over:
    started, ended = _times(episode, picture)
    return _Over(
        picture,
        started,
        ended,
        due=None if ended is None else interview_due(book, ended),
        groups=groups(picture, episode.profile, started, ended),
        of_authority=any(is_authority(namespace(subject)) for subject in episode.subjects),
        matched=any(is_police(namespace(s)) for s in (*episode.subjects, *episode.related)),
        area=area(episode.profile),
    )


def _counted(episode: EpisodeAssessment, over: _Over, at: Instant) -> MeasuredEpisode:
    picture = over.picture
    seen = EpisodeAtInstant(
        at=at,
        standing=picture.standing,
        contradicted=bool(picture.end_contradicted),
        started=over.started,
        ended=over.ended,
        marks=tuple([mark for mark in episode.marks if mark.earliest <= at]),
        of_authority=over.of_authority,
        matched=over.matched,
        area=over.area,
        due=over.due,
    )
    first = _first(episode, over.started[0], at)
    return MeasuredEpisode(
        authority=first.responsible_authority or NOT_KNOWN,
        host=first.host_authority or NOT_KNOWN,
        started=over.started[0],
        started_latest=over.started[1],
        open=picture.open,
        states=states(seen),
        interviews=tuple(sorted({mark.position for mark in seen.of(m.HELD) if mark.sure})),
        groups=over.groups._replace(provider=provider(seen.marks)),
    )


def _first(episode: EpisodeAssessment, started: Instant, at: Instant) -> EpisodeState:
    """The picture at the start, or the first after it, until now, that names who is responsible."""
    until_now = [span for span in episode.pictures if span.start <= at]
    since = [span.value for span in until_now if span.end > started] or [until_now[-1].value]
    return next((p for p in since if p.responsible_authority is not None), since[-1])


def _times(episode: EpisodeAssessment, picture: EpisodeState) -> tuple[Interval, Interval | None]:
    """When it started, and when it ended, if it did. An end that nobody knows is as wide as it can be."""
    noticed = next(span.start for span in episode.pictures if span.value.standing not in _NO_EPISODE)
    when = Moment(noticed, noticed) if picture.started is None else picture.started.when
    first = BEGINNING if when.earliest is None else when.earliest
    last = max(first, noticed) if when.latest is None else when.latest
    ended = None
    if picture.standing in {"returned", "ended"} and picture.since is not None:
        since = picture.since
        ended = (
            first if since.earliest is None else since.earliest,
            FOREVER if since.latest is None else since.latest,
        )
    return (first, last), ended

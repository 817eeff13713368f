"""Issues with what was recorded of an episode: reports, returns, interviews and their times.

The docstring of each kind is its definition, which docs/quality.md quotes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from domain.assessment.obligations.obligation import Verdict
from domain.assessment.obligations.verdict import CANNOT_TELL
from domain.assessment.observations.countable_events import HELD, POLICE_REFERENCE
from domain.assessment.observations.quality_input import MOST_NAMED, About, QualityInput
from domain.facts import Phase
from domain.facts.start import PoliceNotified, Reported
from domain.moment import DAY, FOREVER, HOUR, Instant, Moment
from domain.organisations import is_police, namespace
from domain.spans import Span
from domain.vocabulary import AWAY

LONGEST_DAY: Final = 25 * HOUR
"""The day on which the clocks go back."""


def return_without_report(episode: QualityInput) -> Iterator[Span[About]]:
    """The child is back, or the episode ended otherwise, but no organisation reported the child missing or away."""
    for since, finding in episode.found("no_report"):
        yield from _over(episode, since, finding.positions)


def report_without_police_reference(episode: QualityInput) -> Iterator[Span[About]]:
    """The child was reported missing, or the police were told, but the record of the police cannot be found from here.

    No police reference was given, and no police record is linked. A child who was only ever reported away without
    authorisation need not be known to the police.
    """
    if any(is_police(namespace(name)) for name in episode.names):
        return
    given = min((mark.earliest for mark in episode.marks if mark.kind == POLICE_REFERENCE), default=FOREVER)
    for fact in episode.facts:
        said = fact.fact
        if isinstance(said, PoliceNotified) or (isinstance(said, Reported) and said.category != AWAY):
            yield Span(fact.earliest, given, About((fact.entry.position,)))


def open_without_entry(episode: QualityInput) -> Iterator[Span[About]]:
    """The child is not back, or is back but contradicted, and no event of the last days was recorded.

    The query gives the number of days. `since` is when the latest recorded event happened. The time of recording does
    not matter, and neither do corrections and links, because nothing happened to the child then.
    """
    told: dict[Instant, list[int]] = defaultdict(list)
    for fact in episode.facts:
        told[fact.earliest].append(fact.entry.position)
    heard = sorted(told)
    for start, end, state in episode.pictures:
        if state.open:
            between = heard[bisect_right(heard, start) : bisect_left(heard, end)]
            for last, following in pairwise((start, *between, end)):
                if following - last > DAY:  # no query gives less
                    yield Span(last, following, About(tuple(sorted(told.get(last, ())))))


def contradicting_returns(episode: QualityInput) -> Iterator[Span[About]]:
    """Returns, or other ends, have times that do not fit together; or an absence surely follows the end that counts."""
    for since, finding in episode.found("ends_conflict"):
        yield from _over(episode, since, finding.positions)
    for start, end, state in episode.pictures:
        if state.end_contradicted:
            yield Span(start, end, About(state.end_contradicted))


def interview_without_coverage(episode: QualityInput) -> Iterator[Span[About]]:
    """A return interview was reported, but the return that it concerns was not.

    The episode has no end yet, or the interview says that it covers an episode that is not known of this child.
    """
    held = [mark for mark in episode.marks if mark.kind == HELD and mark.sure]
    for start, end, over in episode.over() if held else ():
        for mark in held[:MOST_NAMED] if not over else ():
            yield Span(max(start, mark.earliest), end, About((mark.position,)))
    for since, finding in episode.found("covered_unknown"):
        yield Span(since, FOREVER, About(finding.positions))


def before_episode(episode: QualityInput) -> Iterator[Span[About]]:
    """A return interview is dated before the episode that it should be about began, so it answers no duty there.

    Its date is wrong, or it was recorded on the wrong episode, or it names an episode in `covers` that began later.
    """
    for since, finding in episode.found("before_episode"):
        yield Span(since, FOREVER, About(finding.positions))


def known_to_the_day(episode: QualityInput) -> Iterator[Span[About]]:
    """A time is known only to within a day, and the hour decides, so the verdict is `cannot_tell`.

    It is the time at which the clock started, or at which the duty was met, or both. Or it is the time of an end or of
    a report, and that report may have come after the end. The exact time would settle it.
    """
    yield from _doubtful_ends(episode)
    for duty in episode.obligations:
        for start, end, verdict in duty.verdicts:
            if verdict.verdict == CANNOT_TELL and (positions := _rough(verdict)):
                yield Span(start, end, About(positions, (duty.rule,)))


def _doubtful_ends(episode: QualityInput) -> Iterator[Span[About]]:
    """Yield the reports that may be after the end, with the ends, as far as they are not known exactly."""
    rough = {fact.entry.position: fact for fact in episode.facts if not fact.when.exact}
    ends = [fact for fact in rough.values() if fact.fact.PHASE == Phase.END][:MOST_NAMED]
    when = {fact.entry.position: fact.when for fact in episode.facts}
    for start, end, state in episode.pictures:
        if doubtful := state.end_possibly_contradicted:
            near = (e.entry.position for e in ends if any(e.when.overlaps(when[p]) for p in doubtful))
            yield Span(start, end, About(tuple(sorted({*near, *(rough.keys() & set(doubtful))}))))


def _over(episode: QualityInput, since: Instant, positions: tuple[int, ...]) -> Iterator[Span[About]]:
    for start, end in episode.ended(since):
        yield Span(start, end, About(positions[:MOST_NAMED]))


def _rough(verdict: Verdict) -> tuple[int, ...]:
    """Return the entries known only to the day; none when the exact time of these would not settle it."""
    times = ((verdict.started_by, verdict.started_at), (verdict.satisfied_by, verdict.satisfied_at))
    unsure = [(by, when) for by, when in times if by is not None and when is not None and not when.exact]
    if verdict.started_at is None or not all(_within_a_day(when) for _, when in unsure):
        return ()
    return tuple(sorted({by for by, _ in unsure}))


def _within_a_day(when: Moment) -> bool:
    return (
        when.earliest is not None and when.latest is not None and when.latest - when.earliest <= LONGEST_DAY
    )

"""Quality: what is wanting in what was recorded of an episode, and should be put right at its source.

Each kind is defined once: by a function whose docstring says what it means (docs/quality.md quotes it). They look
at what `assess` has found already, its findings and verdicts, and at the facts. Like everything, an issue holds
for the `as_at` from which what it rests on counts; one that rests on a finding, from the last entry that this names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import getdoc
from itertools import pairwise
from typing import Final, NamedTuple

from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.obligation import Obligation, Verdict
from domain.assessment.obligations.verdict import CANNOT_TELL
from domain.assessment.observations.countable_events import HELD, POLICE_REFERENCE, CountableEvent
from domain.assessment.standing.episode_state import EpisodeState
from domain.facts.start import PoliceNotified, Reported
from domain.moment import DAY, FOREVER, HOUR, Instant, Moment
from domain.organisations import is_police, namespace
from domain.spans import Span, joined
from domain.vocabulary import AWAY, OVER

NOT_ASSESSABLE: Final = "not_assessable"
LONGEST_DAY: Final = 25 * HOUR
"""The day on which the clocks go back."""


class Issue(NamedTuple):
    """One thing that is wanting, over a span of `as_at`."""

    kind: str
    since: Instant
    until: Instant
    positions: tuple[int, ...]
    """The entries that it is about."""
    sources: tuple[str, ...]
    """The systems that sent them."""
    rules: tuple[str, ...] = ()
    """The rules whose verdict hangs on it."""


class QualityInput(NamedTuple):
    """An episode, as its quality is judged."""

    names: Sequence[str]
    """Its subjects, and those that links name with it."""
    pictures: Sequence[Span[EpisodeState]]
    facts: Sequence[ChronologicalFact]
    covering: Sequence[ChronologicalFact]
    """Interviews recorded on other episodes that cover this one."""
    marks: Sequence[CountableEvent]
    findings: Sequence[Finding]
    obligations: Sequence[Obligation]

    def found(self, name: str) -> Iterator[tuple[Instant, Finding]]:
        """The findings of a name, each with the instant from which all that it names counts."""
        times = {told.entry.position: told.earliest for told in (*self.facts, *self.covering)}
        for finding in self.findings:
            if finding.finding == name:
                yield max(times[position] for position in finding.positions), finding


class About(NamedTuple):
    """What an issue rests on."""

    positions: tuple[int, ...]
    rules: tuple[str, ...] = ()


def return_without_report(judged: QualityInput) -> Iterator[Span[About]]:
    """The child is back, or the episode ended otherwise, and nobody ever reported the child missing or away."""
    for since, finding in judged.found("no_report"):
        yield from _over(judged, since, finding.positions)


def report_without_police_reference(judged: QualityInput) -> Iterator[Span[About]]:
    """The child was reported missing, or the police were told, and the record of the police cannot be found from here.

    Neither was their reference given, nor is a record of theirs linked. Who was only ever reported away without
    authorisation need not be known to the police.
    """
    if any(is_police(namespace(name)) for name in judged.names):
        return
    given = min((mark.earliest for mark in judged.marks if mark.kind == POLICE_REFERENCE), default=FOREVER)
    for told in judged.facts:
        fact = told.fact
        if isinstance(fact, PoliceNotified) or (isinstance(fact, Reported) and fact.category != AWAY):
            yield Span(told.earliest, given, About((told.entry.position,)))


def open_without_entry(judged: QualityInput) -> Iterator[Span[About]]:
    """The child is not back, or back but contradicted, and nothing that happened in the last days was recorded.

    How many days is asked; `since` is the last that anybody says happened. When it was recorded does not matter,
    nor does what corrects or links entries: nothing happened to the child by that.
    """
    heard = sorted({told.earliest for told in judged.facts})
    for start, end, picture in judged.pictures:
        if picture.open:
            edges = [start, *(at for at in heard if start < at < end), end]
            for last, following in pairwise(edges):
                if following - last > DAY:  # nobody asks for less
                    yield Span(last, following, About(_positions(judged.facts, last)))


def contradicting_returns(judged: QualityInput) -> Iterator[Span[About]]:
    """Returns, or other ends, at times that do not fit together; or an absence surely after the end that counts."""
    for since, finding in judged.found("ends_conflict"):
        yield from _over(judged, since, finding.positions)
    for start, end, picture in judged.pictures:
        if picture.end_contradicted:
            yield Span(start, end, About(picture.end_contradicted))


def interview_without_coverage(judged: QualityInput) -> Iterator[Span[About]]:
    """A return interview is told of, and not the return that it is about.

    It was held, and the episode has no end yet; or it says that it covers an episode that is not known of this child.
    """
    held = [mark for mark in judged.marks if mark.kind == HELD and mark.sure]
    for start, end, picture in judged.pictures if held else ():
        if picture.standing not in OVER:
            for mark in held:
                yield Span(max(start, mark.earliest), end, About((mark.position,)))
    for since, finding in judged.found("covered_unknown"):
        yield Span(since, FOREVER, About(finding.positions))


def before_episode(judged: QualityInput) -> Iterator[Span[About]]:
    """A return interview is dated before the episode that it should be about began, so it answers no duty there.

    Its date is wrong, or it was recorded on the wrong episode, or it names one in `covers` that began later.
    """
    for since, finding in judged.found("before_episode"):
        yield Span(since, FOREVER, About(finding.positions))


def known_to_the_day(judged: QualityInput) -> Iterator[Span[About]]:
    """A time is known only to within a day, and the hour decides: nobody can tell whether a duty was met in time.

    It is the time at which the clock started, or at which the duty was met, or both; the exact time would settle it.
    """
    for duty in judged.obligations:
        for start, end, verdict in duty.verdicts:
            if verdict.verdict == CANNOT_TELL and (positions := _known_to_the_day(verdict)):
                yield Span(start, end, About(positions, (duty.rule,)))


KINDS: Final[dict[str, Callable[[QualityInput], Iterator[Span[About]]]]] = {
    of.__name__: of
    for of in (
        return_without_report,
        report_without_police_reference,
        open_without_entry,
        contradicting_returns,
        interview_without_coverage,
        before_episode,
        known_to_the_day,
    )
}
OPEN_WITHOUT_ENTRY: Final = open_without_entry.__name__
MEANINGS: Final[dict[str, str]] = {
    **{name: " ".join((getdoc(of) or "").split()) for name, of in KINDS.items()},
    NOT_ASSESSABLE: "What was recorded cannot be assessed, by a fault of this program: what lists show of it is as of"
    " before. Named by subject, at every `as_at`.",
}
"""What each kind means, in the order in which they are explained."""


def issues(judged: QualityInput) -> tuple[Issue, ...]:
    """Everything that is wanting in an episode, by kind and time."""
    sources = {told.entry.position: told.entry.source for told in (*judged.facts, *judged.covering)}
    return tuple(
        Issue(kind, since, until, about.positions, _sources(sources, about.positions), about.rules)
        for kind, of in KINDS.items()
        for since, until, about in _together(of(judged))
    )


def table() -> str:
    """The kinds as rows of the documentation."""
    rows = (f"| `{kind}` | {meaning} |" for kind, meaning in MEANINGS.items())
    return "\n".join(["| kind | means |", "|---|---|", *rows])


def _over(judged: QualityInput, since: Instant, positions: tuple[int, ...]) -> Iterator[Span[About]]:
    """The spans in which the episode has ended, from an instant on."""
    for start, end, picture in judged.pictures:
        if picture.standing in OVER:
            yield Span(max(start, since), end, About(positions))


def _positions(facts: Iterable[ChronologicalFact], at: Instant) -> tuple[int, ...]:
    return tuple(sorted(told.entry.position for told in facts if told.earliest == at))


def _known_to_the_day(verdict: Verdict) -> tuple[int, ...]:
    """The entries whose time is; none when the exact time of these would not settle it."""
    times = ((verdict.started_by, verdict.started_at), (verdict.satisfied_by, verdict.satisfied_at))
    unsure = [(by, when) for by, when in times if by is not None and when is not None and not when.exact]
    if verdict.started_at is None or not all(_within_a_day(when) for _, when in unsure):
        return ()
    return tuple(sorted({by for by, _ in unsure}))


def _within_a_day(when: Moment) -> bool:
    return (
        when.earliest is not None and when.latest is not None and when.latest - when.earliest <= LONGEST_DAY
    )


def _sources(of: dict[int, str], positions: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted({of[position] for position in positions if position in of}))


def _together(found: Iterable[Span[About]]) -> tuple[Span[About], ...]:
    """One span for each stretch in which the same is wanting; what overlaps is one issue about all of it."""
    spans = [span for span in found if span.start < span.end]
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    stretches = (
        Span(start, end, [s.value for s in spans if s.start <= start and end <= s.end])
        for start, end in pairwise(edges)
    )
    return joined(Span(start, end, _union(several)) for start, end, several in stretches if several)


def _union(several: Sequence[About]) -> About:
    positions = {position for about in several for position in about.positions}
    return About(tuple(sorted(positions)), tuple(sorted({rule for about in several for rule in about.rules})))

"""Data quality: issues with what was recorded of an episode, to be corrected where it was sent from.

Each kind is defined once, by a function whose docstring says what it means (docs/quality.md quotes it). Kinds read the
findings, verdicts and facts of an episode. An issue holds for the `as_at` from which the facts that it rests on count.
One that rests on a finding holds from the last entry that the finding names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import getdoc
from itertools import islice, pairwise
from typing import Final, NamedTuple

from domain.assessment.observations.birth_quality import (
    birth_months_differ,
    no_birth_month,
    turned_18_while_open,
)
from domain.assessment.observations.name_quality import looks_like_a_name
from domain.assessment.observations.quality_input import MOST_NAMED, About, QualityInput
from domain.assessment.observations.record_quality import (
    before_episode,
    contradicting_returns,
    interview_without_coverage,
    known_to_the_day,
    open_without_entry,
    report_without_police_reference,
    return_without_report,
)
from domain.moment import Instant
from domain.spans import Span, joined

NOT_ASSESSABLE: Final = "not_assessable"


class Issue(NamedTuple):
    """One data-quality issue, over a span of `as_at`."""

    kind: str
    since: Instant
    until: Instant
    positions: tuple[int, ...]
    """The entries that it is about."""
    sources: tuple[str, ...]
    """The systems that sent them."""
    rules: tuple[str, ...] = ()
    """The rules whose verdict depends on it."""


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
        no_birth_month,
        turned_18_while_open,
        birth_months_differ,
        looks_like_a_name,
    )
}
OPEN_WITHOUT_ENTRY: Final = open_without_entry.__name__
LOOKS_LIKE_A_NAME: Final = looks_like_a_name.__name__
MEANINGS: Final[dict[str, str]] = {
    **{name: " ".join((getdoc(of) or "").split()) for name, of in KINDS.items()},
    NOT_ASSESSABLE: "The recorded entries cannot be assessed, because of a fault in this program. Lists show the"
    " episode as it was before. The issue names the subject, at every `as_at`.",
}
"""The meaning of each kind, in the order in which they are explained."""


def issues(episode: QualityInput) -> tuple[Issue, ...]:
    """Return every data-quality issue of an episode, by kind and time."""
    named = [fact.entry for fact in (*episode.facts, *episode.covering)]
    sources = {entry.position: entry.source for entry in (*named, *(each.entry for each in episode.entries))}
    return tuple(
        Issue(kind, since, until, about.positions, _sources(sources, about.positions), about.rules)
        for kind, of in KINDS.items()
        for since, until, about in _together(of(episode))
    )


def table() -> str:
    """Return the kinds as rows of the documentation."""
    rows = (f"| `{kind}` | {meaning} |" for kind, meaning in MEANINGS.items())
    return "\n".join(["| kind | means |", "|---|---|", *rows])


def _sources(of: dict[int, str], positions: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted({of[position] for position in positions if position in of}))


def _together(found: Iterable[Span[About]]) -> tuple[Span[About], ...]:
    """Return one span for each stretch with the same issue; what overlaps is one issue about all of it.

    Of more than MOST_NAMED that overlap, those that began first are named.
    """
    spans = sorted((span for span in found if span.start < span.end), key=lambda span: span.start)
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    ends = sorted(range(len(spans)), key=lambda number: spans[number].end)
    going: dict[int, About] = {}  # by number, so in the order in which they began
    stretches, begun, over = [], 0, 0
    for start, end in pairwise(edges):
        while begun < len(spans) and spans[begun].start <= start:
            going[begun] = spans[begun].value
            begun += 1
        while over < len(ends) and spans[ends[over]].end <= start:
            going.pop(ends[over], None)
            over += 1
        if going:
            stretches.append(Span(start, end, _union(list(islice(going.values(), MOST_NAMED)))))
    return joined(stretches)


def _union(several: Sequence[About]) -> About:
    positions = {position for about in several for position in about.positions}
    return About(tuple(sorted(positions)), tuple(sorted({rule for about in several for rule in about.rules})))

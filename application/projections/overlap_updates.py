"""Overlaps between units of one person that are otherwise assessed separately.

A complete unit holds all episodes of its persons, and its assessment has found their overlaps. For the others the
stored extents of the person's further episodes are enough. Episodes whose list of overlaps changes get a new row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import psycopg

from application.projections import episodes_table as episodes
from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit
from application.projections.episodes_table import Before, Neighbour
from application.projections.table import Row
from domain.assessment.chronology.children import IdentityLink
from domain.assessment.standing.overlaps import Extent, extent, overlapped, with_overlaps


class AssessedUnit(NamedTuple):
    """A unit, assessed."""

    unit: AssessmentUnit
    found: list[Assessed]
    known: list[IdentityLink]
    """The identity links of its children that other streams report."""
    error: Exception | None = None
    """The error because of which it could not be assessed."""

    @property
    def ties(self) -> list[IdentityLink]:
        """The identity links that it reports itself."""
        return [tie for each in self.found for tie in each.episode.ties]


class _Own(NamedTuple):
    """An episode that is being reassessed, with its extent and the number of its unit."""

    assessed: Assessed
    extent: Extent | None
    unit: int


def apply_overlaps(
    connection: psycopg.Connection[Any], done: Sequence[AssessedUnit], before: Mapping[str, Before]
) -> tuple[list[Assessed], list[Row]]:
    """Return all episodes, each naming those that overlap it, and the rows of stored episodes where that changes."""
    complete = [found for each in done if each.unit.complete for found in each.found]
    apart = [(n, each) for n, each in enumerate(done) if not each.unit.complete]
    if not apart:
        return complete, []
    own: dict[str, list[_Own]] = defaultdict(list)
    for number, each in apart:
        for found in each.found:
            own[found.episode.person].append(_Own(found, extent(found.episode.pictures), number))
    subjects = {subject for _, each in apart for subject in each.unit.subjects}
    was = [before[subject] for subject in subjects if subject in before]
    around: dict[str, list[Neighbour]] = defaultdict(list)
    for neighbour in episodes.beside(connection, _hulls(own, was)):
        if neighbour.lead not in subjects:
            around[neighbour.person].append(neighbour)
    named = [_named(each, own[who], around[who]) for who in own for each in own[who]]
    patched = [row for who in around for n in around[who] if (row := _patched(n, own[who], subjects))]
    return complete + named, patched


def _hulls(own: dict[str, list[_Own]], before: Iterable[Before]) -> dict[str, Extent]:
    """Return for each person the span from the earliest start to the latest end, old or new, of these episodes."""
    spans: dict[str, list[Extent]] = defaultdict(list)
    for who, some in own.items():
        spans[who] += [each.extent for each in some if each.extent is not None]
    for stored in before:
        if stored.extent is not None:
            spans[stored.person].append(stored.extent)
    return {
        who: Extent(min(s.start for s in some), max(s.end for s in some))
        for who, some in spans.items()
        if some
    }


def _named(this: _Own, own: Sequence[_Own], around: Sequence[Neighbour]) -> Assessed:
    """Return the episode, with those of other units that overlap it among its findings."""
    if this.extent is None:
        return this.assessed
    others = {
        each.assessed.episode.lead
        for each in own
        if each.unit != this.unit and each.extent is not None and this.extent.overlaps(each.extent)
    }
    others |= {each.lead for each in around if each.extent is not None and this.extent.overlaps(each.extent)}
    if not others:
        return this.assessed
    episode = this.assessed.episode
    findings = with_overlaps(episode.findings, overlapped(episode.findings) | others)
    return replace(this.assessed, episode=replace(episode, findings=findings))


def _patched(neighbour: Neighbour, own: Sequence[_Own], redone: Collection[str]) -> Row | None:
    """Return the row of a stored episode, if other episodes overlap it now; None when it stays."""
    before = overlapped(neighbour.episode.findings)
    now = before.difference(redone) | {
        each.assessed.episode.lead
        for each in own
        if each.extent is not None and neighbour.extent is not None and neighbour.extent.overlaps(each.extent)
    }
    return None if now == before else neighbour.overlapping(now)

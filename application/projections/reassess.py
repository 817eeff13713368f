"""Reassessment: assess units of streams again and write the rows that differ, for following and rebuilding alike.

All follows from entries up to one position and from the stored extents of a child's other episodes. So any order
of the units, and any cut of the entries into batches, ends in the same rows.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final
from uuid import UUID

import psycopg

from application.projections import (
    children_table as children,
)
from application.projections import (
    episodes_table as episodes,
)
from application.projections import (
    measures_table as counted,
)
from application.projections import (
    not_assessable as aside,
)
from application.projections import (
    obligations_table as verdicts,
)
from application.projections import (
    quality_table as quality,
)
from application.projections import (
    standings_table as standings,
)
from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit, linked_children, persons
from application.projections.episodes_table import Before
from application.projections.overlap_updates import AssessedUnit, apply_overlaps
from application.projections.table import Row
from application.store.line_codec import read_line
from domain.assessment.assess import assess
from domain.assessment.chronology.children import IdentityLink
from domain.organisations import namespace
from domain.rules.rulebook import Rulebook

_log: Final = logging.getLogger(__name__)


def reassess(
    connection: psycopg.Connection[Any], units: Sequence[AssessmentUnit], known_at: int, rulebook: Rulebook
) -> int:
    """Assess units as known at a position and write what differs; return how many rows that touched."""
    with _uncollected():
        return _redo(connection, units, known_at, rulebook)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop the collector of cycles meanwhile: an assessment makes none, and searching its objects costs time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _redo(
    connection: psycopg.Connection[Any], units: Sequence[AssessmentUnit], known_at: int, rulebook: Rulebook
) -> int:
    before = episodes.before(connection, {s for unit in units if not unit.complete for s in unit.subjects})
    done = _assess(connection, units, known_at, rulebook)
    linked = linked_children(connection, {child for unit in units for child in unit.children})
    torn = [each.unit for each in done if each.error is None and _torn(each, before, linked)]
    if torn:
        whole = persons(connection, {no for unit in torn for no in unit.numbers})
        within = {no for unit in whole for no in unit.numbers}
        apart = [each for each in done if within.isdisjoint(each.unit.numbers)]
        done = apart + _assess(connection, whole, known_at, rulebook)
    for each in done:
        if each.error is not None:
            _set_aside(connection, each.unit, known_at, each.error)
    return _write(connection, [each for each in done if each.error is None], before)


def _assess(
    connection: psycopg.Connection[Any], units: Sequence[AssessmentUnit], known_at: int, rulebook: Rulebook
) -> list[AssessedUnit]:
    """Return each unit with its episodes, or with the error that it met."""
    apart = {child for unit in units if not unit.complete for child in unit.children}
    ties = children.ties(connection, apart)
    done = []
    for unit, lines in zip(units, lines_of(connection, units, known_at), strict=True):
        known = [] if unit.complete else [ties[child] for child in unit.children if child in ties]
        try:
            done.append(AssessedUnit(unit, assessed(lines, rulebook, known), known))
        except Exception as error:  # noqa: BLE001  # any error: this person is not assessable, the rest goes on
            done.append(AssessedUnit(unit, [], known, error))
    return done


def _torn(done: AssessedUnit, before: Mapping[str, Before], linked: Collection[UUID]) -> bool:
    """Return whether a unit's children may be linked, or the links between other children have changed."""
    if done.unit.complete:
        return False
    if not done.unit.children.isdisjoint(linked):
        return True
    told = (before[subject].ties for subject in done.unit.subjects if subject in before)
    return set().union(*told) != set(done.ties)


def lines_of(
    connection: psycopg.Connection[Any], units: Sequence[AssessmentUnit], known_at: int
) -> list[list[bytes]]:
    """Return the lines of each unit's entries."""
    unit_of = {stream.no: n for n, unit in enumerate(units) for stream in unit.streams}
    lines: list[list[bytes]] = [[] for _ in units]
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(
            "select stream_no, line from ledger.entries where stream_no = any(%s) and position + 0 <= %s",
            (list(unit_of), known_at),
        )
        for stream_no, line in found:
            lines[unit_of[stream_no]].append(line)
    return lines


def assessed(
    lines: Iterable[bytes],
    rulebook: Rulebook,
    ties: Iterable[IdentityLink] = (),
    *,
    not_applicable: bool = False,
) -> list[Assessed]:
    """Return the episodes of a unit, from the lines of its entries, given identity links that others report.

    `not_applicable`: also with the obligations that do not apply, which no table holds.
    """
    entries = sorted(map(read_line, lines), key=lambda entry: entry.position)
    by_position = {entry.position: entry for entry in entries}
    return [
        Assessed(e, sorted({*e.named, *map(namespace, e.subjects)}), by_position[e.position], rulebook)
        for e in assess(entries, rulebook, ties, not_applicable=not_applicable)
    ]


def assessed_in_scope(
    unit: AssessmentUnit,
    lines: Collection[bytes],
    rulebook: Rulebook,
    scope: Collection[str] | None,
    *,
    not_applicable: bool = False,
) -> list[Assessed]:
    """Return the episodes of a unit that a reader may see now, as they were known at an earlier position.

    Streams that were linked with them then, and that the reader may not see now, are left out.
    """
    found = assessed(lines, rulebook, not_applicable=not_applicable)
    seen = {stream.subject for stream in unit.streams if stream.visible(scope)}
    hidden = {
        s for each in found if not seen.isdisjoint(each.episode.subjects) for s in each.episode.subjects
    }
    if hidden := hidden - seen:
        rest = [line for line in lines if read_line(line).subject not in hidden]
        found = assessed(rest, rulebook, not_applicable=not_applicable)
    return [each for each in found if not seen.isdisjoint(each.episode.subjects)]


def _set_aside(
    connection: psycopg.Connection[Any], unit: AssessmentUnit, known_at: int, error: Exception
) -> None:
    """Keep the stored rows, marked as old, and list the unit to be tried again."""
    _log.error("not assessable: up to position %d, %s", known_at, type(error).__name__)
    aside.clear_mark(connection, unit.subjects)
    aside.mark_not_assessable(connection, unit.subjects, unit.children, known_at, type(error).__name__)
    episodes.mark_aside(connection, unit.subjects)
    quality.set_aside(connection, unit)


def _write(
    connection: psycopg.Connection[Any], done: Sequence[AssessedUnit], before: Mapping[str, Before]
) -> int:
    subjects = {subject for each in done for subject in each.unit.subjects}
    if not subjects:
        return 0
    found, patched = apply_overlaps(connection, done, before)
    aside.clear_mark(connection, subjects)
    touched = {*subjects, *(row[0] for row in patched)}
    count = episodes.TABLE.write(connection, touched, [*_rows(episodes.rows, found), *patched])
    count += standings.TABLE.write(connection, subjects, _rows(standings.rows, found))
    count += verdicts.TABLE.write(connection, subjects, _rows(verdicts.rows, found))
    count += counted.TABLE.write(connection, subjects, _rows(counted.rows, found))
    count += quality.TABLE.write(connection, subjects, _rows(quality.rows, found))
    named = {child for each in done for child in each.unit.children}
    persons_of = (children.rows(each.unit.children, [*each.known, *each.ties]) for each in done)
    return count + children.TABLE.write(connection, named, chain.from_iterable(persons_of))


def _rows(of_one: Callable[[Assessed], list[Row]], found: Iterable[Assessed]) -> Iterator[Row]:
    return chain.from_iterable(map(of_one, found))

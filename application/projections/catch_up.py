"""Catching up: the steps that bring the projection tables up to the recorded entries. Each is one transaction.

A step locks the progress row, reassesses what is affected, and writes how far it came, all or nothing. A step that
is killed has either happened or not, and doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import psycopg
from eventsourcing.persistence import Notification

from application.projections import not_assessable as aside
from application.projections import progress
from application.projections import sources_table as arrivals
from application.projections.assessment_units import AssessmentUnit, affected, persons
from application.projections.progress import FollowerProgress
from application.projections.reassess import reassess
from application.store.adopted_rulebooks import Adopted
from application.store.line_codec import read_line
from application.store.notification_log import notifications
from application.store.tree_rows import rows_of
from domain.facts.ledger_entries import LEDGER, RULEBOOK_ADOPTED
from domain.organisations import namespace
from domain.rules.rulebook import Rulebook

BATCH: Final = 2_000
"""Entries that one step takes at most."""


class NewRulebook(Exception):
    """A rulebook was adopted under which everything has to be assessed again: only a rebuild goes further."""


class _Head(NamedTuple):
    position: int
    subject: str
    own: bytes | None
    """The line, of one of the ledger's own entries."""

    @property
    def adopts(self) -> bool:
        return self.own is not None and read_line(self.own).type == RULEBOOK_ADOPTED


def size(connection: psycopg.Connection[Any]) -> int:
    """Return the position of the last entry recorded."""
    row = connection.execute("select position from ledger.heads where log = 1").fetchone()
    assert row is not None
    return int(row[0])


def catch_up(connection: psycopg.Connection[Any]) -> int:
    """Take the next entries; return how many. Raise NewRulebook when the first adopts another rulebook."""
    with connection.transaction():
        at = progress.locked(connection)
        heads = _heads(connection, at.position)
        if not heads:
            return 0
        if heads[0].adopts:
            if at.rulebook_position is not None:
                raise NewRulebook
            at, heads = at._replace(rulebook_position=heads[0].position), heads[:1]
        subjects = {head.subject for head in heads if head.own is None}
        if subjects:
            streams = _streams(connection, subjects)
            book = judged_by(connection, at)
            reassess(connection, _units(connection, streams, book), heads[-1].position, book)
        arrivals.count(connection, at.position, heads[-1].position)
        progress.write(connection, at._replace(position=heads[-1].position))
    return len(heads)


def _heads(connection: psycopg.Connection[Any], after: int) -> list[_Head]:
    """Return the next entries, up to one that adopts a rulebook (not included, unless it is the first)."""
    found = notifications(rows_of(connection), after, BATCH)
    heads = [_head(notification) for notification in found]
    return heads[: next((n for n, head in enumerate(heads) if n and head.adopts), None)]


def _head(entry: Notification) -> _Head:
    subject = str(entry.originator_id)
    return _Head(entry.id, subject, entry.state if namespace(subject) == LEDGER else None)


def _streams(connection: psycopg.Connection[Any], subjects: Collection[str]) -> set[int]:
    """Return the numbers of the streams of these subjects."""
    query = "select no from ledger.streams where subject = any(%s)"
    return {number for (number,) in connection.execute(query, (list(subjects),), binary=True)}


def _units(connection: psycopg.Connection[Any], streams: set[int], book: Rulebook) -> list[AssessmentUnit]:
    """Return the units that new entries on these streams affect, and those of the same children that wait for a retry.

    Under a rule that reads a person's other episodes, the units are whole persons.
    """
    if book.looks_at_others:
        return persons(connection, streams)
    units = affected(connection, streams)
    waiting = aside.streams_of(connection, {child for unit in units for child in unit.children})
    reached = {stream.no for unit in units for stream in unit.streams}
    return units if waiting <= reached else affected(connection, streams | waiting)


def judged_by(connection: psycopg.Connection[Any], at: FollowerProgress) -> Rulebook:
    """Return the rulebook under which the tables were assessed."""
    row = connection.execute(
        "select line from ledger.entries where position = %s", (at.rulebook_position,), binary=True
    ).fetchone()
    if row is None:
        raise LookupError("entries are recorded before any rulebook was adopted")
    return Adopted(read_line(row[0])).book

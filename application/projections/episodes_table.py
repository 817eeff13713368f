"""Episodes: one row for each united episode, with its whole assessment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from application.projections.assessed_episode import Assessed, decode_episode, encode
from application.projections.table import Row, Table
from application.store.database import Database
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.chronology.children import IdentityLink
from domain.assessment.standing.overlaps import Extent, extent, with_overlaps
from domain.moment import Instant

_COLUMNS: Final = {
    "lead": "text",
    "subjects": "text[]",
    "child": "uuid",
    "person": "uuid",
    "ties": "uuid[]",
    "namespaces": "text[]",
    "started": "bigint",
    "ended": "bigint",
    "position": "bigint",
    "recorded_at": "bigint",
    "type": "text",
    "aside": "boolean",
    "body": "bytea",
}
TABLE: Final = Table("episodes", _COLUMNS, key=1)
_LEAD, _PERSON, _STARTED, _ENDED, _BODY = 0, 3, 6, 7, 12


def rows(found: Assessed) -> list[Row]:
    """Return the row of an episode."""
    episode, last = found.episode, found.last
    span = extent(episode.pictures) or (None, None)
    who = (found.child, UUID(episode.person), [UUID(child) for tie in episode.ties for child in tie])
    where = (episode.lead, list(episode.subjects), *who, found.namespaces, *span)
    return [(*where, last.position, last.recorded_at, last.type, False, encode(episode))]


class Before(NamedTuple):
    """A stored episode in short: its person, the identity links that it reports, its extent."""

    lead: str
    person: str
    ties: frozenset[IdentityLink]
    extent: Extent | None


def before(connection: psycopg.Connection[Any], leads: Collection[str]) -> dict[str, Before]:
    """Return the stored episodes with these leads, by lead."""
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(
            "select lead, person, ties, started, ended from episodes where lead = any(%s)", (list(leads),)
        )
        return {lead: Before(lead, who.hex, _ties(ids), _extent(*span)) for lead, who, ids, *span in found}


def _ties(ids: Sequence[UUID]) -> frozenset[IdentityLink]:
    return frozenset((one.hex, other.hex) for one, other in zip(ids[::2], ids[1::2], strict=True))


def _extent(started: Instant | None, ended: Instant | None) -> Extent | None:
    return None if started is None or ended is None else Extent(started, ended)


class Neighbour(NamedTuple):
    """A stored episode next to others of its person: its lead, person, extent, and row."""

    lead: str
    person: str
    extent: Extent | None
    row: Row

    @property
    def episode(self) -> EpisodeAssessment:
        """Its assessment."""
        return decode_episode(self.row[_BODY])

    def overlapping(self, leads: Collection[str]) -> Row:
        """Return its row, with these leads as the episodes that overlap it."""
        episode = self.episode
        changed = replace(episode, findings=with_overlaps(episode.findings, leads))
        return (*self.row[:_BODY], encode(changed))


def beside(connection: psycopg.Connection[Any], hulls: Mapping[str, Extent]) -> list[Neighbour]:
    """Return the stored episodes of each person that overlap a span."""
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(
            "select e.* from unnest(%s::text[]::uuid[], %s::bigint[], %s::bigint[]) h (person, since, until)"
            " join episodes e on e.person = h.person and e.ended > h.since and e.started < h.until",
            (list(hulls), [h.start for h in hulls.values()], [h.end for h in hulls.values()]),
        )
        return [
            Neighbour(row[_LEAD], row[_PERSON].hex, _extent(row[_STARTED], row[_ENDED]), row) for row in found
        ]


def mark_aside(connection: psycopg.Connection[Any], leads: Collection[str]) -> None:
    """Mark the stored rows of these episodes as older than their entries."""
    connection.execute("update episodes set aside = true where lead = any(%s) and not aside", (list(leads),))


class Item(NamedTuple):
    """An episode as a list shows it."""

    episode: EpisodeAssessment
    position: int
    recorded_at: Instant
    type: str
    aside: bool


def item(found: Assessed) -> Item:
    """Return the list's item for an episode that is not stored."""
    last = found.last
    return Item(found.episode, last.position, last.recorded_at, last.type, aside=False)


def items(database: Database, leads: Sequence[str]) -> dict[str, Item]:
    """Return the episodes with these leads, by lead."""
    found = database.rows(
        "select lead, body, position, recorded_at, type, aside from views.episodes where lead = any(%s)",
        (list(leads),),
    )
    return {lead: Item(decode_episode(body), *rest) for lead, body, *rest in found}


def of_person(database: Database, person: str) -> list[str]:
    """Return the leads of a person's episodes."""
    return [
        lead
        for (lead,) in database.rows(
            "select lead from views.episodes where person = %s::text::uuid", (person,)
        )
    ]

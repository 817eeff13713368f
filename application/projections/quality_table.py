"""Data-quality issues of each episode's entries, by spans of `as_at`, with the columns that lists filter by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit, Stream
from application.projections.table import Row, Table
from application.projections.table_query import TableQuery, Where
from application.store.database import Database
from domain.assessment.observations.data_quality import NOT_ASSESSABLE, OPEN_WITHOUT_ENTRY, Issue
from domain.facts.value_kinds import ChildRef
from domain.moment import BEGINNING, DAY, FOREVER, Instant
from domain.organisations import namespace

_COLUMNS: Final = {
    "lead": "text",
    "kind": "text",
    "since": "bigint",
    "until": "bigint",
    "positions": "bigint[]",
    "sources": "text[]",
    "rules": "text[]",
    "authorities": "text[]",
    "namespaces": "text[]",
    "child": "uuid",
}
TABLE: Final = Table("quality", _COLUMNS, key=3)
DAYS: Final = 3
"""Days without an entry from which on an open episode is listed, unless others are asked for."""


def rows(found: Assessed) -> list[Row]:
    """Return a row for each span of each issue in which the episode's authorities do not change."""
    answerable = found.answerable
    return [
        _row(found, issue, max(issue.since, of.start), min(issue.until, of.end), of.value)
        for issue in found.episode.issues
        for of in answerable
        if issue.since < of.end and of.start < issue.until
    ]


def _row(
    found: Assessed, issue: Issue, since: Instant, until: Instant, named: tuple[str | None, str | None]
) -> Row:
    about = (list(issue.positions), list(issue.sources), list(issue.rules))
    of_episode = (found.authorities(*named), found.namespaces, found.child)
    return (found.episode.lead, issue.kind, since, until, *about, *of_episode)


def set_aside(connection: psycopg.Connection[Any], unit: AssessmentUnit) -> None:
    """List a unit that is not assessable, next to its earlier issues; writing its rows again removes that."""
    held = [row for row in TABLE.rows(connection, unit.subjects) if row[1] != NOT_ASSESSABLE]
    TABLE.write(connection, unit.subjects, [*held, *map(aside, unit.streams)])


def aside(stream: Stream) -> Row:
    """Return the row of a stream that cannot be assessed."""
    own = namespace(stream.subject)
    who = ([own], sorted({own, *stream.readers}), stream.child)
    return (stream.subject, NOT_ASSESSABLE, BEGINNING, FOREVER, [], [], [], *who)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFilters:
    """Filters of a list of issues; None does not filter."""

    kind: str | None = None
    authority: str | None = None
    """Namespace: the responsible or host authority, or the subject's."""
    source: str | None = None
    """The system that sent an entry which the issue concerns."""
    child: ChildRef | None = None
    """Any episode of the person that this child is."""
    days: int = DAYS
    """Days without an entry on an open episode."""

    def quiet(self, as_at: Instant) -> Instant:
        """Return the time by which an open episode must have had its last entry to be listed."""
        return as_at - self.days * DAY


class Key(NamedTuple):
    """The place of an issue in the list."""

    until: Instant
    since: Instant
    lead: str
    kind: str


class Item(NamedTuple):
    """An issue as a list shows it."""

    key: Key
    positions: list[int]
    sources: list[str]
    rules: list[str]
    child: str | None


_KEY: Final = "until, since, lead, kind"


def page(
    database: Database, filters: QualityFilters, asked: TableQuery[Key], leads: list[str] | None
) -> list[Item]:
    """Return the next issues: those that end soonest by themselves, then the oldest; `leads`: of these only."""
    query, values = found(filters, asked, leads)
    return [
        Item(Key(*key), positions, sources, rules, None if child is None else child.hex)
        for *key, positions, sources, rules, child in database.rows(query, values)
    ]


def found(filters: QualityFilters, asked: TableQuery[Key], leads: list[str] | None) -> tuple[Any, list[Any]]:
    """Return the statement of a page, and the values in it."""
    where = Where(asked.as_at, None)
    where.add(f"(kind <> '{OPEN_WITHOUT_ENTRY}' or since <= %s)", filters.quiet(asked.as_at))
    where.given("kind = %s", filters.kind)
    where.given("namespaces @> array[%s] and %s = any(authorities)", filters.authority, times=2)
    where.given("%s = any(sources)", filters.source)
    where.given("lead = any(%s)", leads)
    where.given("namespaces && %s", asked.names)
    where.given("lead <> all(%s)", asked.hidden)
    if asked.after is not None:
        where.add(f"({_KEY}) > (%s, %s, %s, %s)", *asked.after)
    return where.query("views.quality", f"{_KEY}, positions, sources, rules, child", _KEY, asked.limit)


def item(row: Row) -> Item:
    """Return the list's item for a row that is not stored."""
    held = dict(zip(_COLUMNS, row, strict=True))
    key = Key(held["until"], held["since"], held["lead"], held["kind"])
    child: UUID | None = held["child"]
    return Item(key, held["positions"], held["sources"], held["rules"], None if child is None else child.hex)


def matches(row: Row, filters: QualityFilters, as_at: Instant) -> bool:
    """Return whether a row that is not stored would be listed: the same conditions, without child."""
    held = dict(zip(_COLUMNS, row, strict=True))
    quiet = held["kind"] != OPEN_WITHOUT_ENTRY or held["since"] <= filters.quiet(as_at)
    return (
        bool(held["since"] <= as_at < held["until"])
        and quiet
        and filters.kind in {None, held["kind"]}
        and (filters.authority is None or filters.authority in held["authorities"])
        and (filters.source is None or filters.source in held["sources"])
    )

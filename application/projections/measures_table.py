"""Counted episodes: the data that measures need of each episode, by spans of `as_at`, and the reading of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from application.projections.assessed_episode import Assessed
from application.projections.table import Row, Table
from domain.measures.breakdowns import Groups
from domain.measures.calculation import RepeatStart, Tally
from domain.measures.definitions import letter, named
from domain.measures.measure import CHILD, EPISODE, INTERVIEW
from domain.measures.measured_episode import measured_episode
from domain.moment import Instant

_COLUMNS: Final = {
    "lead": "text",
    "since": "bigint",
    "until": "bigint",
    "person": "uuid",
    "child": "uuid",
    "namespaces": "text[]",
    "authority": "text",
    "host": "text",
    "started": "bigint",
    "started_latest": "bigint",
    "open": "boolean",
    "states": "text",
    "interviews": "bigint[]",
    **dict.fromkeys(Groups._fields, "text"),
}
TABLE: Final = Table("counted", _COLUMNS, key=2)
FIRST_OR_REPEAT: Final = "first_or_repeat"
_SURE: Final = "started >= %(from)s and started_latest < %(to)s"
"""True for an episode that certainly started in the period."""
[_MISSING] = named("missing-episodes")


def rows(found: Assessed) -> list[Row]:
    """Return a row for each span in which nothing that is counted changes."""
    episode = found.episode
    of_episode = (UUID(episode.person), found.child, found.namespaces)
    return [
        (episode.lead, since, until, *of_episode, *this[:-2], list(this.interviews), *this.groups)
        for since, until, this in measured_episode(episode, found.rulebook)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFilter:
    """The episodes that figures count. Instants are microseconds, UTC."""

    from_: Instant
    to: Instant
    """Started at or after, and before."""
    as_at: Instant
    authority: str | None = None
    """Responsible at the start."""
    host: str | None = None
    """Host at the start."""
    scope: frozenset[str] | None = None
    """The namespaces whose episodes the reader may see; None is all."""
    hidden: tuple[str, ...] = ()
    """Episodes that the reader may not see any more, though the tables do not know it yet."""

    def surely(self, started: Instant, latest: Instant) -> bool:
        """Return whether an episode certainly started in the period."""
        return self.from_ <= started and latest < self.to

    def perhaps(self, started: Instant, latest: Instant) -> bool:
        """Return whether an episode may have started in the period."""
        return started < self.to and self.from_ <= latest


class MeasuredRow(NamedTuple):
    """An episode that figures count."""

    group: str
    sure: bool
    """True when it certainly started in the period."""
    states: str
    lead: str
    person: str
    child: str
    started: Instant
    latest: Instant
    interviews: list[int]

    @property
    def tally(self) -> Tally:
        """The data that figures need of it."""
        return Tally(self.group, self.sure, self.states, 1, self.person, self.interviews)


class Starts:
    """Starts of the episodes of one child."""

    def __init__(self) -> None:
        """Begin with none."""
        self.by_lead: dict[str, RepeatStart] = {}
        self.own: list[tuple[RepeatStart, bool]] = []
        """The starts that are counted, each with whether it certainly lies in the period."""

    def add(self, lead: str, this: RepeatStart, sure: bool | None) -> None:  # noqa: FBT001  # a value
        """Add a start; `sure` is None when it is not counted."""
        self.by_lead[lead] = this
        if sure is not None:
            self.own.append((this, sure))


def start(states: str, started: Instant, latest: Instant) -> RepeatStart:
    """Return when an episode started, and whether the child was missing."""
    return RepeatStart(started, latest, letter(_MISSING, states))


class StoredEpisodes:
    """The episodes that figures count, from the projection table."""

    def __init__(self, connection: psycopg.Connection[Any], wanted: PeriodFilter) -> None:
        """`connection`: in a transaction that sees one state of the tables."""
        self._connection, self._wanted = connection, wanted

    def tallies(self, by: str | None, unit: str, *, period: bool) -> list[Tally]:
        """Return those that started in the period, or those that are open, by group; alike ones are counted together.

        Only data that the unit needs is read: the child for children, the interviews held for interviews.
        """
        person, held = (("person::text", "'{}'::bigint[]"), ("''", "interviews"), ("''", "'{}'::bigint[]"))[
            (CHILD, INTERVIEW, EPISODE).index(unit)
        ]
        selected = self._selected(f"states, {person} as person, {held} as held", by, period=period)
        columns = "grp, sure, states, count(*), person, held"
        grouped = f"select {columns} from ({selected}) s group by grp, sure, states, person, held"  # noqa: S608  # our words
        return [Tally(*row) for row in self._rows(grouped)]

    def found(self, by: str | None, *, period: bool) -> list[MeasuredRow]:
        """Return the same episodes, each on its own."""
        columns = "states, lead, person::text, child::text, started, started_latest, interviews"
        return [MeasuredRow(*row) for row in self._rows(self._selected(columns, by, period=period))]

    def starts(self, *, period: bool) -> dict[str, Starts]:
        """Return the starts of all episodes that the reader may see of the counted children, by person."""
        asked = "started_latest >= %(from)s and started < %(to)s" if period else "open"
        own = f"case when {asked}{self._of_authority()} then {_SURE} end"
        persons = self._selected("person", None, period=period)
        query = (
            f"select person::text, lead, states, started, started_latest, {own} from views.counted"  # noqa: S608  # our words
            f" where person = any(array(select person from ({persons}) s)) and {self._visible()}"
        )
        by_person: dict[str, Starts] = defaultdict(Starts)
        for person, lead, states, started, latest, sure in self._rows(query):
            by_person[person].add(lead, start(states, started, latest), sure)
        return by_person

    def _selected(self, columns: str, by: str | None, *, period: bool) -> str:
        group = by if by in {"authority", *Groups._fields} else "''"
        where = self._visible() + self._of_authority()
        select = f"select {group} as grp, {_SURE} as sure, {columns} from views.counted where {where}"  # noqa: S608  # our words
        if not period:
            return f"{select} and open"
        return (
            f"{select} and started_latest >= %(from)s and started_latest < %(to)s union all {select}"
            " and started < started_latest and started < %(to)s and started_latest >= %(to)s"
        )

    def _of_authority(self) -> str:
        authority = "" if self._wanted.authority is None else " and authority = %(authority)s"
        return authority + ("" if self._wanted.host is None else " and host = %(host)s")

    def _visible(self) -> str:
        scope = "" if self._wanted.scope is None else " and namespaces && %(scope)s"
        hidden = " and lead <> all(%(hidden)s)" if self._wanted.hidden else ""
        return f"since <= %(as_at)s and until > %(as_at)s{scope}{hidden}"

    def _rows(self, query: str) -> list[Row]:
        wanted = self._wanted
        given = {
            "from": wanted.from_,
            "to": wanted.to,
            "as_at": wanted.as_at,
            "authority": wanted.authority,
            "host": wanted.host,
            "scope": None if wanted.scope is None else sorted(wanted.scope),
            "hidden": list(wanted.hidden),
        }
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(query.encode(), given).fetchall()

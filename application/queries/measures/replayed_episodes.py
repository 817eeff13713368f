"""Counted episodes at another position than that of the projection tables: replayed, by the same function.

The persons concerned are assessed whole from their entries up to that position, a page at a time. Each episode is
kept in as little memory as a row of the table. No rule bears on what is counted, so no verdict is calculated.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit
from application.projections.measures_table import MeasuredRow, PeriodFilter, Starts, start
from application.projections.reassess import assessed_in_scope, lines_of
from application.queries.measures.streams_to_replay import StreamsToReplay
from domain.errors import InvalidQuery
from domain.measures.breakdowns import Groups
from domain.measures.calculation import Tally
from domain.measures.measured_episode import MeasuredEpisode, counted_at
from domain.rules.rulebook import Rulebook, england

NO_RULES: Final[Rulebook] = replace(england(), rules=())
"""No verdict is calculated, since nothing that is counted depends on one."""

_log: Final = logging.getLogger(__name__)


class ReplayTooLarge(InvalidQuery):
    """One answer would have to replay more than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLimits:
    """The position, and how much may be replayed for it."""

    at: int
    book: Rulebook
    """The rulebook whose time limits figures use."""
    period_only: bool
    """True when no episode that started before the period is needed."""
    most: int | None = None
    """Most streams to replay; None: any number."""
    on_progress: Callable[[int], None] | None = None
    """Receives how many streams are replayed."""


class _Kept(NamedTuple):
    lead: str
    person: str
    child: str
    counted: MeasuredEpisode


class ReplayedEpisodes:
    """The episodes that figures count, replayed once."""

    def __init__(
        self, connection: psycopg.Connection[Any], wanted: PeriodFilter, known: ReplayLimits
    ) -> None:
        """Replay them; raise ReplayTooLarge when there are more than the limit."""
        self._connection, self._wanted, self._known = connection, wanted, known
        self.not_assessable = 0
        self._kept = list(self._replayed())

    def tallies(self, by: str | None, _unit: str, *, period: bool) -> list[Tally]:
        """Return those that started in the period, or those that are open, by group."""
        return [found.tally for found in self.found(by, period=period)]

    def found(self, by: str | None, *, period: bool) -> list[MeasuredRow]:
        """Return the same episodes, with the members that a list needs."""
        wanted = self._wanted
        return [
            _found(kept, wanted, by)
            for kept in self._kept
            if wanted.authority in {None, kept.counted.authority}
            and wanted.host in {None, kept.counted.host}
            and (_in_period(kept.counted, wanted) if period else kept.counted.open)
        ]

    def starts(self, *, period: bool) -> dict[str, Starts]:
        """Return the starts of all episodes that the reader may see of the counted children, by person."""
        own = {found.lead: found for found in self.found(None, period=period)}
        persons = {found.person for found in own.values()}
        by_person: dict[str, Starts] = defaultdict(Starts)
        for lead, person, _, this in self._kept:
            if person in persons:
                sure = own[lead].sure if lead in own else None
                of_lead = start(this.states, this.started, this.started_latest)
                by_person[person].add(lead, of_lead, sure)
        return by_person

    def _replayed(self) -> Iterator[_Kept]:
        for each in self._assessed():
            this = counted_at(each.episode, self._known.book, self._wanted.as_at)
            if this is not None:
                person, child = (str(UUID(id_)) for id_ in (each.episode.person, each.episode.child))
                yield _Kept(each.episode.lead, person, child, this)

    def _assessed(self) -> Iterator[Assessed]:
        """Yield the episodes of every person concerned, each person whole and once."""
        done = 0
        for _, units in self._concerned().people(self._connection):
            done += sum(len(unit.streams) for unit in units)
            if self._known.most is not None and done > self._known.most:
                raise ReplayTooLarge(
                    f"This answer would replay more than {self._known.most:,} episodes. Ask for one authority, a"
                    " shorter period or fewer measures, or use `ledger measures`."
                )
            lines = lines_of(self._connection, units, self._known.at)
            for unit, of_unit in zip(units, lines, strict=True):
                yield from self._of_unit(unit, of_unit)
            if self._known.on_progress is not None:
                self._known.on_progress(done)

    def _of_unit(self, unit: AssessmentUnit, lines: list[bytes]) -> list[Assessed]:
        try:
            return assessed_in_scope(unit, lines, NO_RULES, self._wanted.scope)
        except Exception as error:  # noqa: BLE001  # any error: these are named as left out, the rest goes on
            _log.error("not assessable: up to position %d, %s", self._known.at, type(error).__name__)
            self.not_assessable += 1
            return []

    def _concerned(self) -> StreamsToReplay:
        """Return the streams that may be concerned: their entries name the authority, or the reader's organisation."""
        wanted = self._wanted
        names = {wanted.authority} if wanted.authority is not None else wanted.scope
        if wanted.authority is None and wanted.host is not None:
            names = {wanted.host}
        return StreamsToReplay(self._known.at, names, wanted.from_ if self._known.period_only else None)


def _in_period(this: MeasuredEpisode, wanted: PeriodFilter) -> bool:
    return wanted.perhaps(this.started, this.started_latest)


def _found(kept: _Kept, wanted: PeriodFilter, by: str | None) -> MeasuredRow:
    lead, person, child, this = kept
    sure = wanted.surely(this.started, this.started_latest)
    where = (lead, person, child, this.started, this.started_latest, list(this.interviews))
    return MeasuredRow(_group(this, by), sure, this.states, *where)


def _group(this: MeasuredEpisode, by: str | None) -> str:
    if by in Groups._fields:
        return str(getattr(this.groups, by))
    return this.authority if by == "authority" else ""

"""What measures count as known at another position than the views': replayed, by the same function.

The persons concerned are assessed whole from their entries up to that position, a page at a time; what is
kept of each is as narrow as a row of the view. No rule bears on what is counted, so none is judged.
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
"""What is counted hangs on no verdict, so none is judged."""

_log: Final = logging.getLogger(__name__)


class ReplayTooLarge(InvalidQuery):
    """More would have to be replayed than one answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLimits:
    """As known when, and how much may be replayed for it."""

    at: int
    book: Rulebook
    """Whose limits figures ask about."""
    period_only: bool
    """Whether nothing is asked of episodes that started before the period."""
    most: int | None = None
    """Streams at most; None: however many it takes."""
    on_progress: Callable[[int], None] | None = None
    """Told how many streams are replayed."""


class _Kept(NamedTuple):
    lead: str
    person: str
    child: str
    counted: MeasuredEpisode


class ReplayedEpisodes:
    """The episodes that figures look at, replayed once."""

    def __init__(
        self, connection: psycopg.Connection[Any], wanted: PeriodFilter, known: ReplayLimits
    ) -> None:
        """Replay them; raise TooMuch when there are more than may be."""
        self._connection, self._wanted, self._known = connection, wanted, known
        self.not_assessable = 0
        self._kept = list(self._replayed())

    def tallies(self, by: str | None, _unit: str, *, period: bool) -> list[Tally]:
        """Those that started in the period, or those that are open, by group."""
        return [found.tally for found in self.found(by, period=period)]

    def found(self, by: str | None, *, period: bool) -> list[MeasuredRow]:
        """The same, with what a list needs."""
        wanted = self._wanted
        return [
            _found(kept, wanted, by)
            for kept in self._kept
            if wanted.authority in {None, kept.counted.authority}
            and wanted.host in {None, kept.counted.host}
            and (_in_period(kept.counted, wanted) if period else kept.counted.open)
        ]

    def starts(self, *, period: bool) -> dict[str, Starts]:
        """The starts of all episodes that the reader may see of the children who are looked at, by person."""
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
        """The episodes of every person concerned, each person whole and once."""
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
        except Exception as error:  # noqa: BLE001  # whatever it is: these are named as left out, the rest goes on
            _log.error("not assessable: up to position %d, %s", self._known.at, type(error).__name__)
            self.not_assessable += 1
            return []

    def _concerned(self) -> StreamsToReplay:
        """The streams that may be concerned: whose entries name the authority, or the reader's."""
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

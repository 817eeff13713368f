"""A period judged by another rulebook as well as by the one adopted. Nothing of it is stored.

Persons are replayed a page at a time, through the same `assess` twice. So only a page is in memory, however long the
ledger is.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import psycopg

from application.access.grants import settle_for
from application.answers import as_json as answers
from application.answers.as_json import Json, known
from application.answers.disclosures import DisclosedRecords
from application.projections.assessed_episode import Assessed
from application.projections.assessment_units import AssessmentUnit
from application.projections.measures_table import PeriodFilter
from application.projections.reassess import assessed_in_scope, lines_of
from application.queries.checks import check_as_at
from application.queries.episodes.person_loader import KnownAt
from application.queries.episodes.replay import verdict_changes, verdicts_of
from application.queries.measures.basis import check_wanted
from application.queries.measures.replayed_episodes import ReplayTooLarge
from application.queries.measures.streams_to_replay import StreamsToReplay
from application.store.adopted_rulebooks import judging
from application.store.database import Database
from domain.assessment.obligations.explanations import explain
from domain.measures.measured_episode import MeasuredEpisode, counted_at
from domain.moment import rfc3339
from domain.rules.rulebook import Rulebook

_log: Final = logging.getLogger(__name__)


class WhatIfChange(NamedTuple):
    """One duty whose verdict would be another."""

    child: str
    """The stored id of the child."""
    item: Json
    """As answers say it, but for the child."""

    @property
    def disclosed(self) -> DisclosedRecords:
        """Return the records that the change discloses where it is shown."""
        return DisclosedRecords({self.child}, {self.item["trigger"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfQuery:
    """A query: the episodes that may have started in a period, as at, as known at, by which other rulebook."""

    wanted: PeriodFilter
    known_at: KnownAt
    book: Rulebook
    most: int | None = None
    """Episodes at most that are replayed; None: however many."""


class WhatIf:
    """One replay of a period under two rulebooks."""

    def __init__(
        self, database: Database, question: WhatIfQuery, on_progress: Callable[[int, int], None]
    ) -> None:
        """`on_progress` takes how far the replay has come, and of how much; it may raise in order to stop."""
        check_wanted(question.wanted)
        self._database, self._query, self._on_progress = database, question, on_progress
        self._judged_by = judging(database, question.known_at.position)
        self._books = (self._judged_by.book, question.book)
        self._counts: Counter[tuple[str, str, str | None, str | None]] = Counter()
        self._episodes = self._changed = self._not_assessable = 0

    def changes(self) -> Iterator[WhatIfChange]:
        """Every change, episode by episode; TooMuch when more would be replayed than may be, Meaningless when none."""
        with self._database.connection() as connection:
            settle_for(connection, self._query.wanted.scope)
            check_as_at(connection, self._query.wanted.as_at, self._query.wanted.scope)
            concerned, before = self._concerned(), 0
            self._check_size(connection, concerned)
            last = _last(connection)
            for reached, units in concerned.people(connection):
                lines = lines_of(connection, units, self._query.known_at.position)
                for number, (unit, of_unit) in enumerate(zip(units, lines, strict=True)):
                    self._on_progress(before + (reached - before) * number // len(units), last)
                    yield from self._of_unit(unit, of_unit)
                before = reached

    def summary(self) -> Json:
        """Return the query, and how many changes there were of each kind, once all have come."""
        query, wanted = self._query, self._query.wanted
        return {
            "rulebook": self._judged_by.answer(),
            "what_if": {"id": query.book.id, "version": query.book.version},
            "from": rfc3339(wanted.from_),
            "to": rfc3339(wanted.to),
            **known(authority=wanted.authority),
            "as_at": rfc3339(wanted.as_at),
            **query.known_at.answer(),
            "episodes": self._episodes,
            "episodes_changed": self._changed,
            **known(not_assessable=self._not_assessable or None),
            "counts": [
                {"rule": rule, "authority": authority, **known(before=before, after=after), "count": count}
                for (rule, authority, before, after), count in sorted(self._counts.items(), key=_in_order)
            ],
        }

    def _check_size(self, connection: psycopg.Connection[Any], concerned: StreamsToReplay) -> None:
        most = self._query.most
        if most is not None and concerned.more_than(connection, most):
            raise ReplayTooLarge(
                f"This answer would assess more than {most:,} episodes. Ask for one authority or a shorter"
                " period, or use `ledger what-if`."
            )

    def _concerned(self) -> StreamsToReplay:
        wanted = self._query.wanted
        names = wanted.scope if wanted.authority is None else {wanted.authority}
        return StreamsToReplay(self._query.known_at.position, names, wanted.from_)

    def _of_unit(self, unit: AssessmentUnit, lines: list[bytes]) -> Iterator[WhatIfChange]:
        """The changes of some persons; who cannot be assessed is counted as that."""
        try:
            scope = self._query.wanted.scope
            before, after = (assessed_in_scope(unit, lines, book, scope) for book in self._books)
        except Exception as error:  # noqa: BLE001  # whatever it is: these are named as left out, the rest goes on
            _log.error(
                "not assessable: up to position %d, %s", self._query.known_at.position, type(error).__name__
            )
            self._not_assessable += 1
            return
        for one, other in zip(before, after, strict=True):
            this = self._wanted(one)
            if this is not None:
                yield from self._of_episode(one, other, this)

    def _wanted(self, each: Assessed) -> MeasuredEpisode | None:
        """Return the figures of an episode that the query covers; None of another."""
        wanted = self._query.wanted
        this = counted_at(each.episode, each.rulebook, wanted.as_at)
        if this is None or not wanted.perhaps(this.started, this.started_latest):
            return None
        return this if wanted.authority in {None, this.authority} else None

    def _of_episode(self, one: Assessed, other: Assessed, this: MeasuredEpisode) -> Iterator[WhatIfChange]:
        at = self._query.wanted.as_at
        moves = verdict_changes(verdicts_of(one.episode, at), verdicts_of(other.episode, at))
        self._episodes += 1
        self._changed += bool(moves)
        for move in moves:
            self._counts[move["rule"], this.authority, move.get("before"), move.get("after")] += 1
            why = {"before": _why(one, move, at), "after": _why(other, move, at)}
            item = {
                "subject": one.episode.lead,
                "authority": this.authority,
                **move,
                "explanation": known(**why),
            }
            yield WhatIfChange(one.episode.child, item)


def _why(each: Assessed, move: Json, at: int) -> str | None:
    """Return the explanation of a duty by one of the rulebooks; None where it has no such duty."""
    for duty, verdict in answers.verdicts_at(each.episode.obligations, at):
        if (duty.rule, duty.trigger) == (move["rule"], move["trigger"]):
            return explain(each.rulebook.rule(duty.rule, duty.rule_version), verdict)
    return None


def _in_order(counted: tuple[tuple[str | None, ...], int]) -> tuple[str, ...]:
    return tuple(part or "" for part in counted[0])


def _last(connection: psycopg.Connection[Any]) -> int:
    """The number of the last stream."""
    row = connection.execute("select coalesce(max(no), 1) from ledger.streams").fetchone()
    return 1 if row is None else int(row[0])

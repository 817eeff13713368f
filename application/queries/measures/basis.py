"""The basis of a measure: the projection tables as they are at one position, or a replay at another."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import psycopg

from application.access.grants import hidden_leads
from application.answers.as_json import Json, known
from application.projections.measures_table import PeriodFilter, StoredEpisodes
from application.projections.not_assessable import count_in_scope
from application.queries.checks import UnanswerableQuery, check_as_at, check_period
from application.queries.episodes.person_loader import KnownAt
from application.queries.measures.replayed_episodes import NO_RULES, ReplayedEpisodes, ReplayLimits
from application.store.adopted_rulebooks import Adopted, adopted
from application.store.database import Database
from domain.errors import Behind, Fault
from domain.measures.definitions import MEASURES, SURVEY, named
from domain.measures.interview_deadline import limit_words
from domain.measures.measure import Measure
from domain.moment import DAY, instant, rfc3339
from domain.rules.rulebook import Rulebook

FIRST_OR_REPEAT: Final = "first_or_repeat"
"""The one breakdown that depends on the child's other episodes."""
_OLDEST: Final = instant("1999-01-01T00:00:00Z")
"""Nothing is recorded of the time before 2000 (events.md 4), and a year before that is plenty."""
YEAR: Final = 365 * DAY
"""The length of a period of which only the end is said."""
REPEAT: Final = (3, 30)
"""How many episodes in how many days are repeats, unless it is said (Derbyshire: reference/domain.md 6.2)."""
_EPISODES_IN_DAYS: Final = re.compile(r"([1-9][0-9]?)/([1-9][0-9]{0,2})", re.ASCII)
Source = StoredEpisodes | ReplayedEpisodes


class MeasureSelection(NamedTuple):
    """One measure, in all or by group."""

    measure: Measure
    by: str | None = None


def questions(
    measures: tuple[Measure, ...] = MEASURES, by: str | None = None
) -> tuple[MeasureSelection, ...]:
    """Return these measures, each by the same groups."""
    return tuple(MeasureSelection(measure, by) for measure in measures)


def survey() -> tuple[MeasureSelection, ...]:
    """Return the seven questions of the national survey: the interviews held are asked by provider."""
    return tuple(
        MeasureSelection(m, "provider" if m.id == "interviews-held" else None) for m in named(*SURVEY)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresQuery:
    """The measures, the episodes, and the position that was known."""

    wanted: PeriodFilter
    questions: tuple[MeasureSelection, ...]
    known_at: KnownAt | None = None
    """None: the position of the projection tables."""
    repeat: tuple[int, int] = REPEAT
    """Number of episodes, and in how many days."""
    suppress: bool = False

    @property
    def of_period(self) -> bool:
        """True when no question needs episodes without an entry since the period began."""
        return all(q.measure.period and q.by != FIRST_OR_REPEAT for q in self.questions)


def read_repeat(text: str) -> tuple[int, int]:
    """Read how many episodes in how many days, such as 3/30; ValueError says what is right."""
    found = _EPISODES_IN_DAYS.fullmatch(text)
    if found is None or int(found[1]) < 2:
        raise ValueError("must be <episodes>/<days>, at least two episodes, such as 3/30")
    return int(found[1]), int(found[2])


class MeasureBasis(NamedTuple):
    """The source of an answer, with its description."""

    source: Source
    about: Json
    """The members with which the answer describes it."""
    limit: str
    """The time limit of the return interview, as definitions say it."""


@dataclass(frozen=True, slots=True)
class BasisLoader:
    """The loader of a measure's basis, within its limits."""

    database: Database
    most: int | None
    """Streams that an answer may replay; None: however many."""
    on_progress: Callable[[int], None] | None = None
    """Receives how many streams are replayed."""

    @contextmanager
    def basis(self, asked: MeasuresQuery) -> Iterator[MeasureBasis]:
        """Yield one state of the database to read from. Raise UnanswerableQuery, Behind or ReplayTooLarge."""
        check_wanted(asked.wanted)
        with self.database.connection() as connection:
            hidden = hidden_leads(connection, asked.wanted.scope)
        asked = replace(asked, wanted=replace(asked.wanted, hidden=tuple(hidden)))
        with self.database.connection() as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read, read only")
            position, source = self._source(connection, asked)
            book = _judged_by(connection, asked, position)
            about = _about(asked, position, book) | _left_out(connection, source, asked.wanted.scope)
            yield MeasureBasis(source, about, limit_words(_rules(book)))

    def _source(self, connection: psycopg.Connection[Any], asked: MeasuresQuery) -> tuple[int, Source]:
        position, ahead = _views(connection)
        then = asked.known_at
        if then is not None and (ahead or then.position != position or then.judged_by is not None):
            at = then.position
            how = ReplayLimits(
                at=at,
                book=_rules(_judged_by(connection, asked, at)),
                period_only=asked.of_period,
                most=self.most,
                on_progress=self.on_progress,
            )
            return at, ReplayedEpisodes(connection, asked.wanted, how)
        if ahead:
            raise Behind("The lists are being updated in bulk. Ask again shortly.")
        if then is None:
            check_as_at(connection, asked.wanted.as_at, asked.wanted.scope)
        return position, StoredEpisodes(connection, asked.wanted)


def check_wanted(wanted: PeriodFilter) -> None:
    """Raise UnanswerableQuery when the filters exclude every episode."""
    check_period(wanted.from_, wanted.to)
    for name, time in (("from", wanted.from_), ("as_at", wanted.as_at)):
        if time < _OLDEST:
            raise UnanswerableQuery(
                "Nothing is recorded of the time before 2000. Give a later `from` and `as_at`.",
                (Fault(f"/{name}", "must be in 2000 or later"),),
            )


def _views(connection: psycopg.Connection[Any]) -> tuple[int, bool]:
    """Return how far the tables are complete, and whether some rows are ahead of that."""
    row = connection.execute(
        "select p.position, exists (select from views.episodes e where e.position > p.position)"
        " from views.progress p"
    ).fetchone()
    assert row is not None  # the migration wrote it
    return row[0], row[1]


def _about(asked: MeasuresQuery, position: int, book: Adopted | None) -> Json:
    """Return all that the figures depend on. The ledger size is that of the ledger as it was known."""
    wanted = asked.wanted
    return {
        "from": rfc3339(wanted.from_),
        "to": rfc3339(wanted.to),
        **known(authority=wanted.authority, host=wanted.host),
        **known(rulebook=None if book is None else book.answer()),
        "as_at": rfc3339(wanted.as_at),
        "known_at": position,
        "ledger_size": position,
        **({"suppress": True} if asked.suppress else {}),
        **({"past_head": True} if asked.known_at is not None and asked.known_at.past_head else {}),
    }


def _judged_by(connection: psycopg.Connection[Any], asked: MeasuresQuery, position: int) -> Adopted | None:
    """Return the rulebook that was requested, else the one adopted by then; None before there was one."""
    then = asked.known_at
    return adopted(connection, position) if then is None or then.judged_by is None else then.judged_by


def _rules(book: Adopted | None) -> Rulebook:
    """Return a rulebook's rules; none before the first was adopted, when there was no episode either."""
    return NO_RULES if book is None else book.book


def _left_out(connection: psycopg.Connection[Any], source: Source, scope: Collection[str] | None) -> Json:
    """Return how many groups of episodes could not be assessed at this position, if there are any."""
    if isinstance(source, ReplayedEpisodes):
        return known(not_assessable=source.not_assessable or None)
    return known(not_assessable=count_in_scope(connection, scope) or None)

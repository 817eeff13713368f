"""Grants: the organisations that may see and post to an episode by the facts effective now (events.md 3).

The append keeps them as far as an entry alone can say. Where it depends on other entries, they are worked out here from
all entries of the episode, before anything is answered by them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from typing import Any, Final

import psycopg

from application.projections.assessment_units import AssessmentUnit, affected
from application.projections.reassess import lines_of
from application.store.database import Database
from application.store.line_codec import read_line
from domain.assessment.chronology.episode_access import EpisodeAccess, episode_access

_log: Final = logging.getLogger(__name__)
_PAGE: Final = 200
"""Streams that are worked out together."""
_DUE: Final = (
    "select c.stream_no from ledger.grants_contested c where c.due and c.stream_no > %s order by 1 limit %s"
)
_CLOSED: Final = """
    select distinct s.subject from ledger.grants_closed c join ledger.streams s on s.no = c.stream_no
    where c.position > (select p.position from views.progress p) and c.namespace = any(%(scope)s)
"""
_HIDDEN: Final = """
    select e.lead from (select lead, subjects from views.episodes where subjects && %(closed)s
        union all select c, array[c] from unnest(%(closed)s) c) e
    where not exists (select from ledger.streams s where s.subject = any(e.subjects)
        and (split_part(s.subject, '/', 1) = any(%(scope)s) or exists (
            select from ledger.grants g where g.stream_no = s.no and g.namespace = any(%(scope)s))))
"""
_NAMED: Final = """
    select g.namespace from ledger.streams s join ledger.grants g on g.stream_no = s.no and g.named
    where s.subject = %s
"""


class Grants:
    """The organisations that are named on each episode."""

    def __init__(self, database: Database) -> None:
        """Remember where they are kept."""
        self._database = database

    def named_on(self, subject: str) -> frozenset[str]:
        """Return the responsible and host authorities, police forces, receivers and providers named now."""
        with self._database.connection() as connection:
            settle(connection)
            rows = connection.execute(_NAMED, (subject,)).fetchall()
        return frozenset(namespace for (namespace,) in rows)


def settle_for(connection: psycopg.Connection[Any], scope: Collection[str] | None) -> None:
    """Work out what is due before a question of a reader whose scope is bound."""
    if scope is not None:
        settle(connection)


def hidden_leads(connection: psycopg.Connection[Any], scope: Collection[str] | None) -> list[str]:
    """Return the episodes that a reader lost since the position of the projection tables, by their leads there."""
    if scope is None:
        return []
    settle(connection)
    names = sorted(scope)
    closed = [s for (s,) in connection.execute(_CLOSED, {"scope": names})]
    return (
        [lead for (lead,) in connection.execute(_HIDDEN, {"scope": names, "closed": closed})]
        if closed
        else []
    )


def settle(connection: psycopg.Connection[Any]) -> None:
    """Work out the grants of all streams for which that is due; what cannot be read stays as it is, and due."""
    after = 0
    while page := [no for (no,) in connection.execute(_DUE, (after, _PAGE))]:
        after = page[-1]
        for unit in affected(connection, page):
            _settle(connection, unit)


def _settle(connection: psycopg.Connection[Any], unit: AssessmentUnit) -> None:
    """Work out one unit; again where something was recorded on it meanwhile."""
    numbers = sorted(unit.numbers)
    while True:
        versions = connection.execute(
            "select s.no, s.version from ledger.streams s where s.no = any(%s) order by s.no", (numbers,)
        ).fetchall()
        [lines] = lines_of(connection, [unit], 2**53)
        try:
            grants = list(grants_of(unit, episode_access(map(read_line, lines))))
        except Exception as error:  # noqa: BLE001  # whatever it is: it is alarmed about where it is assessed
            _log.error("grants stay as they were: %s", type(error).__name__)
            return
        streams, of_version = zip(*versions, strict=True)
        of_stream, names, named = zip(*grants, strict=True) if grants else ((), (), ())
        values = (list(streams), list(of_version), list(of_stream), list(names), list(named))
        row = connection.execute(
            "select ledger.settle_grants(%s::bigint[], %s::integer[], %s::bigint[], %s::text[], %s::boolean[])",
            values,
        ).fetchone()
        if row is not None and row[0]:
            return


def grants_of(unit: AssessmentUnit, episodes: list[EpisodeAccess]) -> Iterator[tuple[int, str, bool]]:
    """Yield stream, organisation, and whether it is named there; else it sees the stream as linked with its own."""
    numbers = {stream.subject: stream.no for stream in unit.streams}
    for episode in episodes:
        for subject in episode.subjects:
            for name in sorted(episode.readers):
                yield numbers[subject], name, name in episode.named[subject]

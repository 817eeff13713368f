"""Comparison of the live tables with the rebuilt ones, row by row, and the verdicts that differ.

When both sides are at the same position every episode is compared, and one that only one side has differs. When
the live side is behind, only episodes with the same last entry on both sides are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from application.projections import table_sets as sets
from application.projections.connection import LIVE, NEXT
from domain.moment import Instant
from domain.spans import Span, at

EXAMPLES: Final = 5
"""Episodes that are named for each table."""
_NEVER_LIVE: Final = "the live views did not have the duty"
_NOT_ANEW: Final = "from what is recorded the duty does not follow"


class Difference(NamedTuple):
    """The difference between the live and the rebuilt rows of one table."""

    view: str
    episodes: int
    """Number of episodes with rows that differ, are missing, or are too many."""
    examples: tuple[str, ...]
    """The leads of some of them."""


class ChangedVerdict(NamedTuple):
    """A verdict that a rebuild changes; None: no such duty, or not at that time."""

    subject: str
    rule: str
    trigger: int
    """The position of the entry that started it."""
    since: Instant
    """The time from which they differ: the last change until now after which they did, else the first."""
    before: str | None
    after: str | None
    why: str


class NotAssessed(NamedTuple):
    """A subject that the rebuild could not assess: it is in no comparison."""

    subject: str
    error: str
    """The class of the error."""


class RebuildReport(NamedTuple):
    """The result of a rebuild."""

    position: int
    """The position to which the new tables are complete."""
    live_position: int
    """That of the live tables, when they were compared."""
    episodes: int
    compared: int
    """Episodes that were compared; for the rest the live tables do not claim to know the last entry."""
    differences: tuple[Difference, ...]
    verdicts: dict[tuple[str, str | None, str | None], int]
    """Number of verdicts that differ, by rule, before and after."""
    changes: tuple[ChangedVerdict, ...]
    """The changed verdicts, at most as many as requested."""
    aside: tuple[NotAssessed, ...]
    switched: bool = False
    """True when the new tables are the live ones now."""

    @property
    def agrees(self) -> bool:
        """True when the live tables were what follows from the entries, as far as they claim to be complete."""
        return not self.differences and not self.aside


def compare(connection: psycopg.Connection[Any], now: Instant, most: int | None) -> RebuildReport:
    """Compare, inside a transaction in which nobody else writes views; `most`: how many changes to list, None: all."""
    connection.execute(
        "set local enable_hashjoin = on; set local enable_seqscan = on; set local work_mem = '64MB'"
    )
    connection.execute("create temp table same (lead text primary key) on commit drop")
    live, beside = _places(connection)
    connection.execute(_ALL if live == beside else _SHARED)
    episodes, compared = _counts(connection)
    differences = [_difference(connection, view) for view in sets.of_episodes(connection)]
    counts: Counter[tuple[str, str | None, str | None]] = Counter()
    changes: list[ChangedVerdict] = []
    for change in _changes(connection, now, same_rules=live[1] == beside[1]):
        counts[change.rule, change.before, change.after] += 1
        if most is None or len(changes) < most:
            changes.append(change)
    found = connection.execute("select subject, error from views_next.aside order by subject")
    return RebuildReport(
        position=beside[0],
        live_position=live[0],
        episodes=episodes,
        compared=compared,
        differences=tuple(each for each in differences if each.episodes),
        verdicts=dict(counts),
        changes=tuple(changes),
        aside=tuple(NotAssessed(*row) for row in found),
    )


_SHARED: Final = """
    insert into same select lead from views.episodes o join views_next.episodes n using (lead)
    where o.position = n.position and not o.aside and not n.aside
"""
_ALL: Final = """
    insert into same select lead from views.episodes o full join views_next.episodes n using (lead)
    where o.aside is not true and n.aside is not true
        and not exists (select from views_next.aside a where a.subject = any(o.subjects))
        and not exists (select from views.aside a where a.subject = any(n.subjects))
"""
"""A subject that is not assessable on either side cannot be compared: neither side claims to know where it stands."""


def _places(connection: psycopg.Connection[Any]) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    """Return how far each side is, and by which rulebook."""
    query = "select position, rulebook_position from {}"
    live, beside = (
        connection.execute(sql.SQL(query).format(sql.Identifier(schema, "progress"))).fetchone()
        for schema in (LIVE, NEXT)
    )
    assert live is not None
    assert beside is not None
    return (live[0], live[1]), (beside[0], beside[1])


def _counts(connection: psycopg.Connection[Any]) -> tuple[int, int]:
    row = connection.execute(
        "select (select count(*) from views_next.episodes), (select count(*) from same)"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _difference(connection: psycopg.Connection[Any], view: str) -> Difference:
    """Return the difference in one table; its episodes stay in `differing` until the next table is compared."""
    connection.execute("drop table if exists differing")
    connection.execute(
        sql.SQL(
            "create temp table differing on commit drop as"
            " with old as (select t.* from {old} t join same using (lead)),"
            " new as (select t.* from {new} t join same using (lead))"
            " select lead from (table old except table new) a"
            " union select lead from (table new except table old) b"
        ).format(old=sql.Identifier(LIVE, view), new=sql.Identifier(NEXT, view))
    )
    query = "select lead, count(*) over () from differing order by lead limit %s"
    rows = connection.execute(query, (EXAMPLES,)).fetchall()
    return Difference(view, rows[0][1] if rows else 0, tuple(lead for lead, _ in rows))


_DIFFERING: Final = """
    select lead, rule, trigger, rule_version, since, until, verdict, live from (
        select t.*, true as live from views.verdicts t join differing using (lead)
        union all
        select t.*, false from views_next.verdicts t join differing using (lead)
    ) both_sides order by lead, rule, trigger, since
"""
"""Verdicts are the last table that is compared, so these are theirs."""


class _Row(NamedTuple):
    lead: str
    rule: str
    trigger: int
    version: int
    since: Instant
    until: Instant
    verdict: str
    live: bool


def _changes(
    connection: psycopg.Connection[Any], now: Instant, *, same_rules: bool
) -> Iterator[ChangedVerdict]:
    """Yield each duty whose verdicts differ; they are read one by one, whatever their number."""
    with connection.cursor(name="differing") as cursor:
        cursor.execute(_DIFFERING)
        for (lead, rule, trigger), held in groupby(map(_Row._make, cursor), key=lambda row: row[:3]):
            rows = list(held)
            old, new = [r for r in rows if r.live], [r for r in rows if not r.live]
            moved = _moved(old, new, now)
            if moved is not None:
                yield ChangedVerdict(lead, rule, trigger, *moved, _why(old, new, same_rules=same_rules))


def _moved(
    old: Sequence[_Row], new: Sequence[_Row], now: Instant
) -> tuple[Instant, str | None, str | None] | None:
    """Return from when on the verdict differs, and both verdicts."""
    before, after = _spans(old), _spans(new)
    moments = sorted({edge for span in (*before, *after) for edge in (span.start, span.end)})
    pairs = ((moment, _at(before, moment), _at(after, moment)) for moment in moments)
    differing = [(moment, one, other) for moment, one, other in pairs if one != other]
    until_now = [each for each in differing if each[0] <= now]
    return until_now[-1] if until_now else differing[0] if differing else None


def _spans(rows: Sequence[_Row]) -> list[Span[str]]:
    return [Span(row.since, row.until, row.verdict) for row in rows]


def _at(spans: Sequence[Span[str]], moment: Instant) -> str | None:
    found = at(spans, moment)
    return None if found is None else found.value


def _why(old: Sequence[_Row], new: Sequence[_Row], *, same_rules: bool) -> str:
    """Return the known cause of the change."""
    if not same_rules:
        return "another rulebook was adopted"
    if not old:
        return _NEVER_LIVE
    return "the live rows are not what follows from the entries" if new else _NOT_ANEW

"""Comparison: the live views and those made anew beside them, row by row, and which verdicts differ.

When both stand at the same position every episode is compared, and one that only one side has differs. When the
live ones are behind, those are that stand at the same entry on both sides.
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
"""Episodes that are named of each view."""
_NEVER_LIVE: Final = "the live views did not have the duty"
_NOT_ANEW: Final = "from what is recorded the duty does not follow"


class Difference(NamedTuple):
    """What differs in one view between the live rows and those made anew."""

    view: str
    episodes: int
    """How many have rows that differ, are missing, or are too many."""
    examples: tuple[str, ...]
    """The leads of some of them."""


class ChangedVerdict(NamedTuple):
    """A verdict that is another when it is made anew; None: no such duty, or not at that time."""

    subject: str
    rule: str
    trigger: int
    """The position that started it."""
    since: Instant
    """From when on, in the world, they differ: the last time until now at which they came to, else the first."""
    before: str | None
    after: str | None
    why: str


class NotAssessed(NamedTuple):
    """A subject that could not be assessed anew: it is in no comparison."""

    subject: str
    error: str
    """The class of the error."""


class RebuildReport(NamedTuple):
    """What a rebuild found."""

    position: int
    """The new views are complete to here."""
    live_position: int
    """And the live ones were, when they were compared."""
    episodes: int
    compared: int
    """Episodes that were compared: of the rest the live views do not claim to know the last entry."""
    differences: tuple[Difference, ...]
    verdicts: dict[tuple[str, str | None, str | None], int]
    """How many verdicts differ, by rule, before and after."""
    changes: tuple[ChangedVerdict, ...]
    """They themselves, at most as many as were asked for."""
    aside: tuple[NotAssessed, ...]
    switched: bool = False
    """Whether the new views are the live ones now."""

    @property
    def agrees(self) -> bool:
        """Whether the live views were what follows from the entries, as far as they claim to be complete."""
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
"""Who is set aside on either side cannot be compared: nobody claims to know how they stand."""


def _places(connection: psycopg.Connection[Any]) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    """How far each side is, and by which rulebook."""
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
    """The episodes of which a view differs; those are kept in `differing` until the next view is looked at."""
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
"""Verdicts are the last view that is compared, so these are theirs."""


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
    """Each duty of which the verdicts differ; read as they come, whatever their number."""
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
    """From when on the verdict is another, and from which to which."""
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
    """What can be said of the cause."""
    if not same_rules:
        return "another rulebook was adopted"
    if not old:
        return _NEVER_LIVE
    return "the live rows are not what follows from the entries" if new else _NOT_ANEW

"""The readings of a period, by reader, and which of them are unusual (docs/auditing.md)."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from application.access.log_queries import access_size
from application.access.scope import Scope
from application.answers.as_json import Json
from application.store.database import Database
from domain.errors import InvalidQuery
from domain.moment import LONDON, Instant, rfc3339, to_datetime

MOST: Final = 500_000
"""Readings that one summary looks at, whosever they are; and pairs of a reader and a child on a day."""
_COUNT: Final = """
    select greatest(
        (select count(*) from (select from ledger.access_entries e
            where e.read_at >= %(from)s and e.read_at < %(to)s limit %(most)s + 1) e),
        (select count(*) from (select from ledger.access_days d
            where d.day between %(first)s and %(last)s limit %(most)s + 1) d))
"""
_SUMMARY: Final = """
    with purposes as (
        select e.principal, e.by, e.purpose, count(*) as reads, count(*) filter (where extract(isodow from l.at) > 5
            or extract(hour from l.at) < %(opens)s or extract(hour from l.at) >= %(closes)s) as outside
        from ledger.access_entries e cross join lateral (select e.read_at at time zone 'Europe/London' as at) l
        where e.read_at >= %(from)s and e.read_at < %(to)s and (%(scope)s::text[] is null or e.by = any(%(scope)s)
            or exists (select from jsonb_array_elements_text(
                    convert_from(e.line, 'UTF8')::jsonb #> '{event,data,positions}') p
                join ledger.entries n on n.position = p::bigint join ledger.streams s on s.no = n.stream_no
                where split_part(s.subject, '/', 1) = any(%(scope)s)))
        group by 1, 2, 3
    ), readers as (
        select p.principal, p.by, sum(p.reads)::bigint as reads, sum(p.outside)::bigint as outside,
            jsonb_object_agg(p.purpose, p.reads) as purposes, o.own
        from purposes p left join lateral (
            select array_remove(coalesce(c.authorities, '{}') || c.namespace, null) as own
            from ledger.credentials c where c.id = p.principal) o on true
        group by p.principal, p.by, o.own
    )
    select r.principal, r.by, r.purposes, r.reads, r.outside, s.children, s.most, s.beyond, count(*) over ()
    from readers r cross join lateral (
        select count(*) as children, coalesce(max(c.most), 0) as most, count(*) filter (where c.beyond) as beyond
        from (
            select d.child_no, max(d.children) as most, r.own <> '{}' and not exists (
                select from ledger.stream_children i join ledger.streams t on t.no = i.stream_no
                where i.child_no = d.child_no and split_part(t.subject, '/', 1) = any(r.own)) as beyond
            from (
                select child_no, count(*) over (partition by day) as children from ledger.access_days d
                where day between %(first)s and %(last)s and principal = r.principal and by = r.by
                    and (%(scope)s::text[] is null or r.by = any(%(scope)s) or exists (
                        select from ledger.stream_children i join ledger.streams t on t.no = i.stream_no
                        where i.child_no = d.child_no and split_part(t.subject, '/', 1) = any(%(scope)s)))
            ) d group by d.child_no
        ) c
    ) s
    order by s.children desc, r.reads desc, r.principal, r.by limit %(limit)s
"""


class TooManyReadings(InvalidQuery):
    """A period holds more readings than one summary looks at."""


class Usual(NamedTuple):
    """The usual in an installation: hours of a weekday in London, and children of one reader in a day."""

    hours: tuple[int, int]
    children: int


class Period(NamedTuple):
    """From when to when (half-open, microseconds UTC), within whose readings, and how many readers at most."""

    from_: Instant
    to: Instant
    scope: Scope
    limit: int


class AccessSummary:
    """Answers about readers."""

    def __init__(self, database: Database, usual: Usual) -> None:
        """Say where the log is, and what is usual."""
        self._database, self._usual = database, usual

    def answer(self, period: Period) -> Json:
        """Who read how much, those who read of most children first; TooMuch when the period holds too many readings.

        Children are counted by whole days in London. The work is bounded by `MOST`.
        """
        opens, closes = self._usual.hours
        parameters = {
            "from": to_datetime(period.from_),
            "to": to_datetime(period.to),
            "first": _day(period.from_),
            "last": _day(period.to - 1),
            "scope": None if period.scope is None else sorted(period.scope),
            "opens": opens,
            "closes": closes,
            "limit": period.limit,
            "most": MOST,
        }
        if self._database.rows(_COUNT, parameters)[0][0] > MOST:
            raise TooManyReadings(f"the period holds more than {MOST:,} readings; ask for a shorter one")
        rows = self._database.rows(_SUMMARY, parameters)
        return {
            "items": [self._reader(*row[:-1]) for row in rows],
            "readers": rows[0][-1] if rows else 0,
            "from": rfc3339(period.from_),
            "to": rfc3339(period.to),
            "office_hours": f"{opens:02}:00-{closes:02}:00",
            "many_children": self._usual.children,
            **access_size(self._database),
        }

    def _reader(self, principal: str, by: str, purposes: Json, *counts: int) -> Json:
        reads, outside, children, most, beyond = counts
        unusual = {
            "outside_hours": outside,
            "many_children": most > self._usual.children,
            "beyond_own_area": beyond,
        }
        return {
            "principal": principal,
            "by": by,
            "purposes": purposes,
            "reads": reads,
            "children": children,
            "most_children_in_a_day": most,
            "outside_hours": outside,
            "beyond_own_area": beyond,
            "unusual": [name for name, is_so in unusual.items() if is_so],
        }


def _day(at: Instant) -> date:
    """The day in London on which an instant lies."""
    return to_datetime(at).astimezone(LONDON).date()

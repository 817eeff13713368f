"""Reading the access log: who looked at a child's records, and what is unusual about who looked at how many.

Reading it is a disclosure like any other, and so recorded in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, LiteralString, NamedTuple

from application.answers import Json, known
from application.disclosure import note
from application.scope import Scope
from application.store.codec import read_line
from application.store.database import Database
from application.views import cursor
from application.views.cursor import Cursor
from domain.access import Disclosed
from domain.errors import LedgerError
from domain.moment import Instant, rfc3339, to_datetime

MOST: Final = 200_000
"""Entries that one summary looks at: about a second's work."""
_OF_CHILDREN: Final = """
    select e.line, cardinality(e.children) from (
        select distinct k.position from ledger.children c cross join lateral (
            select a.position from ledger.access_children a where a.child_no = c.no and a.position < %(before)s
            order by a.position desc limit %(limit)s) k
        where c.id = any(%(children)s::text[]::uuid[]) order by k.position desc limit %(limit)s
    ) k join ledger.access_entries e on e.position = k.position order by e.position desc
"""
_ABOUT: Final = """
    select e.position from ledger.entries e join ledger.children c on c.no = e.child_no
    where e.position = any(%s) and c.id = any(%s::text[]::uuid[])
"""
_COUNT: Final = """
    select count(*) from (select from ledger.access_entries e where e.read_at >= %(from)s and e.read_at < %(to)s
        and (%(scope)s::text[] is null or e.by = any(%(scope)s)) limit %(most)s + 1) e
"""
_SUMMARY: Final = """
    with read as materialized (
        select e.principal, e.by, e.purpose, e.children, e.read_at at time zone 'Europe/London' as at
        from ledger.access_entries e where e.read_at >= %(from)s and e.read_at < %(to)s
            and (%(scope)s::text[] is null or e.by = any(%(scope)s))
    ), reads as (
        select principal, by, sum(reads)::bigint as reads, sum(outside)::bigint as outside,
            jsonb_object_agg(purpose, reads) as purposes
        from (select principal, by, purpose, count(*) as reads, count(*) filter (where extract(isodow from at) > 5
                or extract(hour from at) < %(opens)s or extract(hour from at) >= %(closes)s) as outside
            from read group by principal, by, purpose) p
        group by principal, by
    ), days as (
        select principal, by, child, at::date as day from read cross join lateral unnest(children) k (child)
        group by 1, 2, 3, 4
    ), busiest as (
        select principal, by, max(children) as most
        from (select principal, by, day, count(*) as children from days group by 1, 2, 3) d group by 1, 2
    ), looked as (
        select d.principal, d.by, count(*) as children, count(*) filter (where a.own <> '{}' and not exists (
            select from ledger.stream_children i join ledger.streams s on s.no = i.stream_no
            where i.child_no = d.child and split_part(s.subject, '/', 1) = any(a.own))) as beyond
        from (select distinct principal, by, child from days) d
        left join lateral (
            select array_remove(coalesce(c.authorities, '{}') || c.namespace, null) as own
            from ledger.credentials c where c.id = d.principal) a on true
        group by 1, 2
    )
    select r.principal, r.by, r.purposes, r.reads, r.outside, coalesce(l.children, 0), coalesce(b.most, 0),
        coalesce(l.beyond, 0), count(*) over ()
    from reads r left join looked l using (principal, by) left join busiest b using (principal, by)
    order by coalesce(l.children, 0) desc, r.reads desc, r.principal, r.by limit %(limit)s
"""


class TooMuch(LedgerError):
    """A period holds more readings than one summary looks at."""

    reason = "invalid-query"


class Usual(NamedTuple):
    """What is usual in an installation: hours of a weekday in London, and children of one reader in a day."""

    hours: tuple[int, int]
    children: int


class Period(NamedTuple):
    """From when to when (half-open, microseconds UTC), within whose readings, and how many readers at most."""

    from_: Instant
    to: Instant
    scope: Scope
    limit: int


class Accessed:
    """Answers about who has read what."""

    def __init__(self, database: Database, usual: Usual) -> None:
        """Say where the log is, and what is usual."""
        self._database, self._usual = database, usual

    def of_child(self, ids: Sequence[str], limit: int, following: str | None) -> Json:
        """Who looked at the records of a child (all stored ids of the person), the latest first.

        InvalidCursor when `following` is of another list.
        """
        note(children=ids)
        of = cursor.checksum("access", tuple(ids))
        before = 2**53 if following is None else cursor.read(following, of).key(tuple[int])[0]
        rows = self._database.rows(_OF_CHILDREN, {"children": ids, "before": before, "limit": limit + 1})
        items = [_item(line, children) for line, children in rows[:limit]]
        about = self._about({p for item in items for p in item["positions"]}, ids)
        for item in items:
            item["positions"] = [p for p in item["positions"] if p in about]
        more = len(rows) > limit
        last = Cursor(of, 0, None, [items[-1]["position"]]) if more else None
        return {"items": items, "next": None if last is None else cursor.write(last), **self._size()}

    def _about(self, positions: Collection[int], ids: Sequence[str]) -> set[int]:
        """Those of the positions that are entries about the child."""
        return {p for (p,) in self._database.rows(_ABOUT, (list(positions), list(ids)))}

    def summary(self, period: Period) -> Json:
        """Who read how much, those who read of most children first; TooMuch when the period holds too many readings.

        The work is bounded by `MOST`.
        """
        opens, closes = self._usual.hours
        asked = {"from": to_datetime(period.from_), "to": to_datetime(period.to), "limit": period.limit,
                 "scope": None if period.scope is None else sorted(period.scope),
                 "opens": opens, "closes": closes, "most": MOST}  # fmt: skip
        if self._database.rows(_COUNT, asked)[0][0] > MOST:
            raise TooMuch(f"the period holds more than {MOST:,} readings: ask for a shorter one")
        rows = self._database.rows(_SUMMARY, asked)
        return {
            "items": [self._reader(*row[:-1]) for row in rows],
            "readers": rows[0][-1] if rows else 0,
            "from": rfc3339(period.from_),
            "to": rfc3339(period.to),
            "office_hours": f"{opens:02}:00-{closes:02}:00",
            "many_children": self._usual.children,
            **self._size(),
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

    def _size(self) -> Json:
        query: LiteralString = "select position from ledger.heads where log = 2"
        return {"access_size": self._database.rows(query)[0][0]}


def _item(line: bytes, children: int) -> dict[str, Any]:
    """One entry, as the list of a child shows it."""
    entry = read_line(line)
    disclosed = Disclosed.read(entry.data)
    return {
        "position": entry.position,
        "recorded_at": rfc3339(entry.recorded_at),
        "read_at": entry.time,
        "principal": entry.principal,
        "by": entry.by,
        "role": disclosed.role,
        "purpose": disclosed.purpose,
        "route": disclosed.route,
        **known(status=disclosed.status),
        "children": children,
        "positions": list(disclosed.positions),
    }

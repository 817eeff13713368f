"""Reading the access log: who read a child's records.

Reading it is a disclosure like any other, and so recorded in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, LiteralString, NamedTuple

from application.access.grants import settle_for
from application.access.lines_in_scope import VisibleLine, hash_only
from application.access.scope import Scope
from application.answers import cursor
from application.answers.as_json import Json, known
from application.answers.cursor import Cursor
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer
from application.store.database import Database
from application.store.line_codec import read_line
from domain.entries.access_entry import Disclosed
from domain.entries.entry import Entry
from domain.moment import Instant, rfc3339, to_datetime

_ABOUT: Final = """
    from ledger.entries n join ledger.children i on i.no = n.child_no join ledger.streams s on s.no = n.stream_no
    where i.id = any(%(children)s::text[]::uuid[]) and (%(scope)s::text[] is null
        or split_part(s.subject, '/', 1) = any(%(scope)s) or exists (
            select from ledger.grants g where g.stream_no = s.no and g.namespace = any(%(scope)s)))
"""
"""The entries about some children that a reader may see."""
_VISIBLE: Final = f"""(%(scope)s::text[] is null or exists (select {_ABOUT} and n.position in (
    select p::bigint from jsonb_array_elements_text(
        convert_from(x.line, 'UTF8')::jsonb #> '{{event,data,positions}}') p)))"""  # noqa: S608  our own words
"""Condition on a reading x: it showed one of them."""
_OF_CHILDREN: Final = f"""
    select e.line from (
        select distinct k.position from ledger.children c cross join lateral (
            select a.position from ledger.access_children a join ledger.access_entries x on x.position = a.position
            where a.child_no = c.no and a.position < %(before)s and {_VISIBLE}
            order by a.position desc limit %(limit)s) k
        where c.id = any(%(children)s::text[]::uuid[]) order by k.position desc limit %(limit)s
    ) k join ledger.access_entries e on e.position = k.position order by e.position desc
"""  # noqa: S608  as above
_UP_TO: Final = f"""
    select distinct x.position, x.line, x.leaf_hash from ledger.children c
    join ledger.access_children a on a.child_no = c.no and a.position <= %(upto)s
    join ledger.access_entries x on x.position = a.position
    where c.id = any(%(children)s::text[]::uuid[]) and {_VISIBLE} order by x.position
"""  # noqa: S608  as above

_POSITIONS: Final = f"select n.position {_ABOUT} and n.position = any(%(positions)s)"


class AccessEntryView(NamedTuple):
    """One reading of children's records: what a list shows of it, and its line."""

    item: Json
    line: VisibleLine
    """Told by its leaf hash, if it names others than the children who are asked about."""


class AccessQueries:
    """Answers about who has read of a child."""

    def __init__(self, database: Database) -> None:
        """Say where the log is."""
        self._database = database

    def of_child(
        self, ids: Sequence[str], scope: Scope, limit: int, following: str | None
    ) -> DisclosingAnswer:
        """Return who read the records of a child (all stored ids of the person), the latest first.

        A reader whose scope is bound sees the readings of entries within it, by any organisation. InvalidCursor when
        `following` is of another list.
        """
        of = cursor.checksum("access", tuple(ids), scope)
        before = 2**53 if following is None else cursor.read(following, of).key(tuple[int])[0]
        parameters = _parameters(ids, scope) | {"before": before, "limit": limit + 1}
        rows = self._rows(_OF_CHILDREN, parameters, scope)
        items = self._within([read_line(line) for (line,) in rows[:limit]], ids, scope)
        more = len(rows) > limit
        last = Cursor(of, 0, None, [items[-1]["position"]]) if more else None
        page = {
            "items": items,
            "next": None if last is None else cursor.write(last),
            **access_size(self._database),
        }
        return DisclosingAnswer(page, DisclosedRecords(frozenset(ids)))

    def position_at(self, moment: Instant) -> int:
        """The last position of the access log recorded by a time; 0 before the first."""
        rows = self._database.rows("select ledger.access_position_at(%s)", (to_datetime(moment),))
        return int(rows[0][0])

    def up_to(self, position: int, ids: Sequence[str], scope: Scope) -> list[AccessEntryView]:
        """Return the readings of some children's records up to a position of the access log, the first one first."""
        found = self._rows(_UP_TO, _parameters(ids, scope) | {"upto": position}, scope)
        items = self._within([read_line(line) for _, line, _ in found], ids, scope)
        return [
            AccessEntryView(item, _line(at, line, leaf, ids))
            for item, (at, line, leaf) in zip(items, found, strict=True)
        ]

    def _rows(self, query: LiteralString, parameters: Json, scope: Scope) -> list[tuple[Any, ...]]:
        with self._database.connection() as connection:
            settle_for(connection, scope)
            return connection.execute(query, parameters).fetchall()

    def _within(self, readings: Sequence[Entry], ids: Sequence[str], scope: Scope) -> list[Json]:
        """The readings, each with the positions about the children that the reader may see, and no other child."""
        positions = {p for reading in readings for p in Disclosed.read(reading.data).positions}
        parameters = _parameters(ids, scope) | {"positions": list(positions)}
        about = {p for (p,) in self._rows(_POSITIONS, parameters, scope)}
        return [_item(reading, ids, scope, about) for reading in readings]


def _parameters(ids: Sequence[str], scope: Scope) -> Json:
    return {"children": list(ids), "scope": None if scope is None else sorted(scope)}


def access_size(database: Database) -> Json:
    """How many entries the access log holds, as a member of answers about it."""
    return {"access_size": database.rows("select position from ledger.heads where log = 2")[0][0]}


def _line(position: int, line: bytes, leaf: bytes, ids: Sequence[str]) -> VisibleLine:
    """An entry as somebody may have it who asks about some children: whole, if it names no others."""
    whole = set(read_line(line).data["children"]) <= set(ids)
    return VisibleLine(position, line if whole else hash_only(position, leaf), whole)


def _item(entry: Entry, ids: Sequence[str], scope: Scope, about: Collection[int]) -> Json:
    """One reading, as the list of a child shows it. How many other children it showed is its organisation's to know."""
    disclosed = Disclosed.read(entry.data)
    by = disclosed.organisation or entry.by
    children = disclosed.children if scope is None or by in scope else set(disclosed.children) & set(ids)
    return {
        "position": entry.position,
        "recorded_at": rfc3339(entry.recorded_at),
        "read_at": entry.time,
        "principal": entry.principal,
        "by": by,
        "role": disclosed.role,
        "purpose": disclosed.purpose,
        "route": disclosed.route,
        **known(status=disclosed.status),
        "children": len(children),
        "positions": [position for position in disclosed.positions if position in about],
    }

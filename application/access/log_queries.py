"""Reading the access log: who looked at a child's records.

Reading it is a disclosure like any other, and so recorded in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from application.access.lines_in_scope import VisibleLine, hash_only
from application.answers import cursor
from application.answers.as_json import Json, known
from application.answers.cursor import Cursor
from application.answers.disclosures import note
from application.store.database import Database
from application.store.line_codec import read_line
from domain.entries.access_entry import Disclosed
from domain.moment import Instant, rfc3339, to_datetime

_OF_CHILDREN: Final = """
    select e.line from (
        select distinct k.position from ledger.children c cross join lateral (
            select a.position from ledger.access_children a where a.child_no = c.no and a.position < %(before)s
            order by a.position desc limit %(limit)s) k
        where c.id = any(%(children)s::text[]::uuid[]) order by k.position desc limit %(limit)s
    ) k join ledger.access_entries e on e.position = k.position order by e.position desc
"""
_UP_TO: Final = """
    select distinct e.position, e.line, e.leaf_hash from ledger.children c
    join ledger.access_children a on a.child_no = c.no and a.position <= %s
    join ledger.access_entries e on e.position = a.position
    where c.id = any(%s::text[]::uuid[]) order by e.position
"""
_ABOUT: Final = """
    select e.position from ledger.entries e join ledger.children c on c.no = e.child_no
    where e.position = any(%s) and c.id = any(%s::text[]::uuid[])
"""


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

    def of_child(self, ids: Sequence[str], limit: int, following: str | None) -> Json:
        """Who looked at the records of a child (all stored ids of the person), the latest first.

        InvalidCursor when `following` is of another list.
        """
        note(children=ids)
        of = cursor.checksum("access", tuple(ids))
        before = 2**53 if following is None else cursor.read(following, of).key(tuple[int])[0]
        rows = self._database.rows(_OF_CHILDREN, {"children": ids, "before": before, "limit": limit + 1})
        items = [_item(line) for (line,) in rows[:limit]]
        about = self._about({p for item in items for p in item["positions"]}, ids)
        for item in items:
            item["positions"] = [p for p in item["positions"] if p in about]
        more = len(rows) > limit
        last = Cursor(of, 0, None, [items[-1]["position"]]) if more else None
        return {
            "items": items,
            "next": None if last is None else cursor.write(last),
            **access_size(self._database),
        }

    def position_at(self, moment: Instant) -> int:
        """The last position of the access log recorded by a time; 0 before the first."""
        rows = self._database.rows("select ledger.access_position_at(%s)", (to_datetime(moment),))
        return int(rows[0][0])

    def up_to(self, position: int, ids: Sequence[str]) -> list[AccessEntryView]:
        """Every reading of some children's records up to a position of the access log, the first at the beginning."""
        note(children=ids)
        found = self._database.rows(_UP_TO, (position, list(ids)))
        items = [_item(line) for _, line, _ in found]
        about = self._about({p for item in items for p in item["positions"]}, ids)
        return [
            AccessEntryView(
                item | {"positions": [p for p in item["positions"] if p in about]}, _line(at, line, leaf, ids)
            )
            for item, (at, line, leaf) in zip(items, found, strict=True)
        ]

    def _about(self, positions: Collection[int], ids: Sequence[str]) -> set[int]:
        """Those of the positions that are entries about the child."""
        return {p for (p,) in self._database.rows(_ABOUT, (list(positions), list(ids)))}


def access_size(database: Database) -> Json:
    """How many entries the access log holds, as a member of answers about it."""
    return {"access_size": database.rows("select position from ledger.heads where log = 2")[0][0]}


def _line(position: int, line: bytes, leaf: bytes, ids: Sequence[str]) -> VisibleLine:
    """An entry as somebody may have it who asks about some children: whole, if it names no others."""
    whole = set(read_line(line).data["children"]) <= set(ids)
    return VisibleLine(position, line if whole else hash_only(position, leaf), whole)


def _item(line: bytes) -> dict[str, Any]:
    """One entry, as the list of a child shows it."""
    entry = read_line(line)
    disclosed = Disclosed.read(entry.data)
    return {
        "position": entry.position,
        "recorded_at": rfc3339(entry.recorded_at),
        "read_at": entry.time,
        "principal": entry.principal,
        "by": disclosed.organisation or entry.by,
        "role": disclosed.role,
        "purpose": disclosed.purpose,
        "route": disclosed.route,
        **known(status=disclosed.status),
        "children": len(disclosed.children),
        "positions": list(disclosed.positions),
    }

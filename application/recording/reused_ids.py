"""Members in which an event differs from the one that was recorded under its id: their names, never a value.

The stored fingerprint says only that something differs. So the event is compared with the recorded line, and with
its sealed values where they open. A line does not say how a child was written; the fingerprint of each way tells that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import product
from typing import Any, Final, NamedTuple

from application.crypto.keys import Keys
from application.store.database import Database
from application.store.fingerprint import compared_content, fingerprint
from application.store.line_codec import child_reference, read_line
from application.store.vault import OpenedValues, Vault
from domain.entries.entry import Entry, Submission
from domain.errors import Fault
from domain.facts import of_type
from domain.facts.value_kinds import ChildKind

_RECORDED: Final = """
    select n.ord, e.line, i.fingerprint
    from unnest(%s::text[], %s::text[]) with ordinality n (source, id, ord)
    join ledger.sources o on o.source = n.source
    join ledger.event_ids i on i.source_no = o.no and i.id = n.id
    join ledger.entries e on e.position = i.position
"""
_DIFFERS: Final = "differs from the event that was recorded under this id"
_BIRTH_MONTH: Final = "birth_month"


class _Recorded(NamedTuple):
    """A recorded event: its entry, its fingerprint, and its values as far as they open."""

    entry: Entry
    fingerprint: bytes | None
    opened: OpenedValues


def differing_members(
    database: Database, vault: Vault, keys: Keys, submissions: Sequence[Submission]
) -> list[tuple[Fault, ...]]:
    """Return for each submission a fault for every member that differs from the recorded event of its id.

    There are none where another organisation recorded that event: who may not read it learns nothing of it.
    """
    found: list[tuple[Fault, ...]] = [()] * len(submissions)
    keyed = ([s.source for s in submissions], [s.id for s in submissions])
    rows = [(n - 1, read_line(line), mark) for n, line, mark in database.rows(_RECORDED, keyed)]
    own = [(n, entry, mark) for n, entry, mark in rows if entry.by == submissions[n].by]
    opened = vault.open([entry for _, entry, _ in own])
    for n, entry, mark in own:
        recorded = _Recorded(entry, mark, opened.get(entry.position, OpenedValues([], _sealed(entry))))
        members = sorted(set(_Comparison(vault, keys, submissions[n], recorded).differences()))
        found[n] = tuple(Fault(member, _DIFFERS) for member in members)
    return found


def _sealed(entry: Entry) -> frozenset[str]:
    """Return the paths of an entry's sealed values."""
    return frozenset(entry.data.get("sealed", {}))


class _Comparison:
    """One submission next to the event that was recorded under its id."""

    def __init__(self, vault: Vault, keys: Keys, sent: Submission, recorded: _Recorded) -> None:
        """Find the children that the submission names."""
        self._keys, self._sent, self._recorded = keys, sent, recorded
        cls = of_type(sent.type)
        names = [m.name for m in cls.MEMBERS if isinstance(m.kind, ChildKind)] if cls else []
        self._children = {n: child_reference(sent.data[n], sent.subject) for n in names if n in sent.data}
        known = vault.children(self._children.values())
        self._ids = {name: known[reference].id for name, reference in self._children.items()}

    def differences(self) -> Iterator[str]:
        """Yield a JSON pointer for each attribute and each member of `data` that differs."""
        entry, unreadable = (
            self._recorded.entry,
            {p.partition("/")[0] for p in self._recorded.opened.unreadable},
        )
        before = self._before()
        for name in ("type", "subject"):
            if getattr(before, name) != getattr(self._sent, name):
                yield f"/{name}"
        one, other = compared_content(before), compared_content(self._sent)
        if one.get("time") != other.get("time"):
            yield "/time"
        for name in (one["data"].keys() | other["data"].keys()) - unreadable:
            same = entry.data.get(name) == self._ids[name] if name in self._ids else False
            if one["data"].get(name) != other["data"].get(name) and not same:
                yield f"/data/{name}"
        yield from self._written_otherwise(before)

    def _before(self) -> Submission:
        """Return the event as it was sent, but for children, which are ids, and for what does not open."""
        entry = self._recorded.entry
        data = _without_derived(deepcopy(entry.data))
        data.pop("sealed", None)
        for each in self._recorded.opened.disclosures:
            *holders, last = each.path.split("/")
            holder = data
            for step in holders:
                holder = holder[step]
            holder[last] = each.value
        return replace(self._sent, type=entry.type, subject=entry.subject, time=entry.time, data=data)

    def _written_otherwise(self, before: Submission) -> Iterator[str]:
        """Yield the children that are the same and were written in another way, if the fingerprint tells."""
        same = [n for n, id_ in self._ids.items() if before.data.get(n) == id_]
        for written in product(*(self._ways(name, before.subject) for name in same)):
            data = before.data | dict(zip(same, written, strict=True))
            if fingerprint(self._keys, replace(before, data=data)) == self._recorded.fingerprint:
                yield from (
                    f"/data/{n}" for n, way in zip(same, written, strict=True) if way != self._sent.data[n]
                )
                return

    def _ways(self, name: str, subject: str) -> Iterator[Any]:
        """Yield the ways in which a child can be written."""
        reference = self._children[name]
        yield reference._asdict()
        if reference.scheme == subject.partition("/")[0]:
            yield reference.reference


def _without_derived(value: Any) -> Any:
    """Return a value without the month of birth, which the ledger adds."""
    if not isinstance(value, dict):
        return value
    return {name: _without_derived(inner) for name, inner in value.items() if name != _BIRTH_MONTH}

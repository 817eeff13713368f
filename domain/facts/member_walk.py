"""The walk over a `data` to its members that need care: personal values, children, namespaces, subjects.

It goes once over the declared members, into objects and into the changes of a correction. So the declarations alone
decide what is sealed, what is replaced by an id and what is indexed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from domain.facts.correction_changes import ChangesKind, member_for
from domain.facts.fact import Fact
from domain.facts.members import SUBJECT_KIND, Member, Nested
from domain.facts.value_kinds import NAMESPACE, ChildKind, ListOf

Path = tuple[str, ...]
_NAMESPACE: Final = re.compile(NAMESPACE, re.ASCII)


class LocatedMember(NamedTuple):
    """A member that is present: its path (from `data` on), its declaration, and its value as sent."""

    path: Path
    member: Member
    value: Any


def walk(cls: type[Fact], data: dict[str, Any]) -> list[LocatedMember]:
    """Return every member of `data` that holds a plain value, in the order of the class."""
    found: list[LocatedMember] = []
    _walk(cls.MEMBERS, data, (), found)
    return found


def _walk(members: tuple[Member, ...], data: dict[str, Any], path: Path, found: list[LocatedMember]) -> None:
    for member in members:
        if member.name in data:
            _enter(member, data[member.name], (*path, member.name), found)


def _enter(member: Member, value: Any, path: Path, found: list[LocatedMember]) -> None:
    """Add a member to what was found, or what is within it."""
    kind = member.kind
    if isinstance(kind, Nested) and isinstance(value, dict):
        _walk(kind.members, value, path, found)
    elif isinstance(kind, ChangesKind):
        for name, new in value.get("data", {}).items():
            if (changed := member_for(name, new)) is not None:
                _enter(changed, new, (*path, "data", name), found)
    elif value is not None:
        found.append(LocatedMember(path, member, value))


def personal(cls: type[Fact], data: dict[str, Any]) -> list[LocatedMember]:
    """Return the personal members: each is sealed, and a commitment stands in the line instead."""
    return [found for found in walk(cls, data) if found.member.personal]


def children(cls: type[Fact], data: dict[str, Any]) -> list[LocatedMember]:
    """Return the members that name a child, `child` first: each is stored as the child's random id."""
    return [found for found in walk(cls, data) if isinstance(found.member.kind, ChildKind)]


def granted(walked: Iterable[LocatedMember]) -> set[str]:
    """Return the namespaces that a fact gives access to the episode (events.md 3), of the members found in it."""
    return {f.value for f in walked if f.member.grants and _NAMESPACE.fullmatch(f.value)}


def mentioned(walked: Iterable[LocatedMember]) -> set[str]:
    """Return the other subjects that a fact names (`covers`, `with`, `lead`), of the members found in it."""
    subjects: set[str] = set()
    for found in walked:
        kind = found.member.kind
        if kind is SUBJECT_KIND:
            subjects.add(found.value)
        elif isinstance(kind, ListOf) and kind.item is SUBJECT_KIND:
            subjects.update(found.value)
    return subjects

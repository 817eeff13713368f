"""Declarations of a fact's members: kind, required, personal, granting access.

Each function declares one field of a fact, as in `mode: str | None = chosen(RETURN_MODE)`. Validation, JSON Schema,
catalogue, sealing and indexes all follow from these declarations: a type is defined once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from typing import Any, Final, NamedTuple

from domain.errors import Fault
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    CODE,
    NAMESPACE,
    SUBJECT,
    ChildKind,
    Chosen,
    EventRefKind,
    Kind,
    ListOf,
    MomentKind,
    Number,
    PatternKind,
)
from domain.vocabulary import YES_NO, ValueList


class Member(NamedTuple):
    """One member of a type: its name in JSON, and its declaration."""

    name: str
    attribute: str
    kind: Kind
    required: bool = False
    personal: bool = False
    grants: bool = False
    """Its namespace may read and write the episode (events.md 3)."""
    derived: bool = False
    """Never sent: the ledger derives it (`birth_month`)."""


CODE_KIND: Final = PatternKind(CODE, "a code: letters, digits and . _ : ~ / -, at most 128, no spaces")
NAMESPACE_KIND: Final = PatternKind(NAMESPACE, "a namespace: a GSS code, URN-…, or ORG-…")
SUBJECT_KIND: Final = PatternKind(SUBJECT, "a subject: <namespace>/<reference>")
MOMENT_KIND: Final = MomentKind()
CHILD_KIND: Final = ChildKind()
EVENT_REF_KIND: Final = EventRefKind()


def declare(kind: Kind, **of: bool) -> Any:
    """Declare a member of that kind; `of` may say required, personal, grants, derived."""
    return field(default=None, metadata={"kind": kind, **of})


def code(**of: bool) -> Any:
    """Declare a code, any one."""
    return declare(CODE_KIND, **of)


def chosen(values: ValueList, **of: bool) -> Any:
    """Declare a value of a list."""
    return declare(Chosen(values), **of)


def yes_no(**of: bool) -> Any:
    """Declare an answer: yes, no, not_known, not_asked, withheld."""
    return declare(Chosen(YES_NO), **of)


def moment(**of: bool) -> Any:
    """Declare a moment at which something happened or is due."""
    return declare(MOMENT_KIND, **of)


def namespace(**of: bool) -> Any:
    """Declare an organisation, by its namespace."""
    return declare(NAMESPACE_KIND, **of)


def subject(**of: bool) -> Any:
    """Declare another episode."""
    return declare(SUBJECT_KIND, **of)


def child(**of: bool) -> Any:
    """Declare a child."""
    return declare(CHILD_KIND, **of)


def event_ref(**of: bool) -> Any:
    """Declare another event, by source and id."""
    return declare(EVENT_REF_KIND, **of)


def number(**of: bool) -> Any:
    """Declare a whole number."""
    return declare(Number(), **of)


def words() -> Any:
    """Declare free words: personal, always sealed."""
    return declare(FreeText(), personal=True)


def birth_date() -> Any:
    """Declare a date of birth: personal, always sealed."""
    return declare(BirthDate(), personal=True)


def birth_month() -> Any:
    """Declare the month (or year) of birth that the ledger leaves in clear next to a sealed date of birth."""
    return declare(PatternKind(r"[0-9]{4}(?:-[0-9]{2})?", "a month such as 2010-02"), derived=True)


def scheme() -> Any:
    """Declare the namespace that the ledger leaves in clear next to a child's id: whose reference it is."""
    return declare(NAMESPACE_KIND, derived=True)


def several(kind: Kind, most: int = 100) -> Any:
    """Declare a list of at most so many values of one kind."""
    return declare(ListOf(kind, most))


def listed(values: ValueList) -> Any:
    """Declare a list of values, each of a value list."""
    return declare(ListOf(Chosen(values)))


def group(cls: type, **of: bool) -> Any:
    """Declare an object with members of its own."""
    return declare(Nested(cls), **of)


def members_of(cls: type) -> tuple[Member, ...]:
    """Return the members that a fact or a group of members declares, in order."""
    return tuple(
        Member(f.name.rstrip("_"), f.name, **f.metadata) for f in fields(cls) if "kind" in f.metadata
    )


def member_faults(members: tuple[Member, ...], value: object, pointer: str) -> list[Fault]:
    """Return the faults of an object that should have these members and no others."""
    if not isinstance(value, dict):
        return [Fault(pointer, "must be an object")]
    sent = {m.name: m for m in members if not m.derived}
    faults = [
        Fault(f"{pointer}/{escape(name)}", "is not a member of this type")
        for name in value
        if name not in sent
    ]
    faults += [
        Fault(f"{pointer}/{m.name}", f"is required: {m.kind.noun}")
        for m in members
        if m.required and m.name not in value
    ]
    for name in value.keys() & sent.keys():
        faults += sent[name].kind.faults(value[name], f"{pointer}/{name}")
    return sorted(faults)


def escape(name: str) -> str:
    """Return a member's name as a step of a JSON pointer; a name that a sender made up is not repeated."""
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 40 else "?"


def read_members(members: Mapping[str, Member], value: dict[str, Any]) -> dict[str, Any]:
    """Return the members that are present, read, by attribute."""
    return {m.attribute: m.kind.read(v) for name, v in value.items() if (m := members.get(name)) is not None}


def by_name(members: Iterable[Member]) -> dict[str, Member]:
    """Return members by their names."""
    return {member.name: member for member in members}


class Nested(Kind):
    """An object with members of its own, declared by a class."""

    noun = "an object"

    def __init__(self, cls: type) -> None:
        """Remember the class that declares the members."""
        self.cls = cls
        self.members = members_of(cls)
        self._by_name = by_name(self.members)

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return the faults of its members."""
        return member_faults(self.members, value, pointer)

    def read(self, value: Any) -> Any:
        """Return an instance of the class."""
        return self.cls(**read_members(self._by_name, value))

"""The event that a sender posted, rebuilt from its line, its disclosures and the vault (stored-form.md 2).

The fingerprint was taken over the posted event, so the rebuilt event must have the same one. A child of the subject's
own namespace was sent as a reference or as an object: both forms are tried, the usual one first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

from application.store.fingerprint import SentContent
from domain.facts import FACTS, Fact
from domain.facts.correction_changes import ChangesKind
from domain.facts.member_walk import LocatedMember, Path, granted, mentioned, walk
from domain.facts.members import SUBJECT_KIND, Member, Nested
from domain.facts.value_kinds import ChildKind, ChildRef, Kind, ListOf


class NamedByEvent(NamedTuple):
    """Children, organisations with access and other subjects that a stored event names."""

    children: dict[Path, str]
    """Ids of children, by where they stand."""
    grants: Collection[str] = ()
    subjects: Collection[str] = ()


def sent_forms(
    event: SentContent, children: Mapping[Path, ChildRef], values: Mapping[str, Any]
) -> Iterator[SentContent]:
    """Yield each form in which a recorded event can have been sent.

    `event` holds its stored `data`, and is changed in place from form to form.
    """
    data, namespace = event.data, event.subject.split("/", 1)[0]
    data.pop("sealed", None)
    _remove_derived(data)
    for name, value in values.items():
        _set(data, name.split("/"), value)
    forms = [_child_forms(reference, namespace) for reference in children.values()]
    for chosen in product(*forms):
        for path, form in zip(children, chosen, strict=True):
            _set(data, path, form)
        yield event


def _child_forms(reference: ChildRef, namespace: str) -> list[Any]:
    scheme, text = reference
    whole = {"scheme": scheme, "reference": text}
    return [text, whole] if scheme == namespace else [whole]


def _remove_derived(data: dict[str, Any]) -> None:
    """Remove what the ledger derived from members that are sealed or stored as an id."""
    for name in _DERIVED & data.keys():
        del data[name]
    for part in data.values():
        if isinstance(part, dict):
            _remove_derived(part)


def _derived(members: Iterable[Member]) -> Iterator[str]:
    for member in members:
        if member.derived:
            yield member.name
        if isinstance(member.kind, Nested):
            yield from _derived(member.kind.members)


_DERIVED: Final = frozenset(name for cls in FACTS.values() for name in _derived(cls.MEMBERS))


def _set(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def named_by(cls: type[Fact], data: dict[str, Any]) -> NamedByEvent:
    """Return what stored `data` of a type names."""
    places = _places(cls)  # type: ignore[arg-type]  # mypy takes the instances' hash for the class's
    if places is None:
        return _named(walk(cls, data))
    if places.others:
        return _named(_located(places.others, data))
    found = _located(places.grants, data)
    return NamedByEvent({_CHILD: data["child"]}, granted(found) if found else ())


def _named(members: list[LocatedMember]) -> NamedByEvent:
    children = {each.path: each.value for each in members if isinstance(each.member.kind, ChildKind)}
    return NamedByEvent(children, granted(members), mentioned(members))


class _Places(NamedTuple):
    """Where a type can name organisations with access; in `others` all that it can name, if that is more."""

    grants: tuple[tuple[Path, Member], ...]
    others: tuple[tuple[Path, Member], ...]


@cache
def _places(cls: type[Fact]) -> _Places | None:
    """Return where a type can name something; None where a correction has changes, whose members differ."""
    if any(isinstance(member.kind, ChangesKind) for member in cls.MEMBERS):
        return None
    found = tuple(place for member in cls.MEMBERS for place in _within(member, ()))
    grants = tuple((path, member) for path, member in found if member.grants)
    return _Places(grants, found if len(found) > len(grants) + 1 else ())


def _within(member: Member, above: Path) -> Iterator[tuple[Path, Member]]:
    kind, path = member.kind, (*above, member.name)
    if isinstance(kind, Nested):
        for inner in kind.members:
            yield from _within(inner, path)
    elif member.grants or isinstance(kind, ChildKind) or _names_subjects(kind):
        yield path, member


def _names_subjects(kind: Kind) -> bool:
    return kind is SUBJECT_KIND or (isinstance(kind, ListOf) and kind.item is SUBJECT_KIND)


def _located(places: Iterable[tuple[Path, Member]], data: dict[str, Any]) -> list[LocatedMember]:
    found = []
    for path, member in places:
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            found.append(LocatedMember(path, member, value))
    return found


_CHILD: Final = ("child",)

"""The fingerprint of a submission: it shows whether two submissions say the same (stored-form.md 3).

It is HMAC-SHA-256 under the ledger's secret over RFC 8785 of {type, subject, time, data}. Every instant counts as
microseconds since 1970 UTC, so that one instant written with two offsets is the same. No defaults are filled in;
transport mode and other attributes do not count.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Protocol

import msgspec

from application.crypto.keys import Keys
from domain.facts import Fact, of_type
from domain.facts.correction_changes import ChangesKind, member_for
from domain.facts.members import Member, Nested
from domain.facts.value_kinds import Kind, MomentKind
from domain.moment import instant

_sorted: Final = msgspec.json.Encoder(order="sorted").encode


class SentContent(Protocol):
    """An event as it was sent, as far as its fingerprint is about it."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def subject(self) -> str:
        """Its episode."""

    @property
    def time(self) -> str | None:
        """Its time, if one was sent."""

    @property
    def data(self) -> dict[str, Any]:
        """Its data."""


def fingerprint(keys: Keys, submission: SentContent) -> bytes:
    """Return the fingerprint of a submission, 32 bytes."""
    return keys.fingerprint_of(canonical(compared_content(submission)))


def canonical(value: Any) -> bytes:
    """Return RFC 8785 of JSON whose keys are ASCII and whose numbers are integers within 2^53: ours always are."""
    return _sorted(value)


def compared_content(submission: SentContent) -> dict[str, Any]:
    """Return what a fingerprint covers, with instants as numbers. A time that was not given is absent."""
    cls = of_type(submission.type)
    data = submission.data if cls is None else _normal(submission.data, _timed(cls))  # type: ignore[arg-type]  # mypy takes the instances' hash for the class's
    same = {"type": submission.type, "subject": submission.subject, "data": data}
    return same if submission.time is None else {**same, "time": instant(submission.time)}


@cache
def _timed(by: type[Fact] | Nested) -> dict[str, Member]:
    """Return the members of a type, or of an object within one, in which an instant can be, by name."""
    return {m.name: m for m in (by.members if isinstance(by, Nested) else by.MEMBERS) if _may_hold(m.kind)}


def _may_hold(kind: Kind) -> bool:
    return isinstance(kind, MomentKind | ChangesKind) or (isinstance(kind, Nested) and bool(_timed(kind)))


def _normal(data: dict[str, Any], timed: dict[str, Member]) -> dict[str, Any]:
    """Return the same members, with the instants among them as numbers."""
    return data | {name: _value(member, data[name]) for name, member in timed.items() if name in data}


def _value(member: Member | None, value: Any) -> Any:
    """Return one member's value, with the instants in it as numbers."""
    if member is None or value is None:
        return value
    if isinstance(member.kind, MomentKind):
        return _moment(value)
    if isinstance(member.kind, Nested) and isinstance(value, dict):
        return _normal(value, _timed(member.kind))
    return _changes(value) if isinstance(member.kind, ChangesKind) else value


def _moment(value: Any) -> Any:
    """Return a moment with its instants as numbers; a day stays as it is."""
    if isinstance(value, str):
        return instant(value)
    return {end: text if end == "date" else instant(text) for end, text in value.items()}


def _changes(value: dict[str, Any]) -> dict[str, Any]:
    """Return the changes of a correction, each as the member that it fits."""
    same = dict(value)
    if "time" in same:
        same["time"] = _moment(same["time"])
    if "data" in same:
        same["data"] = {name: _value(member_for(name, new), new) for name, new in same["data"].items()}
    return same

"""The kinds of value that a member can have: how each is checked, read and published.

A kind says what fits (`faults`), what it means to the assessment (`read`), and its JSON Schema
(`schema`, 2020-12). Nothing that fits a clear kind can hold free words (events.md 1).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any, Final, NamedTuple

from domain.errors import Fault
from domain.moment import Moment, instant, read_moment
from domain.vocabulary import ALWAYS_ALLOWED, ValueList

CODE: Final = r"[A-Za-z0-9._:~/-]{1,128}"
"""A code: a short word of somebody's list, never a sentence."""
ORIGIN: Final = r"[A-Za-z0-9._:~/+=-]{1,128}"
"""An event id, or the URI of a sending system."""
NAMESPACE: Final = r"(?:[EWSN][0-9]{8}|URN-[0-9]{7}|URN-SC[0-9]{6}|ORG-[A-Z0-9]{2,20})"
"""Who issued a reference: a GSS code, an Ofsted URN, or anyone else as ORG-…"""
REFERENCE: Final = r"(?!\.{1,2}$)[A-Za-z0-9._~:-]{1,64}"
"""A reference in a namespace: an episode's or a child's."""
SUBJECT: Final = rf"{NAMESPACE}/{REFERENCE}"
STORED_CHILD: Final = r"[0-9a-f]{32}"

_LARGEST: Final = 2**53


class ChildRef(NamedTuple):
    """A child as a sender names it: a reference in somebody's namespace."""

    scheme: str
    reference: str


class EventRef(NamedTuple):
    """An event as its sender names it."""

    source: str
    id: str


class Kind(ABC):
    """A kind of value that a member can have. `noun` is used in sentences: "must be <noun>"."""

    noun: str = "a value"

    @abstractmethod
    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return the faults of the value, each with its place; none when it fits."""

    def read(self, value: Any) -> Any:
        """Return the value as the assessment uses it, from its stored form."""
        return value


class PlainKind(Kind):
    """A kind whose values fit whole or not at all."""

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return the fault that it must be one of this kind; none when it fits."""
        return [] if self.fits(value) else [Fault(pointer, f"must be {self.noun}")]

    @abstractmethod
    def fits(self, value: object) -> bool:
        """Return whether a value is one of this kind."""


class PatternKind(PlainKind):
    """Text that matches a regular expression from end to end."""

    def __init__(self, pattern: str, noun: str) -> None:
        """Remember the pattern and how to say it."""
        self.pattern, self.noun = pattern, noun
        self._regex = re.compile(pattern, re.ASCII)

    def fits(self, value: object) -> bool:
        """Return whether a value is text of this form."""
        return isinstance(value, str) and self._regex.fullmatch(value) is not None


class Chosen(PlainKind):
    """One value of a list; an open list also takes not_known, other and local:<code>."""

    _local: Final = re.compile(rf"local:{CODE}", re.ASCII)

    def __init__(self, values: ValueList) -> None:
        """Remember the list."""
        self.list = values
        self.allowed = values.values if values.closed else (*values.values, *ALWAYS_ALLOWED)
        self.noun = "one of " + ", ".join(self.allowed) + ("" if values.closed else ", or local:<code>")

    def fits(self, value: object) -> bool:
        """Return whether a value is in the list."""
        if not isinstance(value, str):
            return False
        return value in self.allowed or (not self.list.closed and self._local.fullmatch(value) is not None)


class MomentKind(Kind):
    """When something happened; the sender's own text is kept."""

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return a fault when it is not a moment."""
        try:
            read_moment(value)
        except ValueError as error:
            return [Fault(pointer, str(error))]
        return []

    def read(self, value: Any) -> Moment:
        """Return the interval of instants."""
        return read_moment(value)


class TimeKind(MomentKind):
    """An exact time."""

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return a fault when it is not an RFC 3339 time with offset."""
        try:
            instant(value)
        except ValueError as error:
            return [Fault(pointer, str(error))]
        return []


class ChildKind(PlainKind):
    """A child: sent as a reference, or as scheme and reference; stored as a random id."""

    noun = (
        "a child: text of 1 to 64 letters, digits and . _ : ~ -,"
        ' or {"scheme": <namespace>, "reference": <such text>}'
    )
    _reference: Final = re.compile(REFERENCE, re.ASCII)
    _namespace: Final = re.compile(NAMESPACE, re.ASCII)

    def fits(self, value: object) -> bool:
        """Return whether a value names a child."""
        if isinstance(value, dict) and set(value) == {"scheme", "reference"}:
            scheme, value = value["scheme"], value["reference"]
            if not isinstance(scheme, str) or not self._namespace.fullmatch(scheme):
                return False
        return isinstance(value, str) and self._reference.fullmatch(value) is not None


class EventRefKind(PlainKind):
    """Another event, by its source and id."""

    noun = 'another event: {"source": …, "id": …}'
    _origin: Final = re.compile(ORIGIN, re.ASCII)

    def fits(self, value: object) -> bool:
        """Return whether a value names an event."""
        return (
            isinstance(value, dict)
            and set(value) == {"source", "id"}
            and all(isinstance(v, str) and self._origin.fullmatch(v) for v in value.values())
        )

    def read(self, value: Any) -> EventRef:
        """Return source and id as a pair."""
        return EventRef(value["source"], value["id"])


class Number(PlainKind):
    """A whole number from 0 to 2^53."""

    noun = "a whole number from 0 to 2^53"

    def fits(self, value: object) -> bool:
        """Return whether a value is such a number; true and false are not."""
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


class ListOf(Kind):
    """Some values of one kind, at most a hundred unless it says so."""

    def __init__(self, item: Kind, most: int = 100) -> None:
        """Remember the kind of the values, and how many there may be."""
        self.item, self.most = item, most
        self.noun = f"a list of at most {self.most} values"

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return the faults of the list, and of each of its values."""
        if not isinstance(value, list) or len(value) > self.most:
            return [Fault(pointer, f"must be {self.noun}")]
        return [fault for n, item in enumerate(value) for fault in self.item.faults(item, f"{pointer}/{n}")]

    def read(self, value: Any) -> tuple[Any, ...]:
        """Return the values, read."""
        return tuple(self.item.read(item) for item in value)

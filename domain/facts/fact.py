"""The base of every fact: its name and phase, and the envelope members of `data` (events.md 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Final, Self, TypeVar, dataclass_transform

from domain.errors import Fault
from domain.facts.members import (
    Member,
    by_name,
    child,
    chosen,
    code,
    group,
    member_faults,
    members_of,
    moment,
    read_members,
    words,
)
from domain.moment import Moment
from domain.vocabulary import BASIS, HANDLING


class Phase(IntEnum):
    """The order of facts that time alone cannot put in order (assessment.md 1)."""

    START = 0
    AWAY = 1
    END = 2
    AFTER = 3
    RECORD = 4
    """Outside the order: about other entries, not about the child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertedBy:
    """Who says so: the organisation, the role, and a personal reference to the person."""

    organisation: str | None = code()
    role: str | None = code()
    reference: str | None = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An assertion by an organisation. The members below are those that every type takes."""

    NAME: ClassVar[str] = ""
    TYPE: ClassVar[str] = ""
    PHASE: ClassVar[Phase] = Phase.AFTER
    MEMBERS: ClassVar[tuple[Member, ...]] = ()
    BY_NAME: ClassVar[dict[str, Member]] = {}

    child: str = child(required=True)
    happened: Moment | None = moment()
    learned_at: Moment | None = moment()
    asserted_by: AssertedBy | None = group(AssertedBy)
    basis: str | None = chosen(BASIS)
    handling: str | None = chosen(HANDLING)
    note: str | None = words()

    @classmethod
    def faults(cls, data: object) -> list[Fault]:
        """Return the faults of a `data` as sent; none when it fits this type."""
        return member_faults(cls.MEMBERS, data, "/data")

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Return the fact in a stored `data`; personal members are sealed and so missing."""
        return cls(**read_members(cls.BY_NAME, data))


FACTS: Final[dict[str, type[Fact]]] = {}
"""Every type that can be posted, by name: "returned" -> Returned. Filled by `fact`."""

F = TypeVar("F", bound=Fact)
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(cls: type[F]) -> type[F]:
    """Make a class one of the types: frozen, named after itself, known to the register."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.NAME = _CAPITAL.sub("-", cls.__name__).lower()
    made.TYPE = f"missing-episode.{made.NAME}.v1"
    made.MEMBERS = members_of(made)
    made.BY_NAME = by_name(made.MEMBERS)
    FACTS[made.NAME] = made
    return made

"""What the access log records: that somebody was shown children's records (stored-form.md 4, events.md 2).

An entry of the ledger's own, on its own stream in the second log. Everything in it is a code or a number, so that
the log can be shown to whoever reviews it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from domain.facts.members import Member, by_name, code, declare, members_of, namespace, number, read_members
from domain.facts.value_kinds import STORED_CHILD, ListOf, Number, PatternKind

MOST: Final = 1_000_000
"""Children or positions that one entry names at most: more than any one answer holds."""
_ROUTE: Final = PatternKind(r"[A-Za-z0-9._:~/{}-]{1,128}", "a route as declared, such as /v1/episodes")
_CHILDREN: Final = ListOf(PatternKind(STORED_CHILD, "a child's stored id: 32 hex digits"), MOST)
_POSITIONS: Final = ListOf(Number(), MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One answer that showed children's records, or found that there are none to show."""

    TYPE: ClassVar[str] = "access.disclosed.v1"
    MEMBERS: ClassVar[tuple[Member, ...]] = ()

    role: str = code(required=True)
    """Under which the route was open to the reader: the one of theirs that may see most; `operator` for a command."""
    organisation: str | None = namespace()
    """For whom the reader's credential acts; absent where it is good for all."""
    purpose: str = code(required=True)
    """Why, by a code of the installation's list."""
    route: str = declare(_ROUTE, required=True)
    """Which question: the path as declared, with its variable parts in braces; `ledger:<command>` for a command."""
    status: int | None = number()
    """The answer's HTTP status: 200; 304 where the reader had the same answer already. Absent for a command."""
    children: tuple[str, ...] = declare(_CHILDREN)
    """Whose records were shown, in order of id."""
    positions: tuple[int, ...] = declare(_POSITIONS)
    """Which entries of the episode log were shown: each one of a history; of an episode or a list its last, which
    stands for those before it; of a duty those that it rests on. In order."""
    first: int | None = number()
    last: int | None = number()
    """Of lines in bulk instead: every entry from the first to the last that is within the reader's scope."""

    def data(self) -> dict[str, Any]:
        """The stored form: members in the order of this class, what is absent or empty left out."""
        given = {member.name: getattr(self, member.attribute) for member in self.MEMBERS}
        return {name: value for name, value in given.items() if value not in {None, ()}}

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """From the stored form."""
        return cls(**{"children": (), "positions": (), **read_members(by_name(cls.MEMBERS), data)})


Disclosed.MEMBERS = members_of(Disclosed)

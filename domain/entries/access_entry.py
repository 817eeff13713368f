"""Entries of the access log: disclosures of children's records to a reader (stored-form.md 4, events.md 2).

Each is an entry of the ledger's own, on its own stream in the second log. All its members are codes or numbers, so
that the log can be shown to anyone who reviews it.
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
    """The role under which the route was open to the reader: their most powerful one; `operator` for a command."""
    organisation: str | None = namespace()
    """The organisation for which the reader's credential acts; absent where it acts for all."""
    purpose: str = code(required=True)
    """The purpose, by a code of the installation's list."""
    route: str = declare(_ROUTE, required=True)
    """The question: the path as declared, with its variable parts in braces; `ledger:<command>` for a command."""
    status: int | None = number()
    """The answer's HTTP status: 200; 304 where the reader had the same answer already. Absent for a command."""
    children: tuple[str, ...] = declare(_CHILDREN)
    """The children whose records were shown, in order of id."""
    positions: tuple[int, ...] = declare(_POSITIONS)
    """The entries of the episode log that were shown, in order. Of a history it is each one. Of an episode or a list it
    is the last, which stands for those before it. Of a duty it is those on which the duty rests."""
    first: int | None = number()
    last: int | None = number()
    """For lines in bulk instead: every entry from the first to the last that is within the reader's scope."""

    def data(self) -> dict[str, Any]:
        """Return the stored form: members in the order of this class, without absent or empty ones."""
        given = {member.name: getattr(self, member.attribute) for member in self.MEMBERS}
        return {name: value for name, value in given.items() if value not in {None, ()}}

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Return the disclosure of a stored form."""
        return cls(**{"children": (), "positions": (), **read_members(by_name(cls.MEMBERS), data)})


Disclosed.MEMBERS = members_of(Disclosed)

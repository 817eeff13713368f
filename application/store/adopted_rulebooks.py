"""Rulebooks that a ledger adopted: which of them judges an answer, and the rules in them."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

from application.store.database import Database
from application.store.line_codec import read_line
from domain.entries.entry import Entry
from domain.errors import Fault, InvalidQuery
from domain.facts.ledger_entries import RULEBOOK_ADOPTED
from domain.facts.members import NAMESPACE_KIND
from domain.rules.rule import Rule
from domain.rules.rulebook import Rulebook, cached

_OWN = (
    "select line from ledger.entries where position + 0 <= %s"
    " and stream_no = (select stream_no from ledger.entries where position = 1) order by version desc"
)
"""The ledger's own stream begins at position 1. The sum keeps the planner from using an index on positions.
It knows little of one stream, and would otherwise look up every position: each answer would take longer."""
_ALL = 2**62


class Adopted(NamedTuple):
    """A rulebook, and the entry that adopted it."""

    entry: Entry

    @property
    def texts(self) -> tuple[str, ...]:
        """Its whole text, then those of the rulebooks that it extends, as they were at that time, the nearest first."""
        return (self.entry.data["text"], *self.entry.data.get("extended", ()))

    @property
    def book(self) -> Rulebook:
        """The rulebook, with the rules of those that it extends."""
        return cached(*self.texts)

    @property
    def name(self) -> str:
        """The name by which a query asks for it."""
        return f"{self.entry.data['id']}@{self.entry.data['version']}"

    def answer(self) -> dict[str, str]:
        """The members with which an answer says that this rulebook judges it."""
        return {"id": self.entry.data["id"], "version": self.entry.data["version"]}


def adopted(connection: psycopg.Connection[Any], upto: int) -> Adopted | None:
    """Return the last rulebook adopted up to a position; None before the first."""
    return next(iter(reversed(adoptions(connection, upto))), None)


def adoptions(connection: psycopg.Connection[Any], upto: int = _ALL) -> list[Adopted]:
    """Return all rulebooks adopted up to a position, the first at the beginning."""
    return [Adopted(entry) for entry in own_entries(connection, upto) if entry.type == RULEBOOK_ADOPTED]


def next_adoption(connection: psycopg.Connection[Any], after: int, upto: int) -> int | None:
    """Return the position of the first adoption after a position and up to another; None when there is none."""
    found = (each.entry.position for each in adoptions(connection, upto))
    return next((position for position in found if position > after), None)


def own_entries(connection: psycopg.Connection[Any], upto: int = _ALL) -> list[Entry]:
    """Return the ledger's own entries up to a position, the first at the beginning."""
    found = connection.execute(_OWN, (upto,), binary=True).fetchall()
    return [read_line(line) for (line,) in reversed(found)]


def every_adopted(database: Database) -> list[Adopted]:
    """Return all rulebooks that were ever adopted, the first at the beginning."""
    with database.connection() as connection:
        return adoptions(connection)


def judging(database: Database, known_at: int) -> Adopted:
    """Return the rulebook that judges answers as known at a position: the last adopted up to it, else the first."""
    with database.connection() as connection:
        found = adopted(connection, known_at)
    return every_adopted(database)[0] if found is None else found


def called(database: Database, name: str) -> Adopted:
    """Return the adopted rulebook of that name; NotAdopted when none was ever adopted under it."""
    found = {each.name: each for each in every_adopted(database)}
    if name not in found:
        raise NotAdopted("rulebook", "the <id>@<version> of an adopted rulebook", set(found))
    return found[name]


class NotAdopted(InvalidQuery):
    """A list is asked for by a rule or a role that no adopted rulebook has: the list would always be empty."""

    def __init__(self, parameter: str, what: str, of: set[str]) -> None:
        """Say which parameter is wrong, what it should be, and which values there are."""
        right = f"must be {what}: {', '.join(sorted(of)) or 'there are none yet'}"
        super().__init__(f"The parameter {parameter} {right}.", (Fault(f"/{parameter}", right),))


class Rules:
    """Every rule that was ever adopted; an id and a version name exactly one."""

    def __init__(self, database: Database) -> None:
        """Remember where to read them."""
        self._database = database
        self._known: dict[tuple[str, int], Rule] = {}

    def rule(self, id_: str, version: int) -> Rule:
        """Return the rule of that id and version; KeyError when none was ever adopted."""
        if (id_, version) not in self._known:
            self._known = self._read()
        return self._known[id_, version]

    def check(self, rule: str | None, accountable: str | None) -> None:
        """Raise NotAdopted unless it is a rule's id, and a role that answers for a rule or any namespace."""
        if rule is not None:
            self._one_of("id", rule, "rule", "the id of an adopted rule")
        if accountable is not None and not NAMESPACE_KIND.fits(accountable):
            what = "a namespace, or a role that answers for an adopted rule"
            self._one_of("accountable", accountable, "accountable", what)

    def _one_of(self, member: str, sought: str, parameter: str, what: str) -> None:
        """Raise NotAdopted unless a rule has that value; rules may have been adopted since they were read."""
        if sought not in {getattr(rule, member) for rule in self._known.values()}:
            self._known = self._read()
            there = {getattr(rule, member) for rule in self._known.values()}
            if sought not in there:
                raise NotAdopted(parameter, what, there)

    def _read(self) -> dict[tuple[str, int], Rule]:
        """Read them; a rule of a later text replaces the same one of an earlier text."""
        books = (each.book for each in every_adopted(self._database))
        return {(rule.id, rule.version): rule for book in books for rule in book.rules}

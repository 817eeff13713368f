"""Adopted: the rulebooks that a ledger adopted, and the rules in them."""

from __future__ import annotations

from typing import Any

import psycopg

from application.store.codec import read_line
from application.store.database import Database
from domain.entry import Entry
from domain.errors import Fault, LedgerError
from domain.facts.members import NAMESPACE_KIND
from domain.facts.system import RULEBOOK_ADOPTED
from domain.rule import Rule
from domain.rulebook import cached

_OWN = (
    "select line from ledger.entries where position <= %s"
    " and stream_no = (select stream_no from ledger.entries where position = 1) order by version desc"
)
"""The ledger's own stream begins at position 1."""


def adopted(connection: psycopg.Connection[Any], upto: int) -> Entry | None:
    """The entry that adopted the last rulebook up to a position."""
    return next(iter(reversed(adoptions(connection, upto))), None)


def adoptions(connection: psycopg.Connection[Any], upto: int) -> list[Entry]:
    """Every entry that adopted a rulebook, up to a position, in the order recorded."""
    found = connection.execute(_OWN, (upto,), binary=True)
    entries = [read_line(line) for (line,) in found]
    return [entry for entry in reversed(entries) if entry.type == RULEBOOK_ADOPTED]


class NotAdopted(LedgerError):
    """A list is asked for by a rule, or by a role, that no adopted rulebook has: nothing would ever be in it."""

    reason = "invalid-query"

    def __init__(self, parameter: str, what: str, of: set[str]) -> None:
        """Say which parameter, what it should be, and of which there are."""
        right = f"must be {what}: {', '.join(sorted(of)) or 'there are none yet'}"
        super().__init__(f"The parameter {parameter} {right}.", (Fault(f"/{parameter}", right),))


class Rules:
    """Every rule that was ever adopted: of one id and version there is one."""

    def __init__(self, database: Database) -> None:
        """Remember where to look."""
        self._database = database
        self._known: dict[tuple[str, int], Rule] = {}

    def rule(self, id_: str, version: int) -> Rule:
        """The rule of that id and version; KeyError when none was ever adopted."""
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
        """Raise NotAdopted unless a rule says so there; rules may have been adopted since they were read."""
        if sought not in {getattr(rule, member) for rule in self._known.values()}:
            self._known = self._read()
            there = {getattr(rule, member) for rule in self._known.values()}
            if sought not in there:
                raise NotAdopted(parameter, what, there)

    def _read(self) -> dict[tuple[str, int], Rule]:
        """Those of the last adopted text, where it was worded anew, in place of earlier ones."""
        entries = [read_line(line) for (line,) in self._database.rows(_OWN, (2**62,))]
        texts = [entry.data["text"] for entry in reversed(entries) if entry.type == RULEBOOK_ADOPTED]
        return {(rule.id, rule.version): rule for text in texts for rule in cached(text).rules}

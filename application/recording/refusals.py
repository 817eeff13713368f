"""Refused events: kept for ninety days, without anything personal (events.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from application.crypto.keys import Keys
from application.store.database import Database
from domain.errors import LedgerError
from domain.facts import FACTS
from domain.facts.members import Member, Nested


class Refusal(NamedTuple):
    """One refused event: why, and its source and id where they could be read."""

    problem: LedgerError
    source: str | None = None
    id: str | None = None


class Refusals:
    """The refusals of one ledger."""

    def __init__(self, database: Database, keys: Keys) -> None:
        """Remember where they are kept, and the secret that hides which events they were."""
        self._database, self._keys = database, keys

    def note(self, credential: str, refusals: Sequence[Refusal]) -> None:
        """Keep refusals of one credential; raise Unreachable when the database does not answer.

        Kept are the reason, the first pointer as far as its names are ours, and a keyed hash of source and id.
        """
        kept = [(r.problem.reason, _pointer(r.problem), self._hash(r)) for r in refusals]
        reasons, pointers, hashes = (list(column) for column in zip(*kept, strict=True))
        with self._database.connection() as connection:
            connection.execute(
                "select ledger.refused(%s, %s, %s, %s)", ([credential] * len(kept), reasons, pointers, hashes)
            )

    def _hash(self, refusal: Refusal) -> bytes | None:
        if refusal.source is None or refusal.id is None:
            return None
        return self._keys.refusal_of(refusal.source, refusal.id)


def _pointer(problem: LedgerError) -> str:
    """Return the first pointer, up to the first name that is not a member's: the rest is a sender's own text."""
    steps = problem.faults[0].pointer.split("/")[1:] if problem.faults else []
    known = takewhile(lambda step: step in _NAMES or step.isdecimal(), steps)
    return "".join(f"/{step}" for step in known)


def _member_names(members: Iterable[Member]) -> Iterator[str]:
    for member in members:
        yield member.name
        if isinstance(member.kind, Nested):
            yield from _member_names(member.kind.members)


_ENVELOPE: Final = (
    *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "If-Match"),
    *("data", "data_base64", "changes", "scheme", "reference", "earliest", "latest", "date"),
)
_NAMES: Final = frozenset([*_ENVELOPE, *(n for cls in FACTS.values() for n in _member_names(cls.MEMBERS))])
"""Every name that a pointer to an event may hold."""

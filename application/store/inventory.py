"""Inventory of a database: the few facts about a ledger by which a copy of it is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from application.store.line_codec import read_line
from domain.errors import LedgerError

_FIRST: Final = "select line from ledger.entries where position = 1"
_ENDS: Final = """
select h.position, (select leaf_hash from ledger.entries where position = h.position),
    (select count(*) from ledger.entries), (select position from ledger.heads where log = 2),
    (select count(*) from ledger.access_entries)
from ledger.heads h where log = 1
"""


class NothingRecorded(LedgerError):
    """The ledger was never founded: there is nothing to keep."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The ledger's identity, and where both of its logs end."""

    founding: dict[str, Any]
    """The data of the first entry: name, format, key."""
    position: int
    leaf_hash: str
    """The last entry's, in hex."""
    entries: int
    """Number of entries; without a gap it equals the position."""
    access_position: int
    access_entries: int


def inventory(connection: psycopg.Connection[Any]) -> Inventory:
    """Return the inventory, over a connection of the database's owner; raise NothingRecorded when there is nothing."""
    first = connection.execute(_FIRST, binary=True).fetchone()
    ends = connection.execute(_ENDS, binary=True).fetchone()
    if first is None or ends is None:
        raise NothingRecorded("nothing is recorded in this database")
    position, leaf_hash, *rest = ends
    return Inventory(read_line(first[0]).data, position, (leaf_hash or b"").hex(), *rest)

"""Vault rows, opened with the ledger's secrets: whose row each is, and the key of what is sealed about the child.

A row vouches for itself: the id is bound to the wrapped key and to the sealed reference, and the reference gives the
lookup. So a row that was swapped or altered does not open, or is found under another lookup.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.crypto.keys import Keys, KeysUnusable
from application.crypto.sealed_values import CannotOpen, compact, unseal
from domain.facts.value_kinds import ChildRef

_MOST: Final = 50_000
"""Children that are kept in memory."""
_ROWS: Final = """
select id, no, lookup, kek_no, wrapped_key, sealed_reference from ledger.children where id = any(%s::text[]::uuid[])
"""


@dataclass(frozen=True, slots=True)
class OpenedChild:
    """A vault row: the child's number, and what opened. Without secrets nothing is opened, and the row counts as right.

    No entry can erase a child yet, so a row without a key is not right. The entry of an erasure will allow it.
    """

    number: int
    is_right: bool
    key: AESGCM | None = None
    reference: ChildRef | None = None


class VaultRows:
    """The vault's rows by child id, each read and opened once while it is remembered."""

    def __init__(self, connection: psycopg.Connection[Any], keys: Keys | None, ledger: str) -> None:
        """Remember where rows are, the secrets, and the ledger's name, which every seal is bound to."""
        self._connection, self._keys, self._ledger = connection, keys, ledger
        self._known: dict[str, OpenedChild] = {}

    def of(self, ids: Collection[str]) -> dict[str, OpenedChild]:
        """Return the rows of these children; a child without a row is not among them."""
        missing = [each for each in ids if each not in self._known]
        if len(self._known) + len(missing) > _MOST:
            self._known.clear()
            missing = list(ids)
        if missing:
            rows = self._connection.execute(_ROWS, (missing,), binary=True)
            self._known |= {id_.hex: self._opened(id_.hex, row) for id_, *row in rows}
        return self._known

    def _opened(self, id_: str, row: Sequence[Any]) -> OpenedChild:
        number, lookup, kek_no, wrapped, sealed = row
        if self._keys is None:
            return OpenedChild(number, is_right=wrapped is not None and sealed is not None)
        try:
            secret = unseal(self._keys.kek(kek_no), wrapped or b"", ["ledger-key-1", self._ledger, id_])
            key = AESGCM(bytes.fromhex(json.loads(secret)))
            reference = json.loads(unseal(key, sealed or b"", ["ledger-child-1", self._ledger, id_]))
        except (CannotOpen, KeysUnusable):
            return OpenedChild(number, is_right=False)
        is_right = self._keys.lookup_of(compact(reference)) == lookup
        return OpenedChild(number, is_right=is_right, key=key, reference=ChildRef(*reference))

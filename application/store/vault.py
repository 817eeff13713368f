"""The vault: which id stands for a child, and the key under which the child's values are sealed.

A child is found by an HMAC of scheme and reference; the id is random, given the first time. A new child is made up
in memory only. Its row travels with the first request that needs it, and becomes durable in the same transaction or
not at all (stored-form.md 2).
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.crypto.keys import Keys, KeysUnusable
from application.crypto.sealed_values import CannotOpen, Disclosure, commitment, compact, seal, split, unseal
from application.store.append import ChildRow
from application.store.database import Database
from domain.entries.entry import Entry, Submission
from domain.errors import NotRecorded
from domain.facts.value_kinds import ChildRef

_log: Final = logging.getLogger(__name__)
_MOST: Final = 20_000
"""Children that one process keeps in memory."""


@dataclass(slots=True)
class VaultChild:
    """A child as the vault knows it, in half a KB. `key` is None once erased; `row` is None once surely stored."""

    id: str
    key: bytes | None = field(repr=False)
    row: ChildRow | None = field(repr=False, default=None)


NO_CHILD: Final = "0" * 32
"""The id of no child: a question about an unknown child takes the same way as one about a hidden child."""


class OpenedValues(NamedTuple):
    """Personal values of an entry that open as its line commits to them, and the paths of those that do not."""

    disclosures: Sequence[Disclosure]
    unreadable: AbstractSet[str] = frozenset()


@contextmanager
def _unreadable(child_id: str) -> Iterator[None]:
    """Go on without what does not open: the answer is unreadable, and the log says of which child."""
    try:
        yield
    except (CannotOpen, KeysUnusable):
        _log.error("what is stored of child %s does not open: run `ledger verify`", child_id)


class Vault:
    """Children by reference, and what is sealed about them."""

    def __init__(self, database: Database, keys: Keys, ledger: str) -> None:
        """Remember where rows are read, the secrets, and the ledger's name, which every seal is bound to."""
        self._database, self._keys, self._ledger = database, keys, ledger
        self._known: OrderedDict[bytes, VaultChild] = OrderedDict()
        self._lock, self._reading = threading.Lock(), threading.Lock()

    def children(self, references: Iterable[ChildRef]) -> dict[ChildRef, VaultChild]:
        """Return the child of each reference: known, read from the vault, or made up now."""
        lookups = {reference: self._lookup(reference) for reference in references}
        if any(lookup not in self._known for lookup in lookups.values()):
            with self._reading:  # who waited here often finds that another thread has read it
                missing = [lookup for lookup in lookups.values() if lookup not in self._known]
                try:
                    for row in self._rows(missing) if missing else ():
                        self.learn(row)
                except (CannotOpen, KeysUnusable) as error:
                    raise NotRecorded("the key of a child does not open: run `ledger verify`") from error
                return self._all(lookups)
        return self._all(lookups)

    def learn(self, row: ChildRow) -> VaultChild:
        """Take a row as stored: it is now the child of that lookup. CannotOpen when its key does not open."""
        key = None
        if row.wrapped_key is not None:
            about = ["ledger-key-1", self._ledger, row.id]
            key = bytes.fromhex(json.loads(unseal(self._keys.kek(row.kek_no), row.wrapped_key, about)))
        with self._lock:
            return self._keep(row.lookup, VaultChild(row.id, key))

    def stored(self, rows: Iterable[ChildRow]) -> None:
        """Note that rows which were sent are now durable: no later request needs to carry them."""
        with self._lock:
            for row in rows:
                known = self._known.get(row.lookup)
                if known is not None and known.id == row.id:
                    known.row = None

    def find(self, reference: ChildRef) -> str | None:
        """Return the id of a child, if one was ever recorded under this reference."""
        return next((row.id for row in self._rows([self._lookup(reference)])), None)

    def reference(self, child_id: str) -> ChildRef | None:
        """Return who a child id stands for; None when there is no such child or it is erased."""
        return self.references([child_id]).get(child_id)

    def references(self, child_ids: Iterable[str]) -> dict[str, ChildRef]:
        """Return the references of these child ids; unknown and erased ones are left out.

        An answer that shows them discloses each, an erased one too.
        """
        named = list(child_ids)
        rows = self._database.rows(
            "select id, sealed_reference, lookup, kek_no, wrapped_key from ledger.children"
            " where id = any(%s::text[]::uuid[]) and sealed_reference is not null and wrapped_key is not null",
            (named,),
        )
        found = {}
        for id_, sealed, *held in rows:
            with _unreadable(id_.hex):
                about = ["ledger-child-1", self._ledger, id_.hex]
                found[id_.hex] = ChildRef(
                    *json.loads(unseal(self._key(ChildRow(id_.hex, *held)), sealed, about))
                )
        return found

    def seal(self, key: bytes, disclosures: bytes, child_id: str, submission: Submission) -> bytes:
        """Return the blob of an entry's disclosures (a JSON array), under the key of the child that it names."""
        return seal(AESGCM(key), disclosures, self._about(child_id, submission))

    def open(self, entries: Sequence[Entry]) -> dict[int, OpenedValues]:
        """Open what entries have sealed, by position; nothing for one that seals nothing, or whose child is erased."""
        sealing = {entry.position: entry for entry in entries if entry.data.get("sealed")}
        rows = self._database.rows(
            "select p.position, v.blob, c.id, c.lookup, c.kek_no, c.wrapped_key"
            " from unnest(%s::bigint[], %s::text[]::uuid[]) p (position, child)"
            " left join ledger.children c on c.id = p.child"
            " left join ledger.sealed_values v on v.position = p.position",
            (list(sealing), [entry.data["child"] for entry in sealing.values()]),
        )
        return {
            position: self._opened(sealing[position], blob, id_ and ChildRow(id_.hex, *held))
            for position, blob, id_, *held in rows
            if id_ is None or held[-1] is not None
        }

    def _opened(self, entry: Entry, blob: bytes | None, row: ChildRow | None) -> OpenedValues:
        """Open one entry's values; those that the line commits to and that do not open so are unreadable."""
        committed, found = entry.data["sealed"], list[Disclosure]()
        if blob is not None and row is not None:
            with _unreadable(entry.data["child"]):
                found = split(unseal(self._key(row), blob, self._about(row.id, entry)))
        good = [each for each in found if committed.get(each.path) == commitment(each.text)]
        return OpenedValues(good, committed.keys() - {each.path for each in good})

    def _about(self, child_id: str, event: Submission | Entry) -> list[str]:
        return ["ledger-seal-1", self._ledger, child_id, event.source, event.id, event.type]

    def _lookup(self, reference: ChildRef) -> bytes:
        return self._keys.lookup_of(compact(list(reference)))

    def _rows(self, lookups: list[bytes]) -> list[ChildRow]:
        rows = self._database.rows(
            "select id, lookup, kek_no, wrapped_key from ledger.children where lookup = any(%s)", (lookups,)
        )
        return [ChildRow(id_.hex, *rest) for id_, *rest in rows]

    def _key(self, row: ChildRow) -> AESGCM:
        """Return the data key of a stored child that is not erased."""
        with self._lock:
            known = self._known.get(row.lookup)
        if known is None or known.key is None or known.id != row.id:
            known = self.learn(row)
        assert known.key is not None  # the callers ask only for rows that hold one
        return AESGCM(known.key)

    def _all(self, lookups: dict[ChildRef, bytes]) -> dict[ChildRef, VaultChild]:
        with self._lock:
            return {reference: self._get(lookup, reference) for reference, lookup in lookups.items()}

    def _get(self, lookup: bytes, reference: ChildRef) -> VaultChild:
        """Return the known child of a lookup, or a new one."""
        return self._keep(lookup, self._known.get(lookup) or self._made_up(lookup, reference))

    def _keep(self, lookup: bytes, child: VaultChild) -> VaultChild:
        """Keep a child in memory for every caller; the least recently used is forgotten. The lock must be held."""
        self._known[lookup] = child
        self._known.move_to_end(lookup)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return child

    def _made_up(self, lookup: bytes, reference: ChildRef) -> VaultChild:
        """Return a child never seen before: a random id and data key, and the row that would store them."""
        id_, secret = os.urandom(16).hex(), AESGCM.generate_key(256)
        kek_no = self._keys.kek_no
        wrapped = seal(self._keys.kek(kek_no), compact(secret.hex()), ["ledger-key-1", self._ledger, id_])
        sealed = seal(AESGCM(secret), compact(list(reference)), ["ledger-child-1", self._ledger, id_])
        return VaultChild(id_, secret, ChildRow(id_, lookup, kek_no, wrapped, sealed))

"""Proofs: that an entry is in the ledger, and that the ledger only ever grew, under checkpoints that were released.

A proof of any size reads two tiles a level at most: at ten million entries six rows, and the checkpoint.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Collection
from typing import Any, ClassVar, Final, NamedTuple

from application.answers.as_json import Json
from application.merkle_log.epochs import epochs
from application.store import timestamp_rows as stamps
from application.store import tree_rows as tree
from application.store.database import Database
from application.store.logs import Log
from application.store.tree_rows import Rows, SignedCheckpoint
from domain.errors import Behind, Fault, InvalidQuery, LedgerError, NotFound
from domain.merkle import tree as merkle
from domain.merkle.tree import EMPTY_ROOT, Range, Subtree
from domain.moment import from_datetime, rfc3339

_POLL: Final = 0.05
_LEAF: Final = "select leaf_hash"
_TLOG_PROOF: Final = "c2sp.org/tlog-proof@v1"


class NotSealed(Behind):
    """It is recorded, and no checkpoint covers it yet."""


class NoSuchSize(InvalidQuery):
    """A proof is asked for a size that the tree does not have, or that does not reach so far."""

    def __init__(self, detail: str, *names: str) -> None:
        """`names`: the parameters in which the size was given; `size` unless said."""
        super().__init__(detail, tuple(Fault(f"/{name}", detail) for name in names or ("size",)))


class LostInRecovery(LedgerError):
    """It was recorded, and is not there any more: the ledger was recovered from an earlier or another state."""

    reason: ClassVar[str] = "lost-in-recovery"


class Inclusion(NamedTuple):
    """Proof that an entry is under a root, by the hashes next to its path (RFC 9162 section 2.1.3)."""

    position: int
    leaf_hash: bytes
    size: int
    root: bytes
    hashes: list[bytes]
    checkpoint: str | None
    """The signed note over this root; None when none was signed at this size."""

    def answer(self) -> Json:
        """As the contract says it; hashes in hex."""
        document: Json = {
            "position": self.position,
            "leaf_hash": self.leaf_hash.hex(),
            "index": self.position - 1,
            "size": self.size,
            "root": self.root.hex(),
            "hashes": [value.hex() for value in self.hashes],
        }
        return document if self.checkpoint is None else document | {"checkpoint": self.checkpoint}

    def tlog_proof(self) -> str:
        """As a file of the form C2SP tlog-proof; NoSuchSize without a checkpoint."""
        if self.checkpoint is None:
            raise NoSuchSize(
                "no checkpoint was signed at this size, and a tlog-proof needs one; leave size out"
            )
        hashes = [base64.b64encode(value).decode() for value in self.hashes]
        return "\n".join([_TLOG_PROOF, f"index {self.position - 1}", *hashes, "", self.checkpoint])


class Proofs:
    """Proofs of one log's tree."""

    def __init__(self, database: Database, log: Log, name: str) -> None:
        """Say where it is, which log, and the ledger's name."""
        self._rows, self._log, self._name = database.rows, log, name

    def head(self) -> Json:
        """How much is recorded, and how much of it is under the last checkpoint, with that one's root."""
        size, recorded_at, epoch = self._head()
        last = tree.released(self._rows, self._log)
        return {
            "name": self._name,
            "origin": self._log.origin(self._name, epoch),
            "size": size,
            "root": (EMPTY_ROOT if last is None else last.root).hex(),
            "checkpoint_size": 0 if last is None else last.size,
        } | ({} if recorded_at is None else {"recorded_at": rfc3339(from_datetime(recorded_at))})

    def checkpoint(self, *, witnessed: bool = False) -> str:
        """The last checkpoint, as a signed note with the cosignatures that it has; NotSealed before the first.

        `witnessed`: the last of those that a witness has cosigned; NotFound when there is none.
        """
        signed = tree.cosigned(self._rows, self._log) if witnessed else self._last()
        if signed is None:
            raise NotFound("no witness has cosigned a checkpoint")
        return signed.note + tree.cosignatures(self._rows, self._log, signed)

    def timestamp(self, position: int | None) -> Json:
        """The earliest time stamp over a position, with its checkpoint; the latest of all without one. NotFound."""
        rows, log = self._rows, self._log
        found = stamps.last(rows, log) if position is None else stamps.first_over(rows, log, position)
        if found is None:
            raise NotFound("no checkpoint over it has a time stamp")
        return {
            "size": found.size,
            "stamped_at": rfc3339(from_datetime(found.stamped_at)),
            "checkpoint": found.note,
            "reply": base64.b64encode(found.reply).decode(),
        }

    def wait_for(self, position: int, seconds: float) -> bool:
        """Hold until a checkpoint covers a position; False when none does in time."""
        until = time.monotonic() + seconds
        while (last := tree.released(self._rows, self._log)) is None or last.size < position:
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL)
        return True

    def check_not_lost(self, position: int, leaf_hash: bytes | None) -> None:
        """Raise LostInRecovery when the entry of a receipt is not there, because an epoch began below its position.

        Without the hash only positions to which nothing was recorded again can be told. NotFound when the hash is
        of no entry that ever was there.
        """
        query = f"{_LEAF} from {self._log.entries} where position = %s"
        there = [leaf for (leaf,) in self._rows(query, (position,))]
        if (leaf_hash is None and there) or there == [leaf_hash]:
            return
        for epoch in epochs(self._rows)[1:] if self._head()[2] > 1 else ():
            survived = epoch.survived[self._log.number]
            if survived.size < position and (leaf_hash is not None or position <= survived.released):
                raise LostInRecovery(
                    f"The ledger was recovered: earlier entries above position {survived.size} are lost."
                    f" Epoch {epoch.number} began there. Post the event again."
                )
        if leaf_hash is not None and there:
            raise NotFound("the entry at this position has another leaf hash")

    def inclusion(self, positions: Collection[int], size: int | None = None) -> list[Inclusion]:
        """A proof for each position, in the tree of that size; of the last checkpoint's, if none is given.

        Raise NotFound, NotSealed or NoSuchSize.
        """
        checkpoint = self._covering(max(positions), size)
        size = checkpoint.size if size is None else size
        paths = {position: merkle.inclusion(position - 1, size) for position in positions}
        subtrees = {each for path in paths.values() for leaves in path for each in leaves.subtrees()}
        subtrees |= {Subtree(0, position - 1) for position in positions} | {*Range(0, size).subtrees()}
        hash_of = tree.hashes(self._rows, self._log, subtrees)
        root = merkle.root(size, hash_of)
        note = checkpoint.note if checkpoint.size == size else None
        return [
            Inclusion(
                position,
                hash_of(Subtree(0, position - 1)),
                size,
                root,
                [merkle.range_root(leaves, hash_of) for leaves in path],
                note,
            )
            for position, path in paths.items()
        ]

    def consistency(self, first: int, second: int | None) -> Json:
        """That the tree of one size is the beginning of that of another, the last checkpoint's unless given."""
        last = self._last().size
        second = last if second is None else second
        if not first <= second <= last:
            what = f"sizes must be in order, and at most {last}, which is the last checkpoint's"
            raise NoSuchSize(what, "from", "to")
        hashes = consistency(self._rows, self._log, first, second)
        return {"from": first, "to": second, "hashes": [value.hex() for value in hashes]}

    def signed(self, size: int | None = None) -> SignedCheckpoint:
        """The last checkpoint, or the one that was signed at a size; NotSealed, NoSuchSize."""
        last = self._last()
        found = last if size is None else tree.released_at_size(self._rows, self._log, size)
        if found is None:
            raise NoSuchSize("size must be that of a checkpoint, and none was signed at this one")
        return found

    def first_over(self, position: int) -> SignedCheckpoint:
        """The first checkpoint that covers a position; NotSealed when none does yet."""
        found = tree.first_released(self._rows, self._log, position)
        if found is None:
            raise NotSealed(f"no checkpoint covers position {position} of the {self._log.name} log yet")
        return found

    def _covering(self, position: int, size: int | None) -> SignedCheckpoint:
        """The checkpoint of that size, if one was signed, else the last; both cover the position."""
        last = self._last()
        if position > last.size:
            if position > self._head()[0]:
                raise NotFound("there is no entry at this position yet")
            raise NotSealed("no checkpoint covers this entry yet; it takes a second")
        if size is None:
            return last
        if not position <= size <= last.size:
            raise NoSuchSize(
                f"size must be from {position}, the position, to {last.size}, the last checkpoint's"
            )
        return tree.released_at_size(self._rows, self._log, size) or last

    def _last(self) -> SignedCheckpoint:
        last = tree.released(self._rows, self._log)
        if last is None:
            raise NotSealed("no checkpoint was signed yet")
        return last

    def _head(self) -> tuple[int, Any, int]:
        """Position and time of the last entry, and the epoch."""
        query = "select position, recorded_at, epoch from ledger.heads where log = %s"
        [(position, recorded_at, epoch)] = self._rows(query, (self._log.number,))
        return position, recorded_at, epoch


def consistency(rows: Rows, log: Log, first: int, second: int) -> list[bytes]:
    """The hashes of a consistency proof between two sizes that are under a checkpoint; 0 < first <= second."""
    path = merkle.consistency(first, second)
    hash_of = tree.hashes(rows, log, {each for leaves in path for each in leaves.subtrees()})
    return [merkle.range_root(leaves, hash_of) for leaves in path]

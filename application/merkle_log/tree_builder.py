"""The growth of one log's tree, step by step, on a connection that alone may do it.

In each step leaf hashes join the tiles, a checkpoint is signed, and both are committed in one transaction. Then the
note is read back from the committed row, checked, written outside the database, and only then released: shown to
anybody. Killed at any point, the next sealer goes on from what was committed. The database ensures that
no size is signed with two roots: a size has one row, and a tile can grow but not change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import NotANote, Note, Signer
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.epochs import epochs
from application.store import tree_rows as tree
from application.store.clock import now
from application.store.logs import Log, read_origin
from application.store.standby import confirm, require_standby
from application.store.tree_rows import SignedCheckpoint
from domain.errors import LedgerError
from domain.merkle import tree as merkle
from domain.merkle.tiles import Tile, edge, grown, hash_of
from domain.merkle.tree import HASH_SIZE, Range

MOST: Final = 65_536
"""Leaves that one step takes at most."""
_LEAVES: Final = "select string_agg(leaf_hash, '' order by position)"
_BETWEEN: Final = "where position > %s and position <= %s"
_SEAL: Final = "select ledger.seal(%s::smallint, %s, %s, %s, %s, %s::smallint[], %s::bigint[], %s::bytea[])"
Signers = Callable[[int], Signer]
"""Who signs in an epoch; KeysUnusable when its key is not here."""


class SealingRefused(LedgerError):
    """The database does not hold what was released from it: nothing is signed until a person has examined it."""


class DatabaseRolledBack(SealingRefused):
    """The database came back shorter or different than it was released: only reading goes on, until it is recovered."""


class TreeBuilder:
    """A log's tree, about to grow. Raise Refuses at once when the database is not the one that was sealed before."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        signers: Signers,
        outside: CheckpointFile,
        *,
        standby: bool = False,
    ) -> None:
        """`standby`: seal and release nothing that a synchronous standby does not have."""
        self._standby = standby
        self._connection, self._log, self._signers, self._outside = connection, log, signers, outside
        self._rows = tree.rows_of(connection)
        [(self._epoch,)] = self._rows("select epoch from ledger.heads where log = %s", (log.number,))
        self._signer = signers(self._epoch)
        self._compare()

    def step(self) -> int:
        """Release what was committed before, then seal what is new; how many entries that were."""
        last = self._release()
        before = 0 if last is None else last.size
        [(position,)] = self._rows("select position from ledger.heads where log = %s", (self._log.number,))
        size = min(position, before + MOST)
        if size <= before:
            return 0
        if self._standby:
            require_standby(self._connection)
        self._grow(before, size)
        self._release()
        return int(size - before)

    def _grow(self, before: int, size: int) -> None:
        """Read the leaves, let the tiles grow, sign, and commit all of it or nothing."""
        held = tree.tiles(self._rows, self._log, edge(before))
        fresh = grown(before, self._leaves(before, size), held)

        def hashes_in(tile: Tile) -> bytes:
            return fresh[tile] if tile in fresh else held(tile)

        root = merkle.root(size, lambda subtree: hash_of(subtree, hashes_in))
        text = Checkpoint(self._signer.name, size, root).text
        note = f"{text}\n{''.join(signer.line(text) for signer in self._signing(before, size))}"
        columns = [tile.level for tile in fresh], [tile.number for tile in fresh], list(fresh.values())
        self._connection.execute(_SEAL, (self._log.number, before, size, root, note, *columns))

    def _signing(self, before: int, size: int) -> list[Signer]:
        """Who signs at that size, by the ledger's own entries; Refuses when it is founded with, or has, other keys."""
        there = [each for each in epochs(self._rows) if each.number == self._epoch]
        held = {signer.verifier: signer for signer in self._signers(self._epoch).each()}
        if [each.verifiers(self._log)[0] for each in there] != [self._signer.verifier]:
            raise SealingRefused("the ledger, or its epoch, began with another name or key than those given")
        wanted = there[0].signing(self._log, before, size, now())
        if any(verifier not in held for verifier in wanted):
            raise SealingRefused(
                "the secrets file lacks the signing key that an entry names. Copy the file from"
                " where `ledger keys rotate` ran"
            )
        return [held[verifier] for verifier in wanted]

    def _leaves(self, before: int, size: int) -> bytes:
        [(leaves,)] = self._rows(f"{_LEAVES} from {self._log.entries} {_BETWEEN}", (before, size))
        if len(leaves or b"") != (size - before) * HASH_SIZE:
            raise SealingRefused(
                f"entries are missing between positions {before + 1} and {size}; see `ledger verify`"
            )
        return bytes(leaves)

    def _release(self) -> SignedCheckpoint | None:
        """Show the last checkpoint to others, if that is still to be done: it is kept outside before. Give it."""
        last = tree.signed(self._rows, self._log)
        if last is not None and last.epoch == self._epoch and not last.is_released:
            self._check_signed(last)
            if self._standby:
                confirm(self._connection)
            self._outside.write(last.note)
            self._connection.execute(
                "select ledger.released(%s::smallint, %s, %s)", (self._log.number, last.epoch, last.size)
            )
        return last

    def _check_signed(self, row: SignedCheckpoint) -> None:
        """Check that the committed row is what we would sign."""
        checkpoint = Checkpoint(self._signers(row.epoch).name, row.size, row.root)
        if self._read(row.note, "the checkpoint in the database") != (checkpoint, row.epoch):
            raise SealingRefused(
                f"the checkpoint of size {row.size} in the database does not say what its row says"
            )

    def _read(self, note: str, what: str) -> tuple[Checkpoint, int]:
        """A checkpoint that we signed, and in which epoch."""
        try:
            read = Note.read(note)
            checkpoint = Checkpoint.read(read)
            origin = read_origin(checkpoint.origin)
            if origin is not None:
                signer = self._signers(origin.epoch)
                if checkpoint.origin == signer.name and any(
                    each.verifier.signed(read) for each in signer.each()
                ):
                    return checkpoint, origin.epoch
        except NotANote:
            pass
        raise SealingRefused(f"{what} is not signed with the key given, in the name {self._signer.name}")

    def _compare(self) -> None:
        """The database holds what was last released, as it is known outside it."""
        note, last = self._outside.read(), tree.signed(self._rows, self._log)
        if last is not None:
            self._check_signed(last)
        if note is None:
            return  # the first sealer on this host: from here on it knows
        kept, epoch = self._read(note, f"the checkpoint kept in {self._outside.path}")
        if epoch < self._epoch:
            return  # it is what the ledger recovered from; see its entry
        size = 0 if last is None else last.size
        if epoch > self._epoch:
            raise DatabaseRolledBack(
                f"the database is an earlier state, of epoch {self._epoch}."
                f" Epoch {epoch} has begun ({self._outside.path})"
            )
        if size < kept.size:
            raise DatabaseRolledBack(
                f"the database is an earlier state, sealed up to {size} entries."
                f" {kept.size} were released before ({self._outside.path})"
            )
        leaves = Range(0, kept.size)
        if merkle.root(kept.size, tree.hashes(self._rows, self._log, leaves.subtrees())) != kept.root:
            raise DatabaseRolledBack(
                f"the first {kept.size} entries are not those that were sealed before ({self._outside.path})"
            )

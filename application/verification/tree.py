"""The tree and its checkpoints in the database, against the tree that the lines give.

All checkpoints are compared with the roots of one tree that only grows, and so are consistent with each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import NotANote, Note
from application.merkle_log.rebuilt_tree import RebuiltTree
from application.store import tree_rows as tree
from application.store.logs import Log
from application.verification.discrepancies import Discrepancies
from application.verification.entries import Leaves
from application.verification.epoch_history import EpochHistory
from domain.merkle.tiles import WIDTH, Tile, edge, full
from domain.merkle.tree import HASH_SIZE

_CHECKPOINTS: Final = """
select size, epoch, root, note from ledger.checkpoints where log = %s and size > %s and size <= %s
"""
_TILES: Final = "select count(*) from ledger.tiles where log = %s"


class TreeCheck:
    """Compares as the leaves come: tiles when they are full, each checkpoint at its size."""

    def __init__(
        self, connection: psycopg.Connection[Any], log: Log, findings: Discrepancies, history: EpochHistory
    ) -> None:
        """`history`: whose signature the checkpoints of each epoch must have, as far as anyone knows."""
        self._rows, self._log, self._findings = tree.rows_of(connection), log, findings
        self._history = history
        last = tree.signed(self._rows, log)
        self.sealed = 0 if last is None else last.size
        """So many entries are under the last checkpoint."""
        self.checkpoints = 0
        """So many were compared."""
        self._before = 0
        """The size of the checkpoint that was compared last."""
        self._tiles = 0
        self.rebuilt = RebuiltTree()

    def begin(self, kept: Checkpoint) -> int:
        """Take what a checkpoint covers as read, since the stored tiles lead to its root; the entries that it covers.

        None, when they do not: then all must be read, to say which entry disagrees.
        """
        try:
            tiles = tree.stored_tiles(self._rows, self._log, edge(kept.size))
            rebuilt = RebuiltTree.at(kept.size, tiles)
            if kept.size > self.sealed or rebuilt.root() != kept.root:
                return 0
        except LookupError:
            return 0
        self.rebuilt, self._before, self._tiles = rebuilt, kept.size, full(kept.size)
        self._check_tiles(kept.size)
        return kept.size

    def take(self, leaves: Leaves, kept: Checkpoint | None) -> None:
        """Grow by a page of leaves, and compare; stops for good before the first leaf that is missing.

        `kept`: a checkpoint from elsewhere, compared like our own when the tree reaches its size.
        """
        before = self.rebuilt.size
        end = before + sum(position == size for size, position in enumerate(leaves.positions, before + 1))
        signed = self._signed_within(before, end)
        for size in sorted(
            {*signed, *self._history.roots, end, self.sealed, 0 if kept is None else kept.size}
        ):
            if before < size <= end:
                self.rebuilt.add(leaves.hashes[self.rebuilt.size - before : size - before])
                self._reached(size, signed.get(size, ()), kept)

    def _signed_within(self, before: int, end: int) -> dict[int, list[tuple[int, bytes, str]]]:
        """The checkpoints of more leaves than before and at most as many as at the end, by their size."""
        found: dict[int, list[tuple[int, bytes, str]]] = {}
        for size, epoch, root, note in self._rows(_CHECKPOINTS, (self._log.number, before, end)):
            found.setdefault(size, []).append((epoch, root, note))
        return found

    def _reached(self, size: int, signed: Sequence[tuple[int, bytes, str]], kept: Checkpoint | None) -> None:
        """Compare what is said of the tree at this size."""
        for epoch, root, note in signed:
            self._compare(size, epoch, root, note)
        if size in self._history.roots:
            self._findings.compare("epoch", size, self.rebuilt.root(), self._history.roots[size])
        if kept is not None and kept.size == size:
            self._findings.compare("against", size, kept.root, self.rebuilt.root())
        self._check_tiles(size)

    def _check_tiles(self, size: int) -> None:
        """Compare what became full on the way to this size; at the end of what is sealed all that is there."""
        finished = self.rebuilt.finished()
        if size < self.sealed:
            self._compare_tiles(finished)
        elif size == self.sealed:
            self._compare_tiles({**finished, **self.rebuilt.unfinished()})
            [(count,)] = self._rows(_TILES, (self._log.number,))
            self._findings.compare("tile", size, f"{self._tiles} tiles", f"{count} tiles")

    def _compare(self, size: int, epoch: int, root: bytes, note: str) -> None:
        """A row of what was signed: its root, what the note says, and whose signature it has."""
        self.checkpoints += 1
        before, self._before = self._before, size
        ours = self.rebuilt.root()
        agrees = self._findings.compare("checkpoint", size, ours, root)
        if not self._history.verifiers:
            return
        try:
            read = Note.read(note)
            checkpoint = Checkpoint.read(read)
        except NotANote as error:
            self._findings.add("checkpoint", size, "a checkpoint", error.detail)
            return
        if epoch not in self._history.verifiers:
            self._findings.add(
                "signature", size, f"a key of epoch {epoch}", f"epoch {epoch}, which no entry began"
            )
            return
        name = self._history.verifiers[epoch][0].name
        if agrees:  # else it is said already
            self._findings.compare("checkpoint", size, Checkpoint(name, size, ours), checkpoint)
        for verifier in self._history.unsigned(read, epoch, before, size):
            self._findings.add("signature", size, f"the signature of {verifier}", "none that is valid")

    def _compare_tiles(self, expected: Mapping[Tile, bytes]) -> None:
        """Tiles as the lines give them, with those that are stored."""
        self._tiles += len(expected)
        stored = tree.stored_tiles(self._rows, self._log, expected)
        for tile, hashes in expected.items():
            if stored.get(tile) != hashes:
                self._tell(tile, hashes, stored.get(tile, b""))

    def _tell(self, tile: Tile, expected: bytes, found: bytes) -> None:
        """The last entry under the first hash of a tile that differs: before it, that hash is not complete."""
        ours, theirs = _hashes(expected), _hashes(found)
        at = next((n for n, value in enumerate(ours) if theirs[n : n + 1] != [value]), len(ours))
        position = (tile.number * WIDTH + at + 1) * WIDTH**tile.level
        values = [", ".join(value.hex() for value in side[at : at + 1]) or "none" for side in (ours, theirs)]
        self._findings.add("tile", position, *values)


def _hashes(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]

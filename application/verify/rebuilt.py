"""The tree as the lines themselves give it, leaf by leaf, to compare with what is stored of it."""

from __future__ import annotations

from domain.merkle import EMPTY_ROOT, HASH_SIZE, joined, node_hash
from domain.tiles import HEIGHT, WIDTH, Tile

_FULL = WIDTH * HASH_SIZE


class RebuiltTree:
    """Holds the right edge only: a hash for each bit of its size, and the unfinished tile of each level."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []
        self._tiles: list[bytearray] = []
        self._full: dict[Tile, bytes] = {}

    def add(self, leaf: bytes) -> None:
        """One more leaf hash."""
        self._to_tile(0, leaf)
        level, size = 0, self.size
        while size & 1:  # two subtrees of one level are one of the next
            leaf = node_hash(self._subtrees.pop(), leaf)
            level, size = level + 1, size >> 1
            if level % HEIGHT == 0:
                self._to_tile(level // HEIGHT, leaf)
        self._subtrees.append(leaf)
        self.size += 1

    def _to_tile(self, level: int, value: bytes) -> None:
        if level == len(self._tiles):
            self._tiles.append(bytearray())
        tile = self._tiles[level]
        tile += value
        if len(tile) == _FULL:
            number = self.size // WIDTH ** (level + 1)
            self._full[Tile(level, number)] = bytes(tile)
            tile.clear()

    def root(self) -> bytes:
        """The root at this size."""
        return joined(self._subtrees) if self.size else EMPTY_ROOT

    def finished(self) -> dict[Tile, bytes]:
        """The tiles that became full since this was asked last."""
        full, self._full = self._full, {}
        return full

    def unfinished(self) -> dict[Tile, bytes]:
        """The tiles at the edge that are not full."""
        return {
            Tile(level, self.size // WIDTH ** (level + 1)): bytes(tile)
            for level, tile in enumerate(self._tiles)
            if tile
        }

"""The tree as the lines themselves give it, to compare with what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from domain.merkle import tree as merkle
from domain.merkle.tiles import WIDTH, Tile, edge, grown, hash_of, is_full
from domain.merkle.tree import HASH_SIZE


class RebuiltTree:
    """Holds the right edge only, a tile for each level, and the tiles that were not asked for yet."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: dict[Tile, bytes] = {}
        self._full: dict[Tile, bytes] = {}

    @classmethod
    def at(cls, size: int, stored: Mapping[Tile, bytes]) -> Self:
        """As it is at a size, by tiles that may have grown since; LookupError when one that it needs is not there."""
        rebuilt = cls()
        rebuilt.size = size
        held = {tile: size // WIDTH**tile.level % WIDTH * HASH_SIZE for tile in edge(size)}
        rebuilt._edge = {tile: stored[tile][:length] for tile, length in held.items()}
        return rebuilt

    def add(self, leaves: Sequence[bytes]) -> None:
        """Some more leaf hashes."""
        fresh = grown(self.size, b"".join(leaves), self._edge.__getitem__)
        self._full |= {tile: hashes for tile, hashes in fresh.items() if is_full(hashes)}
        self.size += len(leaves)
        self._edge = {tile: fresh.get(tile) or self._edge[tile] for tile in edge(self.size)}

    def root(self) -> bytes:
        """The root at this size."""
        return merkle.root(self.size, lambda subtree: hash_of(subtree, self._edge.__getitem__))

    def finished(self) -> dict[Tile, bytes]:
        """The tiles that became full since this was asked last."""
        full, self._full = self._full, {}
        return full

    def unfinished(self) -> dict[Tile, bytes]:
        """The tiles at the edge that are not full."""
        return dict(self._edge)

"""A tree in memory for tests: leaves join it, its hashes come from tiles as they do from the database."""

from __future__ import annotations

from collections.abc import Iterable

from domain.merkle import tiles
from domain.merkle import tree as merkle
from domain.merkle.tree import Range, Subtree


class GrowingTree:
    """Tiles in a dictionary, grown in as many steps as one likes."""

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self.size, self.tiles = 0, {}
        self.grow(lines)

    def grow(self, lines: Iterable[bytes]) -> None:
        """Let the lines join as leaves, in one step."""
        leaves = [merkle.leaf_hash(line) for line in lines]
        self.tiles |= tiles.grown(self.size, b"".join(leaves), self.tiles.__getitem__)
        self.size += len(leaves)

    def hash_of(self, subtree: Subtree) -> bytes:
        """The hash of a complete subtree."""
        return tiles.hash_of(subtree, self.tiles.__getitem__)

    def root(self, size: int | None = None) -> bytes:
        """The root at a size; at the present one, if none is given."""
        return merkle.root(self.size if size is None else size, self.hash_of)

    def roots(self, ranges: Iterable[Range]) -> list[bytes]:
        """The hashes of a proof."""
        return [merkle.range_root(leaves, self.hash_of) for leaves in ranges]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """An inclusion proof."""
        return self.roots(merkle.inclusion(index, size))

    def consistency(self, first: int, second: int) -> list[bytes]:
        """A consistency proof."""
        return self.roots(merkle.consistency(first, second))

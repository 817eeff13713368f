"""Tiles: the tree's hashes in pieces of 256, so that a proof needs a handful of them at any size.

A tile of level L holds the hashes of complete subtrees of 256**L leaves each (the form of C2SP tlog-tiles). Level 0
holds the leaf hashes, level 1 the roots of full tiles of level 0, and so on. A tile only ever grows at its end; a
full one never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from domain.merkle.tree import HASH_SIZE, Subtree

WIDTH: Final = 256
"""Hashes that a full tile holds."""
HEIGHT: Final = WIDTH.bit_length() - 1
"""Levels of the tree from one level of tiles to the next."""
_FULL: Final = WIDTH * HASH_SIZE


class Tile(NamedTuple):
    """The name of a tile: the `number`-th of its level, both from 0."""

    level: int
    number: int


HashesIn = Callable[[Tile], bytes]
"""A function that gives a tile's hashes, one after the other."""


def tile_of(subtree: Subtree) -> Tile:
    """Return the one tile from which the hash of a complete subtree can be made."""
    level, above = divmod(subtree.level, HEIGHT)
    return Tile(level, (subtree.number << above) // WIDTH)


def hash_of(subtree: Subtree, hashes_in: HashesIn) -> bytes:
    """Return the hash of a complete subtree; raise LookupError when its tile does not reach so far."""
    above = subtree.level % HEIGHT
    start = (subtree.number << above) % WIDTH * HASH_SIZE
    hashes = hashes_in(tile_of(subtree))[start : start + (HASH_SIZE << above)]
    if len(hashes) != HASH_SIZE << above:
        raise LookupError(f"the tile {tile_of(subtree)} holds no hash of {subtree}")
    return _root(hashes)


def is_full(hashes: bytes) -> bool:
    """Return whether a tile with these hashes is full, and so never changes again."""
    return len(hashes) == _FULL


def edge(size: int) -> Iterator[Tile]:
    """Yield the tiles at the right edge of a tree, one a level, that the next leaf may lengthen."""
    level = 0
    while size:
        if size % WIDTH:
            yield Tile(level, size // WIDTH)
        level, size = level + 1, size // WIDTH


def full(size: int) -> int:
    """Return how many tiles of a tree of that size are full."""
    tiles = 0
    while size := size // WIDTH:
        tiles += size
    return tiles


def grown(size: int, leaves: bytes, hashes_in: HashesIn) -> dict[Tile, bytes]:
    """Return the tiles that are new or longer when leaf hashes, one after the other, join a tree of that size.

    `hashes_in` is asked for the `edge` of the tree before.
    """
    changed: dict[Tile, bytes] = {}
    level, fresh = 0, leaves
    while fresh:
        number, held = divmod(size, WIDTH)
        hashes = (hashes_in(Tile(level, number))[: held * HASH_SIZE] if held else b"") + fresh
        pieces = [hashes[at : at + _FULL] for at in range(0, len(hashes), _FULL)]
        changed |= {Tile(level, number + n): piece for n, piece in enumerate(pieces)}
        fresh = b"".join(_root(piece) for piece in pieces if is_full(piece))
        level, size = level + 1, size // WIDTH
    return changed


def tiles_of(subtrees: Iterable[Subtree]) -> set[Tile]:
    """Return the tiles that the hashes of these subtrees are made from."""
    return {tile_of(subtree) for subtree in subtrees}


def _root(hashes: bytes) -> bytes:
    """Return the root over a power of two of hashes."""
    while len(hashes) > HASH_SIZE:
        pairs = range(0, len(hashes), 2 * HASH_SIZE)
        hashes = b"".join(sha256(b"\1" + hashes[at : at + 2 * HASH_SIZE]).digest() for at in pairs)
    return hashes

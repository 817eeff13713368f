"""The Merkle tree over leaf hashes, its proofs and their check (RFC 9162 section 2.1, SHA-256; as RFC 6962).

A tree of any size is made of **complete** subtrees, which never change again, however much it grows. So every
proof is a list of ranges of leaves, and the root of a range is joined from few complete subtrees. A store of their
hashes may have grown since: the proof is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from hashlib import sha256
from typing import Final, NamedTuple

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


class Subtree(NamedTuple):
    """A complete subtree: of 2**level leaves, the `number`-th of its level from the left, both from 0."""

    level: int
    number: int


class Range(NamedTuple):
    """The leaves from `start` to before `end`, as the tree's own splitting gives them."""

    start: int
    end: int

    def subtrees(self) -> Iterator[Subtree]:
        """Yield the complete subtrees that it is joined from, left to right, each smaller than the one before."""
        start = self.start
        while start < self.end:
            level = (self.end - start).bit_length() - 1
            yield Subtree(level, start >> level)
            start += 1 << level

    def halves(self) -> tuple[Range, Range]:
        """Return the two parts whose roots are hashed together; the left is the largest power of two below its size."""
        middle = self.start + (1 << (self.end - self.start - 1).bit_length() - 1)
        return Range(self.start, middle), Range(middle, self.end)


HashOf = Callable[[Subtree], bytes]
"""A function that gives the hash of a complete subtree."""


def leaf_hash(line: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over a zero byte and the stored line."""
    return sha256(b"\0" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


def root(size: int, hash_of: HashOf) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return range_root(Range(0, size), hash_of) if size else EMPTY_ROOT


def range_root(leaves: Range, hash_of: HashOf) -> bytes:
    """Return the root over a range of at least one leaf."""
    return joined([hash_of(subtree) for subtree in leaves.subtrees()])


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the root over subtrees that stand side by side, each smaller than the one before."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that the leaf `index` is in the tree of that size, from the leaf up.

    Raise ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path, around = [], Range(0, size)
    while around.end - around.start > 1:
        left, right = around.halves()
        around, beside = (left, right) if index < left.end else (right, left)
        path.append(beside)
    return path[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """Return the ranges whose roots prove that the tree of `first` leaves is the beginning of that of `second`.

    Raise ValueError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"a tree of {first} leaves is not the beginning of one of {second}")
    path, around = [], Range(0, second)
    while around.end != first:
        left, right = around.halves()
        around, beside = (left, right) if first <= left.end else (right, left)
        path.append(beside)
    return [*([around] if around.start else []), *path[::-1]]


def proves_inclusion(leaf: bytes, index: int, size: int, hashes: Sequence[bytes], expected: bytes) -> bool:
    """Return whether the hashes prove that the leaf is number `index` (from 0) of the tree with the expected root."""
    if not 0 <= index < size or not _all_hashes(leaf, *hashes):
        return False
    path = inclusion(index, size)
    return len(path) == len(hashes) and _climbed(leaf, index, path, hashes) == expected


def proves_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, hashes: Sequence[bytes]
) -> bool:
    """Return whether the hashes prove that the tree with the first root is the beginning of that with the second."""
    if not 0 < first <= second or not _all_hashes(first_root, second_root, *hashes):
        return False
    path = consistency(first, second)
    if len(path) != len(hashes):
        return False
    begin = first_root
    if path and path[0].end == first:  # the last subtree of the first tree is not the whole of it
        begin, path, hashes = hashes[0], path[1:], hashes[1:]
    older = [(leaves, beside) for leaves, beside in zip(path, hashes, strict=True) if leaves.end <= first]
    was = reduce(lambda right, pair: node_hash(pair[1], right), older, begin)
    return was == first_root and _climbed(begin, first - 1, path, hashes) == second_root


def _climbed(begin: bytes, index: int, path: Sequence[Range], hashes: Sequence[bytes]) -> bytes:
    """Return the root reached from a subtree that holds the leaf `index`, by the neighbouring roots at each step."""
    reached = begin
    for leaves, beside in zip(path, hashes, strict=True):
        reached = node_hash(beside, reached) if leaves.end <= index else node_hash(reached, beside)
    return reached


def _all_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)

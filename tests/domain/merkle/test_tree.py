"""The tree: RFC vectors, laws at any size, and another's implementation, which must agree with every proof."""

from __future__ import annotations

import pytest
import scitt_cose
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.merkle import tiles
from domain.merkle import tree as merkle
from domain.merkle.tiles import Tile
from domain.merkle.tree import (
    EMPTY_ROOT,
    Range,
    consistency,
    inclusion,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)
from tests.support.memory_tree import GrowingTree

VECTORS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The leaves of RFC 6962's own test suite, and the root of the first one, the first two, and so on."""
TREE = GrowingTree(b"%d" % n for n in range(70_000))
"""Three levels of tiles, none of which is full at its end."""
SIZES = st.one_of(st.integers(1, TREE.size), st.integers(1, 600), st.sampled_from([256, 257, 65_536, 65_537]))


def pair(draw):
    """Two sizes in order."""
    return sorted((draw(SIZES), draw(SIZES)))


def test_the_roots_of_the_rfcs_vectors():
    tree = GrowingTree()
    assert tree.root() == EMPTY_ROOT
    for line, root in zip(VECTORS, ROOTS, strict=True):
        tree.grow([bytes.fromhex(line)])
        assert tree.root().hex() == root


def test_the_proofs_of_the_rfcs_example():
    """RFC 9162 section 2.1.5: the tree of seven leaves, by the names that its drawing gives."""
    a, b, c, d, f = (Range(n, n + 1) for n in (0, 1, 2, 3, 5))
    g, h, i, j, k, l = Range(0, 2), Range(2, 4), Range(4, 6), Range(6, 7), Range(0, 4), Range(4, 7)  # noqa: E741
    assert inclusion(0, 7) == [b, h, l]
    assert inclusion(1, 7) == [a, h, l]
    assert inclusion(3, 7) == [c, g, l]
    assert inclusion(4, 7) == [f, j, k]
    assert inclusion(6, 7) == [i, k]
    assert consistency(3, 7) == [c, d, g, l]
    assert consistency(4, 7) == [l]
    assert consistency(6, 7) == [i, j, k]


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=8), max_size=70), st.data())
def test_another_implementation_agrees(lines, data):
    tree, sent = GrowingTree(lines), [line.hex() for line in lines]
    assert tree.root().hex() == scitt_cose.merkle_root(sent)
    if not lines:
        return
    first, second = sorted((data.draw(st.integers(1, tree.size)), data.draw(st.integers(1, tree.size))))
    roots = [scitt_cose.merkle_root(sent[:size]) for size in (first, second)]
    path = [value.hex() for value in tree.consistency(first, second)]
    assert scitt_cose.verify_consistency(*roots, first, second, path)
    path = [value.hex() for value in tree.inclusion(first - 1, second)]
    assert scitt_cose.verify_inclusion(sent[first - 1], first - 1, second, path, roots[1])


@given(st.data())
def test_every_leaf_is_proved_at_every_size_that_has_it(data):
    position, size = pair(data.draw)
    leaf, hashes = leaf_hash(b"%d" % (position - 1)), TREE.inclusion(position - 1, size)
    assert proves_inclusion(leaf, position - 1, size, hashes, TREE.root(size))


@given(st.data())
def test_every_tree_is_proved_to_be_the_beginning_of_every_later_one(data):
    first, second = pair(data.draw)
    hashes = TREE.consistency(first, second)
    assert proves_consistency(first, TREE.root(first), second, TREE.root(second), hashes)


@given(st.data())
def test_it_does_not_matter_in_which_steps_a_tree_grows(data):
    lines, tree = [b"%d" % n for n in range(data.draw(st.integers(0, 1200)))], GrowingTree()
    while len(lines) > tree.size:
        tree.grow(lines[tree.size : tree.size + data.draw(st.integers(1, 700))])
    assert tree.tiles == GrowingTree(lines).tiles
    assert tree.root() == TREE.root(tree.size)


@given(st.data())
def test_a_proof_reads_two_tiles_a_level_at_most(data):
    position, size = pair(data.draw)
    ranges = [Range(0, size), *inclusion(position - 1, size), *consistency(position, size)]
    read = tiles.tiles_of(subtree for leaves in ranges for subtree in leaves.subtrees())
    levels = {tile.level for tile in read}
    assert all(len([tile for tile in read if tile.level == level]) <= 2 for level in levels)
    assert len(levels) <= 3


def forgeries(draw, hashes, foreign=b"\x17" * 32):
    """The same hashes, with one thing done to them that no proof survives."""
    at = draw(st.integers(0, len(hashes)))
    changed = [[*hashes[:at], foreign, *hashes[at:]], [*hashes, b""], [*hashes, b"\0" * 31]]
    if hashes:
        at %= len(hashes)
        flipped = bytes([hashes[at][0] ^ 1]) + hashes[at][1:]
        changed += [[*hashes[:at], flipped, *hashes[at + 1 :]], hashes[:at] + hashes[at + 1 :]]
        changed.append([*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]])
    if len(set(hashes)) > 1:
        changed.append(hashes[::-1])
    return draw(st.sampled_from(changed))


@given(st.data())
def test_a_forged_inclusion_proves_nothing(data):
    position, size = pair(data.draw)
    index, root = position - 1, TREE.root(size)
    leaf, hashes = leaf_hash(b"%d" % index), TREE.inclusion(index, size)
    assert not proves_inclusion(leaf, index, size, forgeries(data.draw, hashes), root)
    assert not proves_inclusion(leaf_hash(b"another"), index, size, hashes, root)
    assert not proves_inclusion(leaf[:-1], index, size, hashes, root)
    assert not proves_inclusion(leaf, index, size, hashes, leaf_hash(b"another"))
    elsewhere = data.draw(st.integers(-2, size + 2).filter(lambda other: other != index))
    assert not proves_inclusion(leaf, elsewhere, size, hashes, root)


@given(st.data())
def test_a_forged_consistency_proves_nothing(data):
    first, second = pair(data.draw)
    roots, hashes = (TREE.root(first), TREE.root(second)), TREE.consistency(first, second)
    assert not proves_consistency(first, roots[0], second, roots[1], forgeries(data.draw, hashes))
    for root in roots:
        other = leaf_hash(root)
        assert not proves_consistency(first, other, second, roots[1], hashes)
        assert not proves_consistency(first, roots[0], second, other, hashes)
    assert not proves_consistency(0, EMPTY_ROOT, second, roots[1], hashes)
    assert not proves_consistency(second + 1, roots[0], second, roots[1], hashes)


def test_two_trees_of_one_size_are_the_same_or_inconsistent():
    assert proves_consistency(700, TREE.root(700), 700, TREE.root(700), [])
    assert not proves_consistency(700, TREE.root(700), 700, TREE.root(701), [])


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (6, 5), (-1, 5)])
def test_there_is_no_proof_of_what_is_no_beginning(first, second):
    with pytest.raises(ValueError, match="not the beginning"):
        consistency(first, second)


def test_a_tile_that_is_too_short_is_noticed():
    short = {tile: hashes[:-32] for tile, hashes in GrowingTree([b"a", b"b", b"c"]).tiles.items()}
    with pytest.raises(LookupError, match="holds no hash"):
        merkle.root(3, lambda subtree: tiles.hash_of(subtree, short.__getitem__))


def test_only_the_edge_is_asked_for_when_a_tree_grows():
    for size in (0, 1, 255, 256, 257, 65_535, 65_536, 69_999):
        asked: list[Tile] = []
        tiles.grown(size, b"\0" * 32, lambda tile, asked=asked: asked.append(tile) or TREE.tiles[tile])
        assert set(asked) <= set(tiles.edge(size))

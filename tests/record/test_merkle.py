"""The tree of RFC 6962, by its own definition and by every proof up to 130 leaves."""

from __future__ import annotations

import hashlib

import pytest

from forestall.record import merkle

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(130)]
# From the reference implementation's published vectors for these eight leaves.
VECTORS = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
           b"\x50\x51\x52\x53\x54\x55\x56\x57", b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_L12_the_roots_are_those_of_the_published_vectors() -> None:
    hashes = [merkle.leaf_hash(data) for data in VECTORS]

    assert {size: merkle.root(hashes[:size]).hex() for size in ROOTS} == ROOTS
    assert merkle.root([]) == hashlib.sha256(b"").digest()


def test_L12_appending_one_by_one_gives_the_root_of_the_whole() -> None:
    frontier: list[bytes] = []
    for size, leaf in enumerate(LEAVES):
        frontier = merkle.append(frontier, size=size, leaf=leaf)
        assert merkle.frontier_root(frontier) == merkle.root(LEAVES[: size + 1])


def test_L12_every_inclusion_proof_holds_and_no_other_leaf_passes() -> None:
    for size in (1, 2, 3, 4, 7, 8, 33, 64, 130):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(LEAVES[:size], index)
            assert merkle.verify_inclusion(proof, leaf=LEAVES[index], index=index, size=size, root_hash=root)
            assert not merkle.verify_inclusion(
                proof, leaf=LEAVES[(index + 1) % 130], index=index, size=size, root_hash=root
            )
            if proof:
                assert not merkle.verify_inclusion(
                    proof[:-1], leaf=LEAVES[index], index=index, size=size, root_hash=root
                )
            assert not merkle.verify_inclusion(
                [*proof, root], leaf=LEAVES[index], index=index, size=size, root_hash=root
            )


def test_L12_every_consistency_proof_holds_and_no_shorter_one_passes() -> None:
    roots = [merkle.root(LEAVES[:size]) for size in range(131)]
    for newer in range(1, 131):
        for older in range(1, newer + 1):
            proof = merkle.consistency_proof(LEAVES[:newer], older)
            holds = merkle.verify_consistency(
                proof, older=older, older_root=roots[older], newer=newer, newer_root=roots[newer]
            )
            forged = merkle.verify_consistency(
                proof, older=older, older_root=roots[older - 1], newer=newer, newer_root=roots[newer]
            )
            longer = merkle.verify_consistency(
                [*proof, roots[1]], older=older, older_root=roots[older], newer=newer, newer_root=roots[newer]
            )
            assert holds and not forged and not longer, (older, newer)


def test_L12_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = LEAVES[0], LEAVES[1]

    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES[:3], index)


@pytest.mark.parametrize("older", [0, 4])
def test_there_is_no_proof_from_a_tree_that_is_none_or_longer(older: int) -> None:
    with pytest.raises(ValueError, match=str(older)):
        merkle.consistency_proof(LEAVES[:3], older)


def test_the_empty_tree_has_the_root_that_the_standard_gives_it() -> None:
    assert merkle.root([]) == merkle.frontier_root([]) == hashlib.sha256(b"").digest()


def test_a_proof_for_another_size_or_with_too_much_in_it_shows_nothing() -> None:
    proof = merkle.inclusion_proof(LEAVES[:3], 1)
    root = merkle.root(LEAVES[:3])
    assert merkle.verify_inclusion(proof, leaf=LEAVES[1], index=1, size=3, root_hash=root)
    assert not merkle.verify_inclusion(proof, leaf=LEAVES[1], index=3, size=3, root_hash=root)
    assert not merkle.verify_inclusion([*proof, root], leaf=LEAVES[1], index=1, size=3, root_hash=root)


def test_consistency_is_not_shown_by_nothing_nor_backwards() -> None:
    older, newer = merkle.root(LEAVES[:3]), merkle.root(LEAVES[:5])
    assert not merkle.verify_consistency([], older=3, older_root=older, newer=5, newer_root=newer)
    assert not merkle.verify_consistency([], older=5, older_root=newer, newer=3, newer_root=older)
    assert merkle.verify_consistency([], older=3, older_root=older, newer=3, newer_root=older)
    assert not merkle.verify_consistency([older], older=3, older_root=older, newer=3, newer_root=older)

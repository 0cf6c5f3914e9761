"""The tree of RFC 6962, by its own definition and by every proof up to 130 leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from forestall.record import merkle

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(130)]
ROOT_OF = [merkle.root(LEAVES[:size]) for size in range(131)]
STRANGE = hashlib.sha256(b"strange").digest()
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


def others(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Proofs that are not this one: a node more at each end, one less at each end, two swapped, one changed."""
    yield [*proof, STRANGE]
    yield [STRANGE, *proof]
    if proof:
        yield proof[:-1]
        yield proof[1:]
        yield [*proof[:-1], proof[-1][:-1] + bytes([proof[-1][-1] ^ 1])]
        yield [bytes([proof[0][0] ^ 128]) + proof[0][1:], *proof[1:]]
    if len(proof) > 1 and proof[0] != proof[1]:
        yield [proof[1], proof[0], *proof[2:]]


def test_L12_every_inclusion_proof_up_to_130_leaves_holds_and_no_other_does() -> None:
    for size in range(1, 131):
        root = ROOT_OF[size]
        for index in range(size):
            proof, leaf = merkle.inclusion_proof(LEAVES[:size], index), LEAVES[index]
            assert merkle.verify_inclusion(proof, leaf=leaf, index=index, size=size, root_hash=root)
            neighbour = LEAVES[(index + 1) % 130]
            assert not merkle.verify_inclusion(proof, leaf=neighbour, index=index, size=size, root_hash=root)
            assert not merkle.verify_inclusion(proof, leaf=leaf, index=index, size=size, root_hash=STRANGE)
            for elsewhere in {-1, index - 1, index + 1, size} - {index}:
                assert not merkle.verify_inclusion(proof, leaf=leaf, index=elsewhere, size=size, root_hash=root)
            for other in others(proof):
                assert not merkle.verify_inclusion(other, leaf=leaf, index=index, size=size, root_hash=root)


def test_L12_no_proof_passes_under_the_root_of_another_size() -> None:
    for size in (1, 2, 3, 5, 8, 31, 64, 65, 129):
        for index in range(size):
            proof = merkle.inclusion_proof(LEAVES[:size], index)
            for other in {1, size - 1, size + 1, 130} - {size, 0}:
                assert not merkle.verify_inclusion(
                    proof, leaf=LEAVES[index], index=index, size=other, root_hash=ROOT_OF[other]
                )


def test_L12_every_consistency_proof_up_to_130_leaves_holds_and_no_other_does() -> None:
    for newer in range(1, 131):
        for older in range(1, newer + 1):
            proof = merkle.consistency_proof(LEAVES[:newer], older)
            told = {"older": older, "older_root": ROOT_OF[older], "newer": newer, "newer_root": ROOT_OF[newer]}
            assert consistent(proof, told), (older, newer)
            assert not consistent(proof, {**told, "older_root": STRANGE})
            assert not consistent(proof, {**told, "newer_root": STRANGE})
            assert not consistent(proof, {**told, "older": older - 1, "older_root": ROOT_OF[older - 1]})
            if older < newer:
                assert not consistent(proof, {**told, "older": older + 1})
                assert not consistent(proof, {**told, "older": newer, "newer": older})
            for other in others(proof):
                assert not consistent(other, told), (older, newer)


def consistent(proof: list[bytes], told: dict[str, Any]) -> bool:
    return merkle.verify_consistency(proof, **told)


# The proofs that RFC 6962 (section 2.1.3) works out by name, over its tree of seven leaves d0 … d6.
def test_L12_the_proofs_are_those_that_the_standard_works_out() -> None:
    d = [merkle.leaf_hash(b"d%d" % number) for number in range(7)]
    a, b, c, e, f, j = d[0], d[1], d[2], d[3], d[4], d[6]
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, e), merkle.node_hash(f, d[5])
    k, low = merkle.node_hash(g, h), merkle.node_hash(i, j)
    assert merkle.root(d) == merkle.node_hash(k, low)
    assert merkle.inclusion_proof(d, 0) == [b, h, low]
    assert merkle.inclusion_proof(d, 3) == [c, g, low]
    assert merkle.inclusion_proof(d, 4) == [d[5], j, k]
    assert merkle.inclusion_proof(d, 6) == [i, k]
    assert merkle.consistency_proof(d, 3) == [c, e, g, low]
    assert merkle.consistency_proof(d, 4) == [low]
    assert merkle.consistency_proof(d, 6) == [i, j, k]


# From the reference implementation's published vectors: (index, size) and (older, newer), over the eight leaves above.
def test_L12_the_proofs_are_those_of_the_published_vectors() -> None:
    hashes = [merkle.leaf_hash(data) for data in VECTORS]
    for (index, size), proof in INCLUSION.items():
        assert [one.hex() for one in merkle.inclusion_proof(hashes[:size], index)] == proof
    for (older, newer), proof in CONSISTENCY.items():
        assert [one.hex() for one in merkle.consistency_proof(hashes[:newer], older)] == proof


INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def test_L12_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = LEAVES[0], LEAVES[1]

    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
    root = merkle.root(LEAVES[:4])
    inner = left + right  # offered as the data of a leaf, with the rest of the path above it
    assert not merkle.verify_inclusion(
        [merkle.root(LEAVES[2:4])], leaf=merkle.leaf_hash(inner), index=0, size=2, root_hash=root
    )


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

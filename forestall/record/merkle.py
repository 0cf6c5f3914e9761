"""The Merkle tree of RFC 6962 (section 2): roots, inclusion and consistency proofs. Hashes are 32 raw bytes.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right); the root of nothing is SHA-256 of nothing.
A frontier is the list of roots of the perfect subtrees of a tree, largest first: enough to append in O(log n).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(frontier: Sequence[bytes], *, size: int, leaf: bytes) -> list[bytes]:
    """The frontier of a tree of `size` leaves after one more leaf hash."""
    grown, top = list(frontier), leaf
    while size & 1:
        top = node_hash(grown.pop(), top)
        size >>= 1
    return [*grown, top]


def frontier_root(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree that has this frontier."""
    if not frontier:
        return hashlib.sha256(b"").digest()
    root = frontier[-1]
    for subtree in reversed(frontier[:-1]):
        root = node_hash(subtree, root)
    return root


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, by the definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` (from 0). Raises IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def verify_inclusion(proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root_hash: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` of a tree of `size` leaves with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == root_hash


def consistency_proof(leaves: Sequence[bytes], older: int) -> list[bytes]:
    """Proof that the tree of the first `older` leaves is a prefix of this one. Raises ValueError outside 1…n."""
    if not 0 < older <= len(leaves):
        raise ValueError(older)
    return _subproof(leaves, older, whole=True)


def _subproof(leaves: Sequence[bytes], older: int, *, whole: bool) -> list[bytes]:
    if older == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if older <= split:
        return [*_subproof(leaves[:split], older, whole=whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], older - split, whole=False), root(leaves[:split])]


def verify_consistency(
    proof: Sequence[bytes], *, older: int, older_root: bytes, newer: int, newer_root: bytes
) -> bool:
    """Whether `proof` shows the older tree to be a prefix of the newer (RFC 9162, 2.1.4.2)."""
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    path = list(proof)
    if older & (older - 1) == 0:
        path.insert(0, older_root)
    if not path:
        return False
    node, last = older - 1, newer - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and first == older_root and second == newer_root


class Tree:
    """Leaf hashes with every whole subtree over them: as many inclusion proofs as are asked for, from one pass.

    Gives what `inclusion_proof` gives for any size up to its own, in O(log² n) each instead of O(n).
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._whole = [list(leaves)]
        while len(below := self._whole[-1]) > 1:
            self._whole.append([node_hash(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)])

    def inclusion_proof(self, index: int, *, size: int) -> list[bytes]:
        """The audit path of the leaf at `index` in the tree of the first `size` leaves. Raises IndexError outside it."""
        if not 0 <= index < size <= len(self._whole[0]):
            raise IndexError(index)
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return path[::-1]

    def _root(self, start: int, end: int) -> bytes:
        """The root over the leaves from `start` up to `end`; `start` begins a subtree of that length or more."""
        length = end - start
        height = length.bit_length() - 1
        if length == 1 << height:
            return self._whole[height][start >> height]
        middle = start + _split(length)
        return node_hash(self._root(start, middle), self._root(middle, end))


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1

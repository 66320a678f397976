"""The Merkle tree of RFC 9162, section 2.1, with SHA-256. Nothing of Odoo.

The leaves only ever grow in number, so that each day's root covers all days before it.
"""

import hashlib
from collections.abc import Callable, Sequence


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of an entry: SHA-256 over 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees: SHA-256 over 0x01 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


class Frontier:
    """The roots of the complete subtrees on the right edge of a growing tree.

    As many as the size has bits set; with them leaves are added and the root is told
    without the leaves before.
    """

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        if len(roots) != size.bit_count():
            raise ValueError("so many subtrees do not make a tree of this size")
        self.size = size
        self.roots = list(roots)  # the largest first

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        size = self.size
        while size & 1:
            leaf = hash_node(self.roots.pop(), leaf)
            size >>= 1
        self.roots.append(leaf)
        self.size += 1

    def get_root(self) -> bytes:
        """Return the root of the tree, :data:`EMPTY_ROOT` without a leaf."""
        if not self.roots:
            return EMPTY_ROOT
        *others, root = self.roots
        for left in reversed(others):
            root = hash_node(left, root)
        return root


def get_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.get_root()


def get_path(
    index: int, size: int, get_range: Callable[[int, int], bytes]
) -> list[bytes]:
    """Return the inclusion proof of a leaf (2.1.3.1), nearest to it first.

    :param index: of the leaf, from 0
    :param size: of the tree
    :param get_range: returns the root over the leaves from one index up to before
        another
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + (1 << ((stop - start - 1).bit_length() - 1))
        if index < middle:
            path.append(get_range(middle, stop))
            stop = middle
        else:
            path.append(get_range(start, middle))
            start = middle
    return path[::-1]


def follow_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (2.1.3.2).

    :raise ValueError: the proof is no proof for a leaf there in a tree of this size
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    place, last, root = index, size - 1, leaf
    for other in path:
        if not last:
            raise ValueError("the proof is too long")
        if place & 1 or place == last:
            root = hash_node(other, root)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            root = hash_node(root, other)
        place >>= 1
        last >>= 1
    if last:
        raise ValueError("the proof is too short")
    return root

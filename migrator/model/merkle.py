"""Merkle tree roots as RFC 6962 section 2.1 defines them (SHA-256, leaf prefix 0x00, node prefix 0x01)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash (32 bytes) of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


class MerkleTree:
    """Root of a stream of leaves in O(log n) memory."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, data: bytes) -> None:
        """Append one leaf."""
        size, node = 1, leaf_hash(data)
        while self._peaks and self._peaks[-1][0] == size:
            _, left = self._peaks.pop()
            node, size = _node(left, node), size * 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """Root over the leaves so far; SHA-256 of nothing where there are none."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = _node(left, node)
        return node


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root (32 bytes) over the leaves in their order."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()

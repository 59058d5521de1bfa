"""The hash chain over confirmed batches."""

from __future__ import annotations

from migrator.model.record import digest


def chain_hash(previous: bytes, seq: int, run: int, at: str, count: int, root: bytes) -> bytes:
    """SHA-256 (32 bytes) over the entry and the hash of the one before."""
    return digest((previous, seq, run, at, count, root))

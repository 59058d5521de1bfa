"""Shutting out who may still write for an earlier run."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.ports import Fence, Ledger


def shut_out_others(ledger: Ledger, fences: Sequence[Fence], *, make: bool = False) -> None:
    """From now on the holder of the lease alone writes, and whom it lets. Without ``make`` only where there is a fence."""
    if fences:
        seal = ledger.seal()
        for fence in fences:
            fence.claim(seal, make=make)

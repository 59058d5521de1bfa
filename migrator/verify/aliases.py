"""C5 for the aliases as a whole: a key leads to another record only where the ledger has merged it.

Population asks from the ledger's side whether every merged key leads to its survivor; this asks from the target's side,
by enumerating every alias there is. An alias nobody merged would send readers of one article to another.
"""

from __future__ import annotations

from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import Bucket
from migrator.verify.desk import Desk, in_batches


def examine_aliases(desk: Desk) -> Check:
    """C5 of everything: each alias at the target against the ledger."""
    total = strays = 0
    for chunk in in_batches(desk.reader.all_aliases()):
        items = desk.ledger.items([key for key, _ in chunk])
        for key, survivor in chunk:
            total += 1
            item = items.get(key)
            if item is None or item.bucket not in {Bucket.MERGED, Bucket.GONE, Bucket.PENDING} or not item.merged_into:
                strays += 1
                known = "does not know this key" if item is None else f"says {item.bucket}"
                named = (DifferenceKind.EXTRA, f"an alias of a key that was not merged: the ledger {known}")
                desk.lists.difference("C5", "", key, "", named, None, survivor)
    statement = f"{total} aliases enumerated at the target, each against the rows the ledger says were merged"
    return Check("C5", "", not strays, total, 0, strays, True, statement)

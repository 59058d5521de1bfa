"""From counts to a verdict, and the list of what was not checked.

*not_verified*: the run did not come to its end, or something essential could not be compared and nothing else speaks
against it. *rejected*: the journal does not hold, or there is an open difference, an open finding, a row that was not
loaded and that nobody waived, or a waiver that was exceeded. *accepted_with_waivers*: the same, but a person accepted
all of it in advance. *accepted*: none of it. Differences announced in the audit statement never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from migrator.model.examination import Tally, Verdict
from migrator.model.finding import Check

ESSENTIAL = frozenset({"C1", "C1b", "C4", "C5", "F1", "I1", "R1", "D1", "T1", "N1", "U1", "V1", "J1"})
"""Checks whose population must have been compared as a whole, where they are made at all."""


def decide(
    checks: Sequence[Check], tallies: Iterable[Mapping[str, Tally]], broken: Sequence[str], *, complete: bool
) -> Verdict:
    """The verdict."""
    counts = [tally for group in tallies for tally in group.values()]
    if not complete:
        return "not_verified"
    if broken or any(tally.open for tally in counts) or any(c.id == "J1" and c.holds is False for c in checks):
        return "rejected"
    if any(uncompared(check) for check in checks):
        return "not_verified"
    return "accepted_with_waivers" if any(tally.waived for tally in counts) else "accepted"


def uncompared(check: Check) -> bool:
    """Whether the check is essential and did not see all it was meant for."""
    return check.id in ESSENTIAL and bool(check.not_compared)

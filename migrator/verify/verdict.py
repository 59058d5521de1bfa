"""From counts to a verdict, and the list of what was not checked.

*not_verified*: the run did not come to its end, or something essential could not be compared and nothing else speaks
against it. *rejected*: the journal does not hold, or there is an open difference, an open finding, a row that was not
loaded and that nobody waived, or a waiver that was exceeded. *accepted_with_waivers*: the same, but a person accepted
all of it in advance. *accepted*: none of it. Differences announced in the audit statement never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from migrator.model.audit import Audit
from migrator.model.content import ENTITIES, REFERENCES, Kind
from migrator.model.examination import Tally, Verdict
from migrator.model.finding import Check

ESSENTIAL = frozenset({"C1", "C1b", "C4", "C5", "F1", "I1", "R1", "D1", "J1"})
"""Checks whose population must have been compared as a whole."""

NOT_BUILT = (
    "C6: rows changed or deleted at the source after the cut-off",
    "M1: files of media, by their content",
    "U1: old addresses and their redirects",
    "T1: the text of bodies from source to target by another parser",
    "S1: a random sample for human eyes",
)


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


def not_checked(checks: Sequence[Check], audits: Sequence[Audit], entities: Sequence[str]) -> list[str]:
    """One sentence for each thing a reader might believe was checked, but was not."""
    sentences = [
        f"{check.id} {check.entity}: {check.not_compared} could not be compared ({check.statement})"
        if check.not_compared
        else f"{check.id} {check.entity}: {check.statement}"
        for check in checks
        if check.not_compared or check.holds is None
    ]
    for audit in audits:
        for name in entities:
            sentences += _blind_spots(audit, name)
        if audit.site is None:
            sentences.append(f"C1b: {audit.source} has no public site as a second witness")
    return sentences + list(NOT_BUILT)


def _blind_spots(audit: Audit, entity: str) -> list[str]:
    """Fields no identity and no pointer names: for them only "stored = sent" is proved."""
    audited = audit.entities.get(entity)
    if audited is None:
        return []
    named = {identity.field for identity in audited.identities} | {pointer.field for pointer in audited.pointers}
    named |= set(audited.bare)
    fields = [field for field in ENTITIES[entity].fields if field.name not in named]
    plain = [field.name for field in fields if field.kind not in REFERENCES]
    pointers = [field.name for field in fields if field.kind in REFERENCES]
    where = f"{entity} of {audit.source}"
    sentences = []
    if plain:
        sentences.append(f"I1 {where}: only stored = sent (F1) is proved of {', '.join(plain)}")
    if pointers:
        sentences.append(f"R1 {where}: only stored = sent (F1) is proved of {', '.join(pointers)}")
    if not audited.links and any(field.kind is Kind.HTML for field in ENTITIES[entity].fields):
        sentences.append(f"R1 {where}: internal links in bodies")
    return sentences

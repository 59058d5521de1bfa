"""What a reader might believe was checked, but was not: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrator.model.audit import Audit, AuditedEntity
from migrator.model.content import ENTITIES, REFERENCES, Kind
from migrator.model.finding import Check

NOT_BUILT = ("S1: a random sample for human eyes",)
NO_REDIRECTS = "U1: no redirects are part of this migration"
NO_HTTP = "U1: the new site itself was not asked (HTTP)"
NO_MEDIA = "M1: no files of media are brought over"
NO_VAULT = "V1: withheld rows stay in the legacy system: there is no vault"
_NUMBERS = frozenset({"royalty", "counter"})
"""Entities that are numbers: without a control total nothing adds them up."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was there to be checked, besides the statements: files, a vault, rows that are withheld.

    ``staged`` has the sources of which the witness read a staged copy: when it was begun, and its catalogue's SHA-256.
    """

    entities: Sequence[str]
    has_media: bool = False
    has_vault: bool = False
    withheld: int = 0
    staged: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def not_checked(checks: Sequence[Check], audits: Sequence[Audit], scope: Scope) -> list[str]:
    """One sentence for each thing that was not checked."""
    sentences = [
        f"{check.id} {check.entity}: {check.not_compared} could not be compared ({check.statement})"
        if check.not_compared
        else f"{check.id} {check.entity}: {check.statement}"
        for check in checks
        if check.not_compared or check.holds is None
    ]
    for audit in audits:
        for name in scope.entities:
            if name in audit.entities:
                sentences += _blind_spots(audit, audit.entities[name])
                sentences += _undeclared(audit, audit.entities[name], has_redirects="redirect" in scope.entities)
        if audit.site is None:
            sentences.append(f"C1b: {audit.source} has no public site as a second witness")
    dated = {check.entity for check in checks if check.id == "C6"}
    sentences += [f"C6 {name}: no run has left a cut-off" for name in scope.entities if name not in dated]
    return [*sentences, *_parts(scope), *NOT_BUILT]


def _parts(scope: Scope) -> Iterator[str]:
    yield NO_HTTP if "redirect" in scope.entities else NO_REDIRECTS
    if "asset" in scope.entities and not scope.has_media:
        yield NO_MEDIA
    if scope.withheld and not scope.has_vault:
        yield NO_VAULT
    for source, (began, digest) in scope.staged.items():
        yield f"C1: {source} was not asked itself, but its staged copy begun {began}, catalogue SHA-256 {digest}"


def _blind_spots(audit: Audit, audited: AuditedEntity) -> Iterator[str]:
    """Fields no identity and no pointer names: for them only "stored = sent" is proved."""
    entity = ENTITIES[audited.entity]
    named = {identity.field for identity in audited.identities} | {pointer.field for pointer in audited.pointers}
    named |= {*audited.bare, *audited.empty}
    if audited.text is not None:
        named |= {field.name for field in entity.fields if field.kind is Kind.HTML} | {"body_text"}
    fields = [field for field in entity.fields if field.name not in named]
    plain = [field.name for field in fields if field.kind not in REFERENCES]
    pointers = [field.name for field in fields if field.kind in REFERENCES]
    where = f"{audited.entity} of {audit.source}"
    if plain:
        yield f"I1 {where}: only stored = sent (F1) is proved of {', '.join(plain)}"
    if pointers:
        yield f"R1 {where}: only stored = sent (F1) is proved of {', '.join(pointers)}"
    if not audited.links and any(field.kind is Kind.HTML for field in entity.fields):
        yield f"R1 {where}: internal links in bodies"


def _undeclared(audit: Audit, audited: AuditedEntity, *, has_redirects: bool) -> Iterator[str]:
    """Checks the statement gives nothing for."""
    entity, where = ENTITIES[audited.entity], f"{audited.entity} of {audit.source}"
    if audited.text is None and any(field.kind is Kind.HTML for field in entity.fields):
        yield f"T1 {where}: the text of bodies"
    if audited.changed is None:
        yield f"C6 {where}: rows changed after the cut-off"
    if audited.entity in _NUMBERS and not audited.totals:
        yield f"N1 {where}: sums of numbers"
    if has_redirects and not audited.addresses and "legacy_url" in entity.by_name:
        yield f"U1 {where}: old addresses"

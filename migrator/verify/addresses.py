"""Old addresses: which there are, by the auditor's own statement, and what must become of each.

An address of a record that stands at the target and is public must lead to it; one of a withheld record must be gone for
good; one of anything else may not lead to another record of the kind. Where an address must lead depends on the record it
is of, and both come from streams: they meet on disk, by the record's key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal
from urllib.parse import unquote

import orjson

from migrator.model.audit import AddressRule, Audit, NewAddress, address_value
from migrator.model.content import Value
from migrator.model.outcome import Bucket
from migrator.model.record import record_key
from migrator.ports import WitnessRow
from migrator.verify.desk import Batch, Desk, in_batches
from migrator.verify.links import own_path
from migrator.verify.resolve import Resolved, Resolver
from migrator.verify.spool import Spool

PUBLIC_STATES = frozenset({"published", "archived"})
_BYTES = frozenset({"stored", "wrong-extension"})

Want = Literal["to", "same", "gone", "nothing", "anything"]
"""``to``: lead to the record. ``same``: it is the record's new address as well. ``gone``: 410. ``nothing``: lead to no other
record of the kind. ``anything``: be known."""


@dataclass(frozen=True, slots=True)
class Address:
    """An old address, the row it is of (empty where nobody knows one), where it is known from, and what is wanted of it."""

    path: str
    key: str
    origin: str
    want: Want
    to: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A record that stands at the target: whether readers may see it, and its new address where one is declared."""

    is_public: bool
    new: str


def same_address(path: str) -> str:
    """An address in one spelling: percent-escapes resolved, NFC, without scheme and host."""
    return unicodedata.normalize("NFC", unquote(path))


def loose_address(path: str) -> str:
    """The same for addresses that differ in letter case or a slash at the end only."""
    return same_address(path).casefold().rstrip("/") or "/"


def paths(rule: AddressRule, number: int, row: WitnessRow) -> list[str]:
    """The addresses a rule gives a row, each once."""
    parts = []
    for part in range(len(rule.places)):
        raw = row.pointers[address_value(number, part)]
        parts.append([str(value) for value in raw if value is not None and str(value).strip()])
    return list(dict.fromkeys(rule.path.format(*combination) for combination in product(*parts)))


class AddressBook:
    """Collects addresses and destinations while the entities are examined; then gives them out, joined.

    ``waiting`` has addresses by the key of the record they must lead to, ``standing`` the records that stand.
    """

    def __init__(self, desk: Desk, resolver: Resolver) -> None:
        self._desk, self._resolver = desk, resolver
        self._waiting, self._standing = desk.spool(), desk.spool()
        self._settled = desk.spool()
        self._told: list[tuple[str, str]] = []
        self.not_compared = 0

    # --- collecting ---------------------------------------------------------------------------------------------------
    def look(self, batch: Batch) -> None:
        """Remember the records of a batch, and the old addresses of its rows."""
        new = batch.audit.new_addresses.get(batch.entity.name) if batch.audit is not None else None
        for each in batch.standing:
            destination = (
                _is_public(batch.entity.name, each.record.fields),
                _new_address(new, each.record.fields, each.record.target_id),
            )
            self._standing.add(each.key, orjson.dumps(destination).decode())
        if batch.audit is None or batch.audited is None or not batch.audited.addresses:
            return
        rows = [row for row in batch.rows if row.key not in batch.late and row.key in batch.items]
        resolved = self._resolver.resolve([row.key for row in rows])
        origin = f"{batch.entity.name} ({batch.audit.source})"
        for row in rows:
            for number, rule in enumerate(batch.audited.addresses):
                for path in paths(rule, number, row):
                    self._add(path, row.key, origin, resolved[row.key])

    def tell(self, path: str, key: str) -> None:
        """A page of the public site's sitemaps."""
        self._told.append((path, key))
        if len(self._told) >= 1000:
            self._settle_told()

    def _settle_told(self) -> None:
        resolved = self._resolver.resolve({key: None for _, key in self._told if key})
        for path, key in self._told:
            self._add(path, key, "sitemap", resolved[key] if key else None)
        self._told.clear()

    def _known(self, audit: Audit) -> None:
        """Addresses the source knows apart from its rows."""
        witness = self._desk.witnesses[audit.source]
        for known in audit.known_addresses:
            columns = [known.column, *([known.id] if known.id else [])]
            for chunk in in_batches(witness.values(known.table, columns, known.where)):
                keys = [
                    record_key(known.of, known.to, each[1]) if known.to and each[1] not in (None, "") else ""
                    for each in chunk
                ]
                resolved = self._resolver.resolve({key: None for key in keys if key})
                for each, key in zip(chunk, keys, strict=True):
                    path = own_path(str(each[0] or ""), audit.hosts)
                    if path:
                        self._add(path, key, f"{known.table} ({audit.source})", resolved[key] if key else None)

    def _add(self, path: str, key: str, origin: str, resolved: Resolved | None) -> None:
        """An address with what must become of it, as far as that is known without the record."""
        if resolved is not None and resolved.state == "unknown":
            self.not_compared += 1
        elif resolved is not None and resolved.state == "stands":
            self._waiting.add(resolved.target, orjson.dumps((path, key, origin)).decode())
        else:
            want: Want = "nothing" if key else "anything"
            if resolved is not None and resolved.bucket == Bucket.WITHHELD:
                want = "gone"
            elif resolved is not None and resolved.state == "dangling":
                want = "anything"
            self._keep(Address(path, key, origin, want))

    def _keep(self, address: Address) -> None:
        self._settled.add(loose_address(address.path), orjson.dumps(address).decode())

    # --- giving out ---------------------------------------------------------------------------------------------------
    def join(self, redirects: Spool) -> Iterator[tuple[Mapping[str, Destination], Iterator[tuple[str, str]]]]:
        """Part by part: the records that stand, and the redirects (by the key they lead to) whose records are among them.

        What must become of the addresses is settled on the way; :meth:`addresses` has them afterwards.
        """
        self._settle_told()
        for audit in self._desk.audits.values():
            self._known(audit)
        parts = zip(self._standing.parts(), self._waiting.parts(), redirects.parts(), strict=True)
        for standing, waiting, leading in parts:
            there = {key: Destination(*orjson.loads(payload)) for key, payload in standing}
            for to, payload in waiting:
                path, key, origin = orjson.loads(payload)
                self._keep(_of_record(path, key, origin, to, there.get(to)))
            yield there, leading

    def addresses(self) -> Iterator[Iterator[Address]]:
        """All addresses, part by part, in the parts of their loose spelling."""
        for part in self._settled.parts():
            yield (Address(**orjson.loads(payload)) for _, payload in part)

    def close(self) -> None:
        """Remove the files."""
        for spool in (self._waiting, self._standing, self._settled):
            spool.close()


def _of_record(path: str, key: str, origin: str, to: str, record: Destination | None) -> Address:
    """What must become of the address of a record that stands."""
    if record is None or not record.is_public:
        return Address(path, key, origin, "nothing")
    is_same = bool(record.new) and same_address(record.new) == same_address(path)
    return Address(path, key, origin, "same" if is_same else "to", to)


def _is_public(entity: str, fields: Mapping[str, Value]) -> bool:
    """Whether readers may see a record: a published article whose section is open, an open section, a file that is there."""
    if entity == "article":
        return fields.get("status") in PUBLIC_STATES and not fields.get("is_locked")
    if entity == "section":
        return fields.get("is_active") is not False
    if entity == "asset":
        return fields.get("file_state") is None or fields.get("file_state") in _BYTES
    return True


def _new_address(new: NewAddress | None, fields: Mapping[str, Value], target_id: str) -> str:
    if new is None:
        return ""
    values: Sequence[object] = [target_id if name == "target_id" else fields.get(name) for name in new.fields]
    return "" if None in values else new.path.format(*values)

"""U1, as data: every old address leads, in one step, to the record of the same legacy key – HTTP was not asked.

First the redirects themselves, all of them, by enumerating the target: no address twice, none that leads two ways, each to
exactly one record that stands and is public, or to nothing and with a reason; none whose destination's new address is an
old address again. Then every old address the statements know – of rows, of sitemaps, of a harvest – against them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from migrator.model.accounts import RedirectAccount
from migrator.model.content import ENTITIES
from migrator.model.finding import Check, DifferenceKind
from migrator.model.record import split_key
from migrator.ports import TargetRecord
from migrator.verify.addresses import Address, AddressBook, Destination, loose_address, same_address
from migrator.verify.desk import Desk, in_batches
from migrator.verify.kinds import Named

REDIRECT = "redirect"
_MOVED, _GONE = 301, 410
_POINTERS = tuple(field.name for field in ENTITIES[REDIRECT].references)
_K = DifferenceKind


@dataclass(frozen=True, slots=True)
class _Redirect:
    """A redirect at the target. ``to`` is empty where it leads nowhere, or to more than one record."""

    name: str
    path: str
    status: int
    to: str


class RedirectCheck:
    """U1: the redirects, and the old addresses of every entity."""

    def __init__(self, desk: Desk, book: AddressBook) -> None:
        self._desk, self._book = desk, book
        self._by_path, self._by_destination, self._new = desk.spool(), desk.spool(), desk.spool()
        self._differences: Counter[str] = Counter()
        self._compared: Counter[str] = Counter()
        self._has_new = any(audit.new_addresses for audit in desk.audits.values())
        self.account = RedirectAccount()

    def examine(self) -> list[Check]:
        """Everything. The redirects first: what they lead to is joined with the addresses on the way."""
        for chunk in in_batches(self._desk.reader.enumerate(REDIRECT)):
            ids = [target_id for target_id, _, is_stub in chunk if not is_stub]
            for record in self._desk.reader.fetch(REDIRECT, ids):
                self._one(record)
        for standing, leading in self._book.join(self._by_destination):
            for to, payload in leading:
                self._destination(_Redirect(*orjson.loads(payload)), standing.get(to))
        parts = zip(self._by_path.parts(), self._book.addresses(), self._new.parts(), strict=True)
        for redirects, addresses, new in parts:
            there: dict[str, list[_Redirect]] = {}
            for loose, payload in redirects:
                there.setdefault(loose, []).append(_Redirect(*orjson.loads(payload)))
            for found in there.values():
                self._variants(found)
            for address in addresses:
                self._address(address, there.get(loose_address(address.path), ()))
            for loose, payload in new:
                self._chain(_Redirect(*orjson.loads(payload)), there.get(loose, ()))
        for spool in (self._by_path, self._by_destination, self._new):
            spool.close()
        self._book.close()
        return list(self._checks())

    # --- the redirects ------------------------------------------------------------------------------------------------
    def _one(self, record: TargetRecord) -> None:
        """A redirect by itself."""
        fields = record.fields
        leads = [str(fields[name]) for name in _POINTERS if fields.get(name)]
        status = fields.get("status")
        redirect = _Redirect(
            record.key or f"target:{REDIRECT}:{record.target_id}", str(fields.get("path") or ""),
            status if isinstance(status, int) else 0, leads[0] if len(leads) == 1 else "",
        )  # fmt: skip
        self.account.redirects += 1
        self._compared[REDIRECT] += 1
        self.account.by_status[str(status)] = self.account.by_status.get(str(status), 0) + 1
        if not redirect.path.startswith("/"):
            self._redirect(redirect, "path", (_K.CHANGED, "an old address begins with /"), redirect.path)
        if status == _MOVED and len(leads) != 1:
            named = (_K.EXTRA if leads else _K.MISSING, f"leads to {len(leads)} records, not to one")
            self._redirect(redirect, "status", named, ", ".join(leads))
        elif status == _GONE and (leads or not fields.get("reason")):
            named = (_K.EXTRA, "is gone, but leads somewhere") if leads else (_K.MISSING, "is gone, but for no reason")
            self._redirect(redirect, "status" if leads else "reason", named, ", ".join(leads))
        elif status not in {_MOVED, _GONE}:
            self._redirect(redirect, "status", (_K.CHANGED, "neither 301 nor 410"), str(status))
        payload = orjson.dumps((redirect.name, redirect.path, redirect.status, redirect.to)).decode()
        self._by_path.add(loose_address(redirect.path), payload)
        if redirect.to:
            self._by_destination.add(redirect.to, payload)

    def _destination(self, redirect: _Redirect, destination: Destination | None) -> None:
        if destination is None:
            self._redirect(redirect, "status", (_K.MISSING, "leads to a record that does not stand there"), redirect.to)
        elif not destination.is_public:
            self._redirect(redirect, "status", (_K.EXTRA, "leads to a record that is not public"), redirect.to)
        elif destination.new:
            payload = orjson.dumps((redirect.name, redirect.path, redirect.status, redirect.to)).decode()
            self._new.add(loose_address(destination.new), payload)

    def _variants(self, found: Sequence[_Redirect]) -> None:
        """Redirects whose addresses are the same but for escapes, letter case or a slash at the end."""
        for place, redirect in enumerate(found):
            for earlier in found[:place]:
                if same_address(redirect.path) == same_address(earlier.path):
                    self._redirect(
                        redirect, "path", (_K.DUPLICATE_OF, f"the same address as {earlier.name}"), redirect.path
                    )
                elif (redirect.status, redirect.to) != (earlier.status, earlier.to):
                    detail = f"nearly the address of {earlier.name} ({earlier.path}), but leads elsewhere"
                    self._redirect(redirect, "path", (_K.CASE, detail), redirect.path)

    def _chain(self, redirect: _Redirect, found: Sequence[_Redirect]) -> None:
        """The destination's new address is an old address again."""
        for other in found:
            is_loop = other.to == redirect.to
            what = "and so leads to itself" if is_loop else "and so leads on"
            named = (_K.CHANGED, f"its destination's new address is that of {other.name}, {what}")
            self._redirect(redirect, "path", named, other.path)

    def _redirect(self, redirect: _Redirect, field: str, named: Named, found: str) -> None:
        self._differences[REDIRECT] += 1
        self._desk.lists.difference("U1", REDIRECT, redirect.name, field, named, None, found or None)

    # --- the addresses ------------------------------------------------------------------------------------------------
    def _address(self, address: Address, found: Sequence[_Redirect]) -> None:
        """One old address against the redirects of its loose spelling."""
        entity = split_key(address.key)[1] if address.key else REDIRECT
        self._compared[entity] += 1
        self._count(self.account.addresses, address.origin)
        exact = next((each for each in found if same_address(each.path) == same_address(address.path)), None)
        outcome, named = _judged(address, exact, found)
        self._count(self.account.outcomes, outcome)
        if named is None:
            return
        if not address.key or address.want == "anything":
            detail = f"known from {address.origin}, but nothing says what became of it"
            self._desk.lists.finding(
                "address-without-redirect", REDIRECT, address.key or address.path, f"{address.path}: {detail}"
            )
            return
        self._differences[entity] += 1
        expected = address.to or ("410" if address.want == "gone" else None)
        there = None if exact is None else exact.to or str(exact.status)
        self._desk.lists.difference("U1", entity, address.key, REDIRECT, named, expected, there)

    @staticmethod
    def _count(counts: dict[str, int], name: str) -> None:
        counts[name] = counts.get(name, 0) + 1

    def _checks(self) -> Iterator[Check]:
        """One for the redirects, one for the addresses of each entity."""
        for entity in sorted({REDIRECT, *self._compared}, key=lambda name: (name != REDIRECT, name)):
            apart = self._book.not_compared if entity == REDIRECT else 0
            holds = not self._differences[entity] if self._compared[entity] else None if apart else True
            counts = (self._compared[entity], apart, self._differences[entity])
            yield Check("U1", entity, holds, *counts, True, self._said(entity))

    def _said(self, entity: str) -> str:
        account = self.account
        if entity == REDIRECT:
            statuses = ", ".join(f"{number} with {status}" for status, number in sorted(account.by_status.items()))
            new = "" if self._has_new else "; chains were not looked for: no new addresses are declared"
            return (
                f"as data, HTTP was not asked: {account.redirects} redirects enumerated at the target ({statuses or 'none'}): "
                f"no address twice, each leads to one public record or is gone with a reason{new}"
            )
        origins = [
            f"{number} of {name}" for name, number in account.addresses.items() if name.startswith(f"{entity} (")
        ]
        return (
            f"as data, HTTP was not asked: {self._compared[entity]} old addresses ({', '.join(origins) or 'known elsewhere'}) "
            "against the redirects: each to the record of the same legacy key where it is public, gone where it is withheld"
        )


def _judged(address: Address, exact: _Redirect | None, found: Sequence[_Redirect]) -> tuple[str, Named | None]:
    """What became of an address, and the difference where that is not what must be."""
    nearly = f"; only {found[0].path} is there" if found and exact is None else ""
    match address.want:
        case "to" if exact is None:
            return "missing", (_K.MISSING, f"{address.path} has no redirect{nearly}")
        case "to" if exact is not None and (exact.status, exact.to) != (_MOVED, address.to):
            return "elsewhere", (_K.CHANGED, f"{address.path} leads elsewhere")
        case "gone" if exact is None:
            return "missing", (_K.MISSING, f"{address.path} of a withheld record must be gone (410){nearly}")
        case "gone" if exact is not None and exact.status != _GONE:
            return "elsewhere", (_K.CHANGED, f"{address.path} of a withheld record leads somewhere")
        case "nothing" if exact is not None and _leads_to_another(address, exact):
            return "elsewhere", (_K.EXTRA, f"{address.path} leads to another record, though its own is not public")
        case "same" if exact is None:
            return "same", None
        case "anything" if not found:
            return "unknown", (_K.MISSING, "")
    if exact is None:
        return "nowhere", None
    return ("gone" if exact.status == _GONE else "leads"), None


def _leads_to_another(address: Address, exact: _Redirect) -> bool:
    """Whether it leads to another record of its own kind; one that leads to a section is somebody's decision."""
    return exact.to not in {"", address.key} and exact.to.split(":")[1:2] == list(split_key(address.key)[1:2])

"""The examination: all checks in one pass over each source, one over each target, and one over the journal.

Source rows are read in batches by the witness; for each batch ledger and target are asked once, and every check looks
at the answers. Then come the outcomes the source has no row for, and the target as a whole. Memory does not grow with
the number of records: differences go to disk as they are found.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from migrator import __version__
from migrator.model.accounts import Accounts
from migrator.model.audit import Audit
from migrator.model.content import ENTITIES, EntityType, in_load_order
from migrator.model.examination import COUNTED, EntityTotals, Examination, TableAccount, Tally
from migrator.model.finding import Check, Difference, State, Waiver
from migrator.model.outcome import LOADED, Bucket
from migrator.ports import Expected, Ledger, MediaWitness, Progress, Reader, SiteIndex, VaultReader, Witness
from migrator.verify.addresses import AddressBook
from migrator.verify.aliases import examine_aliases
from migrator.verify.batches import batches
from migrator.verify.copies import examine_copies
from migrator.verify.cutoff import CutOffCheck
from migrator.verify.desk import BatchCheck, Desk
from migrator.verify.fidelity import FidelityCheck
from migrator.verify.fields import FieldCheck
from migrator.verify.history import read_history
from migrator.verify.identity import IdentityCheck
from migrator.verify.journal import JournalCheck
from migrator.verify.lists import Lists
from migrator.verify.media import ASSET, MediaCheck
from migrator.verify.orphans import OrphanCheck
from migrator.verify.population import Population
from migrator.verify.redirects import REDIRECT, RedirectCheck
from migrator.verify.references import ReferenceCheck
from migrator.verify.resolve import Resolver
from migrator.verify.site_witness import SiteCheck
from migrator.verify.sums import SumCheck
from migrator.verify.tables import TableCheck
from migrator.verify.totals import Totals
from migrator.verify.unchecked import Scope, not_checked
from migrator.verify.vault import VaultCheck
from migrator.verify.verdict import decide
from migrator.verify.waivers import Waivers

NOT_LOADED = frozenset(COUNTED) - LOADED - {Bucket.PENDING}
"""A person must have accepted each of these rows. One that is pending makes the run incomplete: nobody can accept it."""


def examine(
    *,
    audit: Sequence[Audit],
    entities: Sequence[str],
    ledger: Ledger,
    reader: Reader,
    witnesses: Mapping[str, Witness],
    site: SiteIndex | None,
    expected: Expected,
    waivers: Sequence[Waiver],
    out: Path,
    now: datetime,
    progress: Progress,
    media: MediaWitness | None = None,
    vault: VaultReader | None = None,
    staged: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Examination:
    """Examine the entities and write the folder ``out``; what stood there before is replaced at the very end.

    ``witnesses`` has one for each source of ``audit``; ``now`` is an aware instant. ``media`` and ``vault`` are None where
    the project has none. ``staged`` says of which sources the witness reads a staged copy, begun when, and by the SHA-256 of
    which catalogue. EvidenceError and AccessError of the ports pass through, and leave the folder as it was.
    """
    lists = Lists(out)
    with ExitStack() as stack:
        audits = {each.source: each for each in audit}
        history = read_history(ledger)
        desk = Desk(audits, ledger, reader, witnesses, expected, lists, now, history, stack)
        try:
            return _Examiner(desk, in_load_order(entities), progress, media, vault, staged).examine(site, waivers)
        except BaseException:
            lists.discard()
            raise


class _Examiner:
    """One examination under way."""

    def __init__(
        self, desk: Desk, entities: Sequence[str], progress: Progress,
        media: MediaWitness | None, vault: VaultReader | None, staged: Mapping[str, tuple[str, str]],
    ) -> None:  # fmt: skip
        self._desk, self._entities, self._progress = desk, entities, progress
        self._media, self._vault, self._staged = media, vault, staged
        self._checks: list[Check] = []
        self._totals: dict[str, EntityTotals] = {}
        self._offsets: dict[str, int] = {}
        self._tables: list[TableAccount] = []
        self._resolver = Resolver(desk)
        self._accounts = Accounts()
        self._book = AddressBook(desk, self._resolver) if REDIRECT in entities else None
        self._pending = 0

    def examine(self, site: SiteIndex | None, waivers: Sequence[Waiver]) -> Examination:
        """All checks, then waivers and verdict."""
        with ExitStack() as stack:
            told = self._book.tell if self._book is not None else None
            sites = [
                stack.enter_context(SiteCheck(self._desk, audit, audit.site, told))
                for audit in self._desk.audits.values()
                if audit.site is not None and audit.site.entity in self._entities
            ]
            for name in self._entities:
                self._entity(ENTITIES[name], [each for each in sites if each.entity == name])
            for number, each in enumerate(sites):  # one paper has one public site: that of the first source
                self._checks.append(each.examine(site if not number else None))
        if self._book is not None:
            redirects = RedirectCheck(self._desk, self._book)
            self._checks += redirects.examine()
            self._accounts.redirects = redirects.account
        for source, audit in self._desk.audits.items():
            orphans = OrphanCheck(self._desk, audit, self._entities)
            self._checks += orphans.examine()
            tables = TableCheck(audit, self._desk.witnesses[source], self._entities, self._desk.lists, orphans.counts)
            self._checks.append(tables.examine())
            self._tables += tables.accounts
        self._checks.append(examine_aliases(self._desk))
        journal = JournalCheck(self._desk.ledger, self._desk.lists)
        self._progress.start("journal", None)
        self._checks.append(journal.examine())
        self._progress.finish()
        return self._conclude(journal.head.hex(), waivers)

    def _entity(self, entity: EntityType, sites: Sequence[SiteCheck]) -> None:
        """Every check of one entity."""
        desk = self._desk
        totals, population = Totals(desk, entity), Population(desk, entity)
        instants, cut_off = IdentityCheck(desk, entity, instants=True), CutOffCheck(desk, entity)
        text, sums = FidelityCheck(desk, entity), SumCheck(desk, entity, self._resolver)
        checks: list[BatchCheck] = [
            totals, population, FieldCheck(desk, entity), IdentityCheck(desk, entity, instants=False),
            ReferenceCheck(desk, entity, self._resolver), instants, cut_off, text, sums,
        ]  # fmt: skip
        media = MediaCheck(desk, entity, self._media, self._progress) if self._media and entity.name == ASSET else None
        vault = VaultCheck(desk, entity, self._vault) if self._vault else None
        checks += [each for each in (media, vault) if each is not None]
        for batch in batches(desk, entity, totals.expect_rows, self._progress):
            for check in checks:
                check.look(batch)
            for site in sites:
                site.look(batch)
            if self._book is not None:
                self._book.look(batch)
        population.enumerate()
        for check in checks:
            self._checks += check.conclude()
        self._checks += examine_copies(desk, entity.name)
        self._totals[entity.name] = totals.totals
        self._pending += totals.pending
        self._accounts.text += text.accounts.values()
        self._accounts.sums += sums.accounts
        self._accounts.cut_offs += cut_off.accounts.values()
        self._accounts.media += media.accounts.values() if media is not None else ()
        if vault is not None and vault.account.withheld:
            self._accounts.vault.append(vault.account)
        for hours, count in instants.offsets.items():
            self._offsets[hours] = self._offsets.get(hours, 0) + count

    def _conclude(self, head: str, waivers: Sequence[Waiver]) -> Examination:
        """Waivers, tallies, verdict; then everything is put in place."""
        lists, ledger = self._desk.lists, self._desk.ledger
        sources = {name: totals.source for name, totals in self._totals.items()}
        approved = Waivers(waivers, sources, self._desk.now.date(), self._desk.spool())
        aside = self._set_aside(approved)
        if waivers:
            for entry in lists.entries():
                if entry.state is not State.OPEN:
                    continue
                if isinstance(entry, Difference):
                    approved.count(entry.kind.value, entry.entity, entry.key, entry.check, entry.field)
                else:
                    approved.count(entry.kind, entry.entity, entry.key)
        differences, findings = lists.settle(approved.covers)
        set_aside = _tally(aside, approved)
        run = ledger.latest_run()
        broken = approved.broken()
        complete = run is not None and run.ended_at is not None and not self._pending
        verdict = decide(self._checks, (differences, findings, set_aside), broken, complete=complete)
        examination = Examination(
            examined_at=self._desk.now.isoformat(timespec="seconds"),
            tool_version=__version__,
            verdict=verdict,
            journal_head=head,
            run=_plain(dataclasses.asdict(run)) if run is not None else {},
            entities=self._totals,
            checks=self._checks,
            differences=differences,
            findings=findings,
            set_aside=set_aside,
            tables=self._tables,
            waivers=list(waivers),
            broken_waivers=broken,
            not_checked=not_checked(self._checks, list(self._desk.audits.values()), self._scope()),
            date_offsets_h=self._offsets,
            unused_waivers=approved.unused(),
            accounts=self._accounts,
        )
        lists.publish(examination)
        return examination

    def _scope(self) -> Scope:
        withheld = sum(totals.buckets[Bucket.WITHHELD] for totals in self._totals.values())
        return Scope(self._entities, self._media is not None, self._vault is not None, withheld, self._staged)

    def _set_aside(self, approved: Waivers) -> dict[tuple[str, str], int]:
        """Rows that were not loaded, by (reason, entity); by their bucket where the ledger gives no reason."""
        counts: dict[tuple[str, str], int] = {}
        for item in self._desk.ledger.set_aside(NOT_LOADED):
            if item.entity in self._entities:
                reason = item.reason or item.bucket.value
                counts[reason, item.entity] = counts.get((reason, item.entity), 0) + 1
                approved.count(reason, item.entity, item.key)
        return counts


def _tally(aside: Mapping[tuple[str, str], int], approved: Waivers) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for (reason, entity), count in aside.items():
        tally = tallies.setdefault(reason, Tally())
        if approved.covers(reason, entity):
            tally.waived += count
        else:
            tally.open += count
    return tallies


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}

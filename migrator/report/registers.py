"""Fills the lists in one pass over each stream, and counts what it writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

from migrator.model.examination import COUNTED, Examination
from migrator.model.finding import Difference, State
from migrator.model.outcome import LOADED, Note, journal_beginning
from migrator.model.record import split_key
from migrator.ports import JournalEntry, Ledger, Progress
from migrator.report.evidence import TEXT_FIGURES, Evidence
from migrator.report.lists import ListFolder, list_name
from migrator.report.selection import Entry, GroupName, Picker

NOT_LOADED = frozenset(COUNTED) - LOADED
CODES_COUNTED = 500

EXCEPTIONS = "lists/exceptions.csv"
DIFFERENCES = "lists/differences.csv"
FINDINGS = "lists/findings.csv"
NOTES = "lists/notes.csv"
CONFLICTS = "lists/conflicts.csv"
TABLES = "lists/tables.csv"
TOTALS = "lists/totals.csv"
CELLS = "lists/cells.csv"
MONTHS = "lists/months.csv"
CHECKS = "lists/checks.csv"
JOURNAL = "lists/journal.csv"
BASELINE = "lists/baseline.csv"
TEXTS = "lists/texts.csv"
SUMS = "lists/sums.csv"

_Key = TypeVar("_Key", tuple[str, str, str], tuple[str, str], str)

_FOUND_BY = {
    "copy-drift": "K1", "only-on-site": "C1b", "only-in-database": "C1b", "time-differs": "C1b", "unaccounted-table": "C1",
    "orphan-row": "K2",
}  # fmt: skip
"""The checks whose figure counts findings of a kind."""

_DIFFERENCE = ("entity", "key", "field", "kind", "state", "expected", "found", "check", "detail")
_RECORD = ("entity", "key", "bucket", "target_id", "merged_into", "reason", "rule", "detail", "run")


@dataclass(slots=True)
class Counted:
    """What was in the lists. Keys of the counters: see each."""

    exceptions: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # entity, bucket, reason
    differences: Counter[tuple[str, str]] = field(default_factory=Counter)  # kind, state
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)  # kind, state
    notes: Counter[str] = field(default_factory=Counter)  # code
    by_check: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # check, entity, state
    beginning: str = ""
    journal_entries: int = 0
    journal_head: JournalEntry | None = None

    @property
    def head(self) -> str:
        """Hash of the last journal entry in hex; where there is none, what the first one will be chained to."""
        return self.journal_head.hash.hex() if self.journal_head else self.beginning

    def of_check(self, check: str, entity: str, state: State) -> int:
        """Entries in a state behind a check's figure. F1's are named by F2, field by field."""
        return self.by_check["F2" if check == "F1" else check, entity, str(state)]


def record_list(entity: str, bucket: str) -> str:
    """Path of the list of an entity's records in a bucket."""
    return list_name("records", entity, bucket)


def check_list(check: str, entity: str) -> str:
    """Path of the list of the differences one check found in an entity."""
    return list_name(check, entity)


def write_lists(ledger: Ledger, evidence: Evidence, lists: ListFolder, picker: Picker, progress: Progress) -> Counted:
    """Write every list but the totals. Entries a person has to look at are offered to the picker."""
    counted = Counted()
    _baseline(ledger, lists, counted)
    _journal(ledger, lists, counted)
    _records(ledger, lists, progress)
    _exceptions(ledger, lists, picker, counted, progress)
    _notes(ledger, lists, counted, progress)
    _differences(evidence, lists, picker, counted, progress)
    _findings(evidence, lists, picker, counted, progress)
    _texts_and_sums(evidence, lists)
    _figures(evidence.examination, lists)
    return counted


def _baseline(ledger: Ledger, lists: ListFolder, counted: Counted) -> None:
    baseline = lists.open(BASELINE, ("entity", "rows", "largest_id"))
    before = sorted((each.entity, each.rows, each.largest_id) for each in ledger.baseline())
    for row in before:
        baseline.add(*row)
    counted.beginning = journal_beginning(before).hex()


def _journal(ledger: Ledger, lists: ListFolder, counted: Counted) -> None:
    journal = lists.open(JOURNAL, ("seq", "run", "at", "count", "root", "previous", "hash"))
    for entry in ledger.journal():
        journal.add(
            entry.seq, entry.run, entry.at, entry.count, entry.root.hex(), entry.previous.hex(), entry.hash.hex()
        )
        counted.journal_entries += 1
        counted.journal_head = entry


def _records(ledger: Ledger, lists: ListFolder, progress: Progress) -> None:
    with _Told(progress, "records") as told:
        for item in ledger.all_items():
            lists.open(record_list(item.entity, item.bucket), _RECORD).add(
                item.entity, item.key, item.bucket, item.target_id, item.merged_into, item.reason, item.rule,
                item.detail, item.run,
            )  # fmt: skip
            told.one()


def _exceptions(ledger: Ledger, lists: ListFolder, picker: Picker, counted: Counted, progress: Progress) -> None:
    exceptions = lists.open(EXCEPTIONS, ("entity", "key", "bucket", "reason", "rule", "detail"))
    with _Told(progress, "exceptions") as told:
        for item in ledger.set_aside(NOT_LOADED):
            exceptions.add(item.entity, item.key, item.bucket, item.reason, item.rule, item.detail)
            _count(
                counted.exceptions, (item.entity, str(item.bucket), item.reason), (item.entity, str(item.bucket), "…")
            )
            detail = item.detail or (item.merged_into or "")
            picker.offer(
                GroupName("exception", str(item.bucket), item.reason),
                Entry(item.entity, item.key, detail, rule=item.rule),
            )
            told.one()


def _notes(ledger: Ledger, lists: ListFolder, counted: Counted, progress: Progress) -> None:
    notes = lists.open(NOTES, ("entity", "key", "field", "code", "detail"))
    with _Told(progress, "notes") as told:
        for key, note in ledger.notes():
            notes.add(split_key(key)[1], key, note.field, note.code, note.detail)
            if note.code.startswith("conflict"):
                _conflict(lists, key, note)
            _count(counted.notes, note.code, "…")
            told.one()


def _conflict(lists: ListFolder, key: str, note: Note) -> None:
    """A field both sides changed: what the legacy system says now, what was last written, what the editor made of it."""
    conflicts = lists.open(CONFLICTS, ("entity", "key", "field", "code", "legacy", "last", "editor", "detail"))
    try:
        values = orjson.loads(note.detail)
        said = [values["legacy"], values["last"], values["editor"], ""]
    except (ValueError, TypeError, KeyError):
        said = [None, None, None, note.detail]
    conflicts.add(split_key(key)[1], key, note.field, note.code, *said)


def _differences(evidence: Evidence, lists: ListFolder, picker: Picker, counted: Counted, progress: Progress) -> None:
    everything = lists.open(DIFFERENCES, _DIFFERENCE)
    for check in evidence.examination.checks if evidence.examination else ():
        lists.open(check_list(check.id, check.entity), _DIFFERENCE)
    with _Told(progress, "differences") as told:
        for d in evidence.differences():
            row = (d.entity, d.key, d.field, d.kind, d.state, d.expected, d.found, d.check, d.detail)
            everything.add(*row)
            lists.open(check_list(d.check, d.entity), _DIFFERENCE).add(*row)
            counted.differences[str(d.kind), str(d.state)] += 1
            counted.by_check[d.check, d.entity, str(d.state)] += 1
            if d.state is State.OPEN:
                picker.offer(GroupName("difference", "", str(d.kind)), _entry(d))
            told.one()


def _entry(d: Difference) -> Entry:
    return Entry(d.entity, d.key, d.detail, d.field, d.expected, d.found, check=d.check)


def _findings(evidence: Evidence, lists: ListFolder, picker: Picker, counted: Counted, progress: Progress) -> None:
    findings = lists.open(FINDINGS, ("kind", "entity", "key", "state", "detail"))
    with _Told(progress, "findings") as told:
        for f in evidence.findings():
            findings.add(f.kind, f.entity, f.key, f.state, f.detail)
            _count(counted.findings, (f.kind, str(f.state)), ("…", str(f.state)))
            if check := _found_by(f.kind):
                counted.by_check[check, f.entity, str(f.state)] += 1
            picker.offer(GroupName("finding", "", f.kind), Entry(f.entity, f.key, f.detail))
            told.one()


def _texts_and_sums(evidence: Evidence, lists: ListFolder) -> None:
    """Every body that was compared, and every group of every control total of numbers."""
    texts = lists.open(TEXTS, TEXT_FIGURES)
    for entry in evidence.texts():
        texts.add(*entry.values())
    sums = lists.open(SUMS, ("entity", "source", "of", "group", "expected", "missed", "found", "agrees"))
    for line in evidence.sums():
        group = "; ".join(f"{name}: {value}" for name, value in line.group.items())
        missed = "; ".join(f"{name}: {value}" for name, value in line.missed.items())
        sums.add(line.entity, line.source, line.of, group, line.expected, missed, line.found, line.agrees)


def _found_by(kind: str) -> str:
    """The check whose figure counts such findings; empty where none does."""
    return "C1b" if kind.startswith("time-shift-") else _FOUND_BY.get(kind, "")


def write_totals(buckets: Mapping[str, Mapping[str, int]], lists: ListFolder) -> None:
    """Write the counts of every entity."""
    totals = lists.open(TOTALS, ("entity", "bucket", "count"))
    for entity, counts in buckets.items():
        for bucket in COUNTED:
            totals.add(entity, bucket, counts[bucket])


def _figures(examination: Examination | None, lists: ListFolder) -> None:
    tables = lists.open(TABLES, ("table", "rows", "disposition", "detail", "orphans"))
    checks = lists.open(
        CHECKS, ("id", "entity", "holds", "compared", "not_compared", "differences", "independent", "statement")
    )
    cells = lists.open(CELLS, ("entity", "section", "status", "year", *COUNTED, "sum"))
    months = lists.open(MONTHS, ("entity", "month", "source", "target"))
    if examination is None:
        return
    for table in examination.tables:
        tables.add(table.table, table.rows, table.disposition, table.detail, table.orphans)
    for c in examination.checks:
        checks.add(c.id, c.entity, c.holds, c.compared, c.not_compared, c.differences, c.independent, c.statement)
    for entity, totals in examination.entities.items():
        for cell, counts in sorted(totals.cells.items()):
            section, status, year = split_cell(cell)
            numbers = [counts.get(bucket, 0) for bucket in COUNTED]
            cells.add(entity, section, status, year, *numbers, sum(numbers))
        for month, (source, target) in sorted(totals.months.items()):
            months.add(entity, month, source, target)


def split_cell(cell: str) -> tuple[str, str, str]:
    """Section, status and year of a control total's cell. A section may hold the separator itself."""
    parts = cell.rsplit("|", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (cell, "", "")


def _count(counter: Counter[_Key], key: _Key, overflow: _Key) -> None:
    """Codes are few by design; should data ever become codes, memory stays bounded."""
    counter[key if key in counter or len(counter) < CODES_COUNTED else overflow] += 1


class _Told:
    """Tells the progress every thousand rows."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress, self._what, self._done = progress, what, 0

    def __enter__(self) -> _Told:
        self._progress.start(self._what, None)
        return self

    def one(self) -> None:
        self._done += 1
        if self._done == 1000:
            self._progress.advance(self._done)
            self._done = 0

    def __exit__(self, *_: object) -> None:
        self._progress.advance(self._done)
        self._progress.finish()

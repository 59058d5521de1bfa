"""``report.json``: every figure of the report, once. The pages are written from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from migrator import __version__
from migrator.model.accounts import Accounts
from migrator.model.examination import Examination, Tally
from migrator.model.finding import Check, State
from migrator.ports import Ledger, RunInfo
from migrator.report import registers
from migrator.report.lists import ListFile
from migrator.report.registers import Counted
from migrator.report.verdict import Judgement, is_fresh

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the document is made of. ``buckets`` has all names for each entity."""

    project_name: str
    now: datetime
    ledger: Ledger
    examination: Examination | None
    buckets: Mapping[str, Mapping[str, int]]
    counted: Counted
    judgement: Judgement
    lists: tuple[ListFile, ...]


def document(material: Material) -> dict[str, Any]:
    """The content of ``report.json``."""
    examination, counted, judgement = material.examination, material.counted, material.judgement
    return {
        "schema": SCHEMA,
        "project": material.project_name,
        "generated_at": material.now.astimezone(UTC).isoformat(timespec="seconds"),
        "tool_version": __version__,
        "verdict": judgement.verdict,
        "verdict_reason": judgement.reason,
        "contradictions": [asdict(one) for one in judgement.contradictions],
        "examination": _examined(examination, counted.head),
        "journal_head": counted.head,
        "journal_beginning": counted.beginning,
        "journal": {"entries": counted.journal_entries, "list": registers.JOURNAL},
        "baseline": [asdict(each) for each in material.ledger.baseline()],
        "open_intents": material.ledger.open_intent_count(),
        "run": _run(material),
        "runs": [_run_info(run) for run in material.ledger.runs()],
        "entities": _entities(material),
        **_verified(examination, counted),
        "exceptions": _exceptions(counted),
        "notes": {
            "total": sum(counted.notes.values()),
            "by_code": dict(counted.notes.most_common()),
            "list": registers.NOTES,
        },
        "lists": [asdict(file) for file in material.lists],
    }


def _examined(examination: Examination | None, head: str) -> dict[str, Any] | None:
    if examination is None:
        return None
    return {
        "examined_at": examination.examined_at,
        "tool_version": examination.tool_version,
        "verdict": examination.verdict,
        "journal_head": examination.journal_head,
        "fresh": is_fresh(examination, head),
    }


def _run(material: Material) -> dict[str, Any]:
    """The run the figures are about, as the verification describes it, over what the ledger knows."""
    latest = material.ledger.latest_run()
    known = _run_info(latest) if latest else {}
    return known | (dict(material.examination.run) if material.examination else {})


def _run_info(run: RunInfo) -> dict[str, Any]:
    return {
        **asdict(run),
        "started_at": _utc(run.started_at),
        "ended_at": _utc(run.ended_at),
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _entities(material: Material) -> dict[str, Any]:
    totals = material.examination.entities if material.examination else {}
    return {
        entity: {
            "source": totals[entity].source if entity in totals else None,
            "target": totals[entity].target if entity in totals else None,
            "buckets": dict(buckets),
            "sum": sum(buckets.values()),
            "balanced": sum(buckets.values()) == totals[entity].source if entity in totals else None,
            "gone": sum(totals[entity].gone.values()) if entity in totals else None,
        }
        for entity, buckets in material.buckets.items()
    }


def _verified(examination: Examination | None, counted: Counted) -> dict[str, Any]:
    """What only a verification can say. Without one: nothing, which is not the same as zero."""
    if examination is None:
        return {
            "checks": [],
            "differences": _unknown(registers.DIFFERENCES),
            "findings": _unknown(registers.FINDINGS),
            "set_aside": _unknown(registers.EXCEPTIONS),
            "tables": [], "waivers": [], "broken_waivers": [], "unused_waivers": [], "not_checked": [],
            "months": {}, "cells": {}, "date_offsets_h": {}, **Accounts().to_json(),
        }  # fmt: skip
    return {
        "checks": [_check(check, counted) for check in examination.checks],
        "differences": _tallied(examination.differences, registers.DIFFERENCES),
        "findings": _tallied(examination.findings, registers.FINDINGS),
        "set_aside": _tallied(examination.set_aside, registers.EXCEPTIONS),
        "tables": [asdict(table) for table in examination.tables],
        "waivers": [asdict(waiver) for waiver in examination.waivers],
        "broken_waivers": list(examination.broken_waivers),
        "unused_waivers": list(examination.unused_waivers),
        "not_checked": list(examination.not_checked),
        "months": {entity: dict(sorted(t.months.items())) for entity, t in examination.entities.items()},
        "cells": {entity: dict(sorted(t.cells.items())) for entity, t in examination.entities.items()},
        "date_offsets_h": dict(examination.date_offsets_h),
        **examination.accounts.to_json(),
    }


def _check(check: Check, counted: Counted) -> dict[str, Any]:
    """A check's result, with how many of the entries behind its figure are open and how many are waived."""
    return asdict(check) | {
        "open": counted.of_check(check.id, check.entity, State.OPEN),
        "waived": counted.of_check(check.id, check.entity, State.WAIVED),
        "list": registers.check_list(check.id, check.entity),
    }


def _unknown(path: str) -> dict[str, Any]:
    return {"total": None, "by_kind": {}, "declared": {}, "waived": {}, "list": path}


def _tallied(tallies: Mapping[str, Tally], path: str) -> dict[str, Any]:
    return {
        "total": sum(tally.open for tally in tallies.values()),
        "by_kind": {kind: tally.open for kind, tally in tallies.items() if tally.open},
        "declared": {kind: tally.declared for kind, tally in tallies.items() if tally.declared},
        "waived": {kind: tally.waived for kind, tally in tallies.items() if tally.waived},
        "list": path,
    }


def _exceptions(counted: Counted) -> list[dict[str, Any]]:
    return [
        {"entity": entity, "bucket": bucket, "reason": reason, "count": number}
        for (entity, bucket, reason), number in sorted(counted.exceptions.items())
    ]

"""What `verify` hands to `report`: one JSON document of figures, beside JSON-lines lists of differences and findings.

The folder ``verification/`` of a project holds ``examination.json``, ``differences.jsonl`` (one Difference a line),
``findings.jsonl`` (one Finding a line), ``texts.jsonl`` (a body that was compared, a line) and ``sums.jsonl`` (a group of a
control total a line). The lists are streams: nothing in them is held in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from migrator.model.accounts import Accounts
from migrator.model.finding import Check, Difference, DifferenceKind, Finding, State, Waiver
from migrator.model.outcome import Bucket

Verdict = Literal["accepted", "accepted_with_waivers", "rejected", "not_verified"]

EXAMINATION_FILE = "examination.json"
DIFFERENCES_FILE = "differences.jsonl"
FINDINGS_FILE = "findings.jsonl"
TEXTS_FILE = "texts.jsonl"
SUMS_FILE = "sums.jsonl"

COUNTED = tuple(bucket for bucket in Bucket if bucket is not Bucket.GONE)
"""The buckets that make up the source. Rows the source no longer has stand outside the sum."""


@dataclass(slots=True)
class EntityTotals:
    """Control totals of one entity.

    ``source`` is the witness's count, never the ledger's. ``months`` maps ``YYYY-MM`` (Asia/Ho_Chi_Minh) of
    publication to [rows at the source, records at the target], ``0000-00`` being those without a date. ``cells`` maps
    ``section|status|year`` (legacy values) to bucket counts. ``gone`` counts outcomes whose rows the source no longer
    has, by the bucket the ledger has them in; they are outside the sum.
    """

    source: int
    target: int
    buckets: dict[str, int]
    months: dict[str, list[int]] = field(default_factory=dict)
    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class TableAccount:
    """What became of one source table. ``disposition``: mapped, consumed, copy, out-of-scope, unaccounted.

    ``orphans`` counts its rows that belong to nothing; None where nobody declared what they belong to.
    """

    table: str
    rows: int
    disposition: str
    detail: str
    orphans: int | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one kind, by state."""

    open: int = 0
    declared: int = 0
    waived: int = 0


@dataclass(slots=True)
class Examination:
    """The result of one verification. ``journal_head`` (hex) ties it to the state of the ledger it was made from.

    ``set_aside`` has the rows that were not loaded, whatever the bucket, by reason.
    """

    examined_at: str
    tool_version: str
    verdict: Verdict
    journal_head: str
    run: dict[str, Any]
    entities: dict[str, EntityTotals]
    checks: list[Check]
    differences: dict[str, Tally]
    findings: dict[str, Tally]
    set_aside: dict[str, Tally]
    tables: list[TableAccount]
    waivers: list[Waiver]
    broken_waivers: list[str]
    not_checked: list[str]
    date_offsets_h: dict[str, int] = field(default_factory=dict)
    unused_waivers: list[str] = field(default_factory=list)
    accounts: Accounts = field(default_factory=Accounts)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Examination:
        """The inverse of :meth:`to_json`."""
        values = dict(data)
        values["entities"] = {name: EntityTotals(**totals) for name, totals in data["entities"].items()}
        values["checks"] = [Check(**check) for check in data["checks"]]
        for name in ("differences", "findings", "set_aside"):
            values[name] = {kind: Tally(**tally) for kind, tally in data[name].items()}
        values["tables"] = [TableAccount(**table) for table in data["tables"]]
        values["waivers"] = [Waiver(**waiver) for waiver in data["waivers"]]
        values["accounts"] = Accounts.from_json(data["accounts"])
        return cls(**values)


def difference_from_json(data: Mapping[str, Any]) -> Difference:
    """A Difference from a line of the list."""
    return Difference(**{**data, "kind": DifferenceKind(data["kind"]), "state": State(data["state"])})


def finding_from_json(data: Mapping[str, Any]) -> Finding:
    """A Finding from a line of the list."""
    return Finding(**{**data, "state": State(data["state"])})

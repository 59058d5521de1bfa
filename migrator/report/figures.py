"""Geometry and groupings of the page's figures, computed from ``report.json`` alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.model.examination import COUNTED
from migrator.model.outcome import LOADED, Bucket
from migrator.report.registers import split_cell

FUNNELS_OPEN = 6
MONTHS_DRAWN = 60
UNDATED = "0000-00"
CELL_ROWS = 500
TABLE_ROWS = 400


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a stacked bar; ``x`` and ``width`` in percent of the bar."""

    code: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the source to the buckets, for one entity. ``source`` is None where nobody counted it."""

    entity: str
    source: int | None
    source_width: float
    extracted: int
    extracted_width: float
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A pair of bars, heights in percent. ``label`` is a year or ``YYYY-MM``; ``months``: (month, source, target)."""

    label: str
    source: int
    target: int
    source_height: float
    target_height: float
    months: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Records over time, for one entity."""

    entity: str
    by_year: bool
    top: int
    columns: tuple[Column, ...]
    source: int
    target: int
    undated: tuple[int, int] | None

    @property
    def every(self) -> int:
        """Only every so many columns have room for their label."""
        return max(1, -(-len(self.columns) // 9))


@dataclass(frozen=True, slots=True)
class KindBar:
    """One kind of difference or finding by state."""

    kind: str
    open: int
    declared: int
    waived: int
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class CheckCard:
    """All results of one check. ``mark`` is holds, waived, fails, partly or nothing."""

    id: str
    mark: str
    independent: bool
    results: tuple[Mapping[str, Any], ...]
    compared: int
    not_compared: int
    differences: int

    @property
    def statements(self) -> Sequence[str]:
        """What was compared with what, each sentence once."""
        return list(dict.fromkeys(result["statement"] for result in self.results if result["statement"]))

    @property
    def by_entity(self) -> Mapping[str, Mapping[str, Any]]:
        """Results by their entity."""
        return {result["entity"]: result for result in self.results}


@dataclass(frozen=True, slots=True)
class CellRow:
    """A line of the waterfall by section and year, or a section's sum over its years."""

    entity: str
    section: str
    year: str
    buckets: Mapping[str, int]
    total: int
    is_sum: bool


def stacked(counts: Sequence[tuple[str, int]], whole: int) -> tuple[Slice, ...]:
    """Slices of a bar that is ``whole`` long; nothing where a count is 0."""
    slices, x = [], 0.0
    for code, count in counts:
        if count:
            width = 100 * count / whole
            slices.append(Slice(code, count, round(x, 3), round(width, 3)))
            x += width
    return tuple(slices)


def funnels(entities: Mapping[str, Any]) -> list[Funnel]:
    """A funnel for each entity that has any rows."""
    drawn = []
    for entity, totals in entities.items():
        source, total = totals["source"], totals["sum"]
        whole = max(source or 0, total)
        extracted = total - totals["buckets"][Bucket.PENDING]
        if whole:
            slices = stacked([(str(b), totals["buckets"][b]) for b in COUNTED], whole)
            drawn.append(
                Funnel(entity, source, 100 * (source or 0) / whole, extracted, 100 * extracted / whole, slices)
            )
    return drawn


def folded(drawn: Sequence[Funnel]) -> tuple[list[Funnel], list[Funnel]]:
    """Funnels to show and funnels to fold away: those with the most rows not loaded stay open. Both in their order."""
    lost = {funnel.entity: sum(each.count for each in funnel.slices if each.code not in LOADED) for funnel in drawn}
    kept = set(sorted(lost, key=lambda entity: -lost[entity])[:FUNNELS_OPEN])
    return [each for each in drawn if each.entity in kept], [each for each in drawn if each.entity not in kept]


def timelines(months: Mapping[str, Mapping[str, Sequence[int]]]) -> list[Timeline]:
    """Months of each entity, gathered by year where there are more than can be told apart."""
    return [_timeline(entity, counts) for entity, counts in months.items() if counts]


def _timeline(entity: str, counts: Mapping[str, Sequence[int]]) -> Timeline:
    by_year = len(counts.keys() - {UNDATED}) > MONTHS_DRAWN
    periods: dict[str, list[tuple[str, int, int]]] = {}
    for month, (source, target) in sorted(counts.items()):
        if month == UNDATED:
            continue
        periods.setdefault(month[:4] if by_year else month, []).append((month, source, target))
    sums = {label: (sum(m[1] for m in rows), sum(m[2] for m in rows)) for label, rows in periods.items()}
    top = max((max(pair) for pair in sums.values()), default=0) or 1
    columns = tuple(
        Column(label, source, target, 100 * source / top, 100 * target / top, tuple(periods[label]))
        for label, (source, target) in sums.items()
    )
    source, target = (sum(pair[side] for pair in counts.values()) for side in (0, 1))
    undated = (counts[UNDATED][0], counts[UNDATED][1]) if UNDATED in counts else None
    return Timeline(entity, by_year, top, columns, source, target, undated)


def kind_bars(tallied: Mapping[str, Any]) -> list[KindBar]:
    """Kinds with any count, the most open first; bars share one scale."""
    kinds = list(dict.fromkeys([*tallied["by_kind"], *tallied["declared"], *tallied["waived"]]))
    rows = [(k, *(tallied[state].get(k, 0) for state in ("by_kind", "declared", "waived"))) for k in kinds]
    rows.sort(key=lambda row: (-row[1], -row[2] - row[3], row[0]))
    whole = max((sum(row[1:]) for row in rows), default=1)
    return [
        KindBar(kind, o, d, w, stacked([("open", o), ("declared", d), ("waived", w)], whole)) for kind, o, d, w in rows
    ]


CHECK_ORDER = (
    "C1", "C1b", "C2", "C3", "C4", "C5", "C6", "F1", "F2", "I1", "R1", "D1", "T1", "N1", "U1", "M1", "V1", "K1", "K2",
    "S1", "J1",
)  # fmt: skip


def check_cards(checks: Sequence[Mapping[str, Any]]) -> list[CheckCard]:
    """Results by check, always in the same order; a check nobody has put in it comes last."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for check in checks:
        grouped.setdefault(check["id"], []).append(check)
    order = dict.fromkeys([*CHECK_ORDER, *grouped])
    return [_check_card(identifier, grouped[identifier]) for identifier in order if identifier in grouped]


def _check_card(identifier: str, results: Sequence[Mapping[str, Any]]) -> CheckCard:
    sums = (sum(result[name] for result in results) for name in ("compared", "not_compared", "differences"))
    independent = all(result["independent"] for result in results)
    return CheckCard(identifier, _mark({result_mark(r) for r in results}), independent, tuple(results), *sums)


def result_mark(result: Mapping[str, Any]) -> str:
    """holds, fails, nothing – or waived, where a person accepted everything behind the figure. A journal cannot be."""
    if result["holds"] is not False:
        return "holds" if result["holds"] else "nothing"
    settled = result["id"] != "J1" and not result["open"] and result["waived"] >= max(result["differences"], 1)
    return "waived" if settled else "fails"


def _mark(marks: Collection[str]) -> str:
    for worst in ("fails", "waived"):
        if worst in marks:
            return worst
    return "partly" if len(marks) > 1 else next(iter(marks))


def exception_rows(exceptions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int, list[Mapping[str, Any]]]]:
    """(bucket, reason, total, by entity), the buckets that need a person first, then the largest."""
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in exceptions:
        grouped.setdefault((row["bucket"], row["reason"]), []).append(row)
    order = [
        Bucket.CONFLICT,
        Bucket.REJECTED,
        Bucket.FAILED,
        Bucket.PENDING,
        Bucket.WITHHELD,
        Bucket.DROPPED,
        Bucket.MERGED,
    ]
    rows = [(bucket, reason, sum(r["count"] for r in parts), parts) for (bucket, reason), parts in grouped.items()]
    return sorted(rows, key=lambda row: (order.index(Bucket(row[0])), -row[2], row[1]))


def cell_rows(cells: Mapping[str, Mapping[str, Mapping[str, int]]]) -> tuple[list[CellRow], int]:
    """Waterfall lines with a sum for each section, at most CELL_ROWS of them, and how many there are."""
    rows: list[CellRow] = []
    for entity, counted in cells.items():
        sections: dict[str, dict[str, dict[str, int]]] = {}
        for cell, counts in counted.items():
            section, _, year = split_cell(cell)
            line = sections.setdefault(section, {}).setdefault(year, {})
            for bucket, count in counts.items():
                line[bucket] = line.get(bucket, 0) + count
        for section, years in sorted(sections.items()):
            rows.append(_cell_row(entity, section, "", _added(list(years.values())), is_sum=True))
            rows += [_cell_row(entity, section, year, counts) for year, counts in sorted(years.items())]
    return rows[:CELL_ROWS], len(rows)


def _cell_row(entity: str, section: str, year: str, buckets: Mapping[str, int], *, is_sum: bool = False) -> CellRow:
    return CellRow(entity, section, year, buckets, sum(buckets.values()), is_sum)


def _added(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {str(bucket): sum(part.get(bucket, 0) for part in parts) for bucket in COUNTED}

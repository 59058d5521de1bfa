"""One self-contained page in one language. No script, nothing fetched; legacy text only ever as escaped text."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from migrator.model.examination import COUNTED
from migrator.model.outcome import LOADED
from migrator.report import accounts, figures
from migrator.report.byhand import chain_command, chain_program
from migrator.report.records import DrillDown
from migrator.report.registers import FINDINGS, NOT_LOADED, check_list, record_list
from migrator.report.selection import Group
from migrator.report.unchecked import translated
from migrator.report.wording import GLOSSARY, Wording

MAIN_ENTITY = "article"
CARDS_OPEN = 25
PARTICULARS_OPEN = 4
TABLES_UNFOLDED = 12
RUNS_SHOWN = 50
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def page_name(language: str) -> str:
    """File name of the page: Vietnamese is the main one."""
    return "index.html" if language == "vi" else f"index.{language}.html"


def render_page(
    content: Mapping[str, Any], drill: DrillDown, language: str, languages: Sequence[str], digest: str
) -> str:
    """The page from the content of ``report.json`` and the drill-down. ``digest`` is the SHA-256 of ``report.json``."""
    wording = Wording(language)
    template = _environment().get_template("page.html.jinja")
    return template.render(
        r=content,
        drill=drill,
        language=language,
        digest=digest,
        unchecked=translated(content["not_checked"], language),
        others=[(other, page_name(other)) for other in languages if other != language],
        anchors=_anchors(drill),
        main=_main(content),
        chain_command=chain_command(content["journal_beginning"]),
        chain_program=chain_program(content["journal_beginning"]),
        **_words(wording),
        **_figures(content),
        **_constants(),
    )


def _words(wording: Wording) -> dict[str, Any]:
    return {
        "t": wording.text,
        "n": wording.number,
        "when": wording.when,
        "date": wording.date,
        "offset": wording.offset,
        "term": wording.term,
        "has": wording.has,
        "group_name": wording.group,
        "marker": wording.marker,
        "waived_name": wording.waived,
        "share": wording.share,
        "figure": wording.figure,
        "origin": wording.origin,
        "glossary": GLOSSARY,
    }


def _figures(content: Mapping[str, Any]) -> dict[str, Any]:
    checks = figures.check_cards(content["checks"])
    cells, cells_total = figures.cell_rows(content["cells"])
    return {
        "funnels": figures.folded(figures.funnels(content["entities"])),
        "timelines": figures.timelines(content["months"]),
        "difference_bars": figures.kind_bars(content["differences"]),
        "finding_bars": figures.kind_bars(content["findings"]),
        "checks": checks,
        "marks": Counter(check.mark for check in checks),
        "checked_entities": _columns(content),
        "exceptions": figures.exception_rows(content["exceptions"]),
        "cells": cells,
        "cells_total": cells_total,
        "tables": sorted(content["tables"], key=lambda row: (row["disposition"] != "unaccounted", row["disposition"])),
        "list_paths": {file["path"] for file in content["lists"]},
        "list_behind": _ListBehind({file["path"]: file["rows"] for file in content["lists"]}),
        "runs_shown": content["runs"][-RUNS_SHOWN:],
        "offsets": sorted(content["date_offsets_h"].items(), key=_offset_order),
        "texts": accounts.text_cards(content["text"]),
        "sum_groups": accounts.sum_groups(content["sums"]),
        "sum_lines": accounts.sum_lines(content["sums"]),
    }


def _offset_order(offset: tuple[str, int]) -> tuple[bool, float]:
    """Hours in their order, then what is not a number of hours."""
    try:
        return False, float(offset[0])
    except ValueError:
        return True, 0.0


def _columns(content: Mapping[str, Any]) -> list[str]:
    """The entities that were checked, in the order of the totals; what concerns no entity comes last."""
    checked = {result["entity"] for result in content["checks"]}
    return [name for name in content["entities"] if name in checked] + sorted(checked - content["entities"].keys())


def _constants() -> dict[str, Any]:
    return {
        "buckets": [str(bucket) for bucket in COUNTED],
        "not_loaded": [str(bucket) for bucket in COUNTED if bucket in NOT_LOADED],
        "record_list": record_list,
        "check_list": check_list,
        "worst_open": accounts.WORST_OPEN,
        "particulars_open": PARTICULARS_OPEN,
        "group_numbers": _group_numbers,
        "check_marks": ("holds", "waived", "fails", "partly", "nothing"),
        "signs": {"holds": "✓", "waived": "✓", "fails": "✗", "partly": "✓", "nothing": "–"},
        "result_mark": figures.result_mark,
        "cards_open": CARDS_OPEN,
        "tables_unfolded": TABLES_UNFOLDED,
        "tables_shown": figures.TABLE_ROWS,
    }


def _anchors(drill: DrillDown) -> Mapping[tuple[str, str, str], str]:
    """Where the page shows the entries of a group: (category, bucket, code) -> anchor, or nothing."""
    known: dict[tuple[str, str, str], str] = {
        (group.name.category, group.name.bucket, group.name.code): f"g-{number}"
        for number, group in enumerate(drill.groups, 1)
    }
    return defaultdict(str, known)


def _group_numbers(group: Group, drill: DrillDown) -> list[int]:
    """Numbers of the records on the page that a group speaks of, each once."""
    return list(dict.fromkeys(drill.numbers[entry.entity, entry.key] for entry in group.kept))


def _main(content: Mapping[str, Any]) -> dict[str, Any]:
    """The figures in large type: of the articles where there are any, otherwise of all records together."""
    entities = content["entities"]
    chosen = [MAIN_ENTITY] if MAIN_ENTITY in entities else list(entities)
    counted = [entities[name]["source"] for name in chosen]
    return {
        "entity": chosen[0] if len(chosen) == 1 else "",
        "source": None if None in counted or not counted else sum(counted),
        "loaded": sum(entities[name]["buckets"][bucket] for name in chosen for bucket in LOADED),
        "not_loaded": sum(entities[name]["buckets"][bucket] for name in chosen for bucket in NOT_LOADED),
    }


class _ListBehind:
    """Where the records behind a check's figure are: its own list, those F2 names the fields in, or the findings."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows

    def __call__(self, check: Mapping[str, Any]) -> str:
        fields = check_list("F2", check["entity"])
        candidates = [check["list"], *([fields] if check["id"] == "F1" else ())]
        return next((path for path in candidates if self._rows.get(path)), FINDINGS)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("migrator.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_printable,
    )  # fmt: skip


def _printable(value: Any) -> Any:
    """Legacy text without the characters that could garble a page: controls, and marks that turn the direction."""
    if type(value) is not str or (value.isascii() and value.isprintable()):
        return value
    return "".join(f"[U+{ord(c):04X}]" if _garbles(c) else c for c in value)


def _garbles(character: str) -> bool:
    if character in "\n\t\r":
        return False
    return character in TURNING or unicodedata.category(character) in ("Cc", "Cs")

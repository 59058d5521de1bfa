"""Makes a report: lists, figures and pages, in one go and all or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from migrator.i18n import LANGUAGES
from migrator.ports import Ledger, Progress
from migrator.report.document import Material, document
from migrator.report.evidence import load_evidence
from migrator.report.lists import ListFolder
from migrator.report.page import page_name, render_page
from migrator.report.records import side_by_side
from migrator.report.registers import write_lists, write_totals
from migrator.report.selection import Picker
from migrator.report.sides import Sides
from migrator.report.swap import MARK, replacing
from migrator.report.verdict import buckets_of, judge

SUMS = "SHA256SUMS"


def build_report(
    *, project_name: str, ledger: Ledger, verification: Path, compare: Sides, out: Path,
    languages: Sequence[str] = LANGUAGES, now: datetime, progress: Progress,
) -> dict[str, Any]:  # fmt: skip
    """Write ``report.json``, a page for each language and all lists into ``out``; the content of ``report.json``.

    ``verification`` is the folder of the last verification and may be missing. EvidenceError where it cannot be read.
    """
    evidence = load_evidence(verification)
    examination = evidence.examination
    claimed = ledger.counts()
    picker = Picker()
    with replacing(out) as folder:
        with ListFolder(folder) as lists:
            counted = write_lists(ledger, evidence, lists, picker, progress)
            buckets = buckets_of(examination, counted.head, claimed)
            write_totals(buckets, lists)
        judgement = judge(examination, buckets, claimed, counted)
        content = document(Material(project_name, now, ledger, examination, buckets, counted, judgement, lists.files))
        figures = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"
        (folder / MARK).write_bytes(figures)
        digest = hashlib.sha256(figures).hexdigest()
        choice = picker.choose()
        drill = side_by_side(choice, compare, progress)
        for language in languages:
            page = render_page(content, drill, language, languages, digest)
            (folder / page_name(language)).write_bytes(page.encode("utf-8", "backslashreplace"))
        sums = [f"{digest}  {MARK}", *(f"{file.sha256}  {file.path}" for file in lists.files)]
        (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")
    return content

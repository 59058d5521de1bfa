"""The texts of one language, as the templates call them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from migrator import i18n
from migrator.report.selection import GroupName

_PATTERNED = re.compile(r"^(missing|dangling)-(.+)$|^time-shift-(-?\d+)h$|^file-(.+)$")
_OF_SOURCE = re.compile(r"(\w+) \((.+)\)")

GLOSSARY = (
    ("đối soát", "reconciliation"),
    ("sai lệch", "difference, deviation"),
    ("tồn đọng", "backlog, outstanding items"),
    ("di trú dữ liệu", "data migration"),
    ("trích xuất / chuyển đổi / nạp", "extract / transform / load"),
    ("hệ thống nguồn / hệ thống đích", "source / target system"),
    ("mã cũ", "legacy id"),
    ("cách ly (chờ xử lý)", "quarantine"),
    ("mã băm", "hash"),
    ("sổ nhật ký", "ledger, journal"),
    ("bản ghi", "record"),
    ("toàn vẹn dữ liệu", "data integrity"),
    ("miễn trừ", "waiver"),
    ("nghiệm thu", "acceptance"),
    ("bàn giao", "handover"),
    ("sapo", "lead, standfirst"),
    ("chuyên mục", "section"),
    ("dòng sự kiện", "event stream"),
    ("bút danh", "pen name"),
    ("ảnh đại diện", "lead image"),
    ("gỡ bài", "retraction, taking down"),
)


class Wording:
    """Looks texts up, and writes numbers, dates and names."""

    def __init__(self, language: str) -> None:
        self._language = language

    def text(self, key: str, **values: Any) -> str:
        """A text of the report."""
        return i18n.text(f"report.{key}", self._language, **values)

    def number(self, value: int | float | None) -> str:
        """A number; a dash for one nobody knows."""
        return "–" if value is None else i18n.number(value, self._language)

    def share(self, value: float | None) -> str:
        """A share as a percentage with at most two places; a dash for one nobody knows. Only the whole is 100 %."""
        if value is None:
            return "–"
        percent = 99.99 if 0.9999 < value < 1 else round(value * 100, 2)
        return self.text("share", percent=int(percent) if percent == int(percent) else percent)

    def figure(self, number: str) -> str:
        """A number that is kept as text, because it may be larger or finer than a float."""
        return i18n.number(Decimal(number), self._language)

    def offset(self, hours: str) -> str:
        """Hours with their sign."""
        try:
            value = float(hours)
        except ValueError:
            return self.term("offset", hours)
        return ("+" if value > 0 else "") + i18n.number(int(value) if value == int(value) else value, self._language)

    def when(self, moment: str | None) -> str:
        """An ISO instant as people read it; as it is where it cannot be read."""
        if not moment:
            return "–"
        try:
            return i18n.instant(datetime.fromisoformat(moment), self._language)
        except ValueError:
            return moment

    def marker(self, marker: str) -> str:
        """The cut-off marker in words; as it is where it is not one of ours."""
        try:
            sources = json.loads(marker)
            return "; ".join(self._source(name, held) for name, held in sources.items())
        except (ValueError, AttributeError, KeyError, TypeError):
            return marker

    def _source(self, name: str, held: Mapping[str, Any]) -> str:
        rows = self._rows(held["entities"])
        consistency = self.text("marker_consistent" if held["consistent"] else "marker_drifting")
        return f"{name}: {rows} ({consistency}{self._drift(held)}{self._staged(held)})"

    def _staged(self, held: Mapping[str, Any]) -> str:
        """That a staged copy was read, and which."""
        taken, _, digest = str(held.get("staged") or "").partition(" ")
        return "; " + self.text("marker_staged", taken=self.when(taken), digest=digest) if digest else ""

    def _rows(self, entities: Iterable[Any]) -> str:
        return ", ".join(
            self.text("marker_rows", entity=self.term("entity", entity), rows=rows, largest=largest)
            for entity, rows, largest in entities
        )

    def _drift(self, held: Mapping[str, Any]) -> str:
        """What moved while a source without a snapshot was read."""
        if held.get("at_end") is None:
            return ""
        moved = [entity for entity in held["at_end"] if entity not in held["entities"]]
        said = self.text("marker_moved", rows=self._rows(moved)) if moved else self.text("marker_unmoved")
        touched = self.text("marker_touched", tables=", ".join(held["touched"])) if held.get("touched") else ""
        return f"; {said}{touched}"

    def date(self, day: str) -> str:
        """An ISO date as people read it; as it is where it cannot be read."""
        try:
            return f"{date.fromisoformat(day):%d/%m/%Y}" if day else "–"
        except ValueError:
            return day

    def origin(self, origin: str) -> str:
        """Where an old address is known from: the records of a source (``article (web)``), or a list of addresses."""
        records = _OF_SOURCE.fullmatch(origin)
        return f"{self.term('entity', records[1])} ({records[2]})" if records else self.term("address_origin", origin)

    def group(self, name: GroupName) -> str:
        """Heading of a group: what it is, and of which kind."""
        if name.category != "exception":
            return self.term(name.category, name.code)
        bucket = self.term("bucket", name.bucket)
        return f"{bucket}: {self.term('reason', name.code)}" if name.code else bucket

    def waived(self, kind: str) -> str:
        """The kind of a waiver: of a difference, a finding or a reason, whichever knows it."""
        names = (self.term(group, kind) for group in ("difference", "finding", "reason"))
        return next((name for name in names if name != kind), kind)

    def term(self, group: str, code: str) -> str:
        """The name of a code, or the code. Some codes hold a field's name, a number of hours or a file's state."""
        found = None if self.has(f"{group}.{code}") else _PATTERNED.match(code)
        if found and found[3] and group == "finding":
            return self.text("finding_shift", hours=self.offset(found[3]))
        if found and found[4] and group == "finding":
            return self.text("finding_file", state=self.term("file_state", found[4]))
        if found and found[1] and group in ("reason", "finding"):
            return self.text(f"reason_{found[1]}", field=self.term("field", found[2]))
        return i18n.term(group, code, self._language)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return i18n.has(key, self._language)

"""A made-up newspaper's migration: ledger, verification and both sides of its records, for the report's tests.

All of it is invented. ``Sample`` can be bent (more exceptions, hostile text, a stale verification) before it is built.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from migrator.ledger.journal import chain_hash
from migrator.model.examination import (
    COUNTED,
    DIFFERENCES_FILE,
    EXAMINATION_FILE,
    FINDINGS_FILE,
    SUMS_FILE,
    TEXTS_FILE,
    EntityTotals,
    Examination,
    TableAccount,
    Tally,
    Verdict,
)
from migrator.model.finding import Check, Difference, DifferenceKind, Finding, State, Waiver
from migrator.model.outcome import Bucket, Note, journal_beginning
from migrator.ports import Baseline, Item, JournalEntry, Ledger, RunInfo
from migrator.verify.unchecked import NO_HTTP, NOT_BUILT
from tests.unit.report import proofs

NOW = datetime(2026, 3, 14, 2, 5, tzinfo=UTC)
HOSTILE = '<script>alert("sapo")</script>"><img src=x onerror=alert(1)>'

CREATED = {"section": 14, "topic": 8, "tag": 412, "person": 63, "asset": 2310, "article": 1880}
ASIDE: Sequence[tuple[str, Bucket, str, str, str, int]] = (
    ("tag", Bucket.MERGED, "duplicate-tag", "tag.yaml:31", "trùng với “thủy sản”", 9),
    ("asset", Bucket.REJECTED, "bad-text", "asset.yaml:12", "đường dẫn không giải mã được", 2),
    ("article", Bucket.MERGED, "duplicate", "article.yaml:88", "", 12),
    ("article", Bucket.DROPPED, "trash", "article.yaml:14", "trạng thái −1", 60),
    ("article", Bucket.DROPPED, "test-article", "article.yaml:15", "tiêu đề bắt đầu bằng “test”", 18),
    ("article", Bucket.WITHHELD, "retracted", "article.yaml:20", "gỡ theo quyết định", 3),
    ("article", Bucket.REJECTED, "missing-body", "article.yaml:41", "không có dòng nào trong bảng nội dung", 14),
    ("article", Bucket.REJECTED, "dangling-section", "article.yaml:52", "chuyên mục 99 không tồn tại", 5),
    ("article", Bucket.REJECTED, "zero-date", "article.yaml:60", "publtime = 0", 3),
    ("article", Bucket.GONE, "gone-at-source", "", "không còn trong bảng bài viết", 4),
    ("article", Bucket.FAILED, "too-long", "", "sapo 1.204 ký tự, cột đích nhận 1.000", 5),
)
HEADLINES = (
    "Sản lượng hàng qua bến cảng Đình Vũ tăng 12%",
    "Gỡ nút thắt kết nối giao thông tới cảng Lạch Huyện",
    "Nông dân Tiên Lãng được mùa thuốc lào",
    "Khai mạc lễ hội chọi trâu Đồ Sơn năm nay",
    "Cầu Rào 3 thông xe kỹ thuật, giảm tải cho nội đô",
    "Trường THPT vùng ven đón 400 học sinh lớp 10",
)
MARKER = '{"nv":{"consistent":true,"entities":[["article",2000,"2417"],["tag",421,"588"]]}}'
BEFORE = (Baseline("article", 1200, "1311"), Baseline("tag", 0, None), Baseline("section", 3, "7"))
NOT_CHECKED = (
    "C1b article: 2000 could not be compared (no sitemap could be read)",
    "I1 article of nv: only stored = sent (F1) is proved of slug, genre, is_locked, language, word_count",
    "I1 tag of nv: only stored = sent (F1) is proved of slug, description",
    "R1 article of nv: internal links in bodies",
    "T1 article of nv: the text of bodies",
    *(f"C6 {entity} of nv: rows changed after the cut-off" for entity in CREATED),
    "C6 royalty: no run has left a cut-off",
    "N1 royalty of toasoan: sums of numbers",
    "U1 section of nv: old addresses",
    NO_HTTP,
    *NOT_BUILT,
    "a sentence of a form nobody knows",
)
SECTIONS = ("Thời sự", "Kinh tế", "Văn hóa - Du lịch", "Giáo dục", "Thể thao")


def _digest(*parts: object) -> bytes:
    return hashlib.sha256("|".join(map(str, parts)).encode()).digest()


@dataclass(slots=True)
class FakeLedger:
    """As much of a Ledger as a report reads."""

    rows: list[Item]
    entries: list[JournalEntry]
    remarks: list[tuple[str, Note]]
    history: list[RunInfo]
    intents: int = 0
    before: Sequence[Baseline] = ()

    def baseline(self) -> Sequence[Baseline]:
        return self.before

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        counted: dict[str, Counter[str]] = {}
        for item in self.rows:
            counted.setdefault(item.entity, Counter())[str(item.bucket)] += 1
        return counted

    def set_aside(self, buckets: Collection[Bucket]) -> Iterator[Item]:
        return (item for item in self.rows if item.bucket in buckets)

    def all_items(self, entity: str = "") -> Iterator[Item]:
        return (item for item in self.rows if entity in ("", item.entity))

    def notes(self, entity: str = "") -> Iterator[tuple[str, Note]]:
        return iter(self.remarks)

    def runs(self) -> Sequence[RunInfo]:
        return self.history

    def latest_run(self) -> RunInfo | None:
        return self.history[-1] if self.history else None

    def journal(self) -> Iterator[JournalEntry]:
        return iter(self.entries)

    def open_intent_count(self) -> int:
        return self.intents


@dataclass(slots=True)
class FakeSides:
    """Both sides of every record; remembers how many keys it was asked for at once."""

    hostile: str = ""
    largest_request: int = 0

    def source(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        self.largest_request = max(self.largest_request, len(keys))
        return {key: self._source(entity, key) for key in keys}

    def target(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        return {key: self._target(entity, key) for key in keys if int(key.rsplit(":", 1)[1]) <= CREATED.get(entity, 0)}

    def _source(self, entity: str, key: str) -> dict[str, str]:
        number = int(key.rsplit(":", 1)[1])
        if entity != "article":
            return {"name": f"{self.hostile}hoà bình {number}"}
        return {
            "headline": self.hostile + HEADLINES[number % len(HEADLINES)],
            "standfirst": "Trong quý đầu năm, thành phố ghi nhận nhiều chuyển biến tích cực ở các lĩnh vực.",
            "section": SECTIONS[number % len(SECTIONS)],
            "published_at": "14/03/2019 08:15",
            "byline": "Bài, ảnh: Hồng Minh",
            "body_html": f"<p>Sáng nay, {self.hostile}đoàn công tác kiểm tra tiến độ tại hiện trường.</p>" * 9
            + "<p>Ông Nguyễn Văn A cho biết dự án về đích sớm 2 tháng.</p>",
        }

    def _target(self, entity: str, key: str) -> dict[str, str]:
        values = self._source(entity, key)
        if entity == "article":
            values["headline"] = values["headline"].replace("tăng", "tang")
            values["published_at"] = "14/03/2019 15:15"
            values["standfirst"] = values["standfirst"].replace("chuyển biến", "chuyển\u00a0biến")
            values["body_html"] = values["body_html"].replace("2 tháng", "hai tháng")
        return values


@dataclass(slots=True)
class Sample:
    """What the tests bend."""

    verdict: Verdict = "rejected"
    hostile: str = ""
    extra_exceptions: int = 0
    open_differences: bool = True
    years: int = 9
    source_off_by: int = 0
    differences: list[Difference] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)

    def ledger(self) -> FakeLedger:
        rows = [_item(entity, number, Bucket.CREATED) for entity, n in CREATED.items() for number in range(1, n + 1)]
        following = dict(CREATED)
        groups = [*ASIDE, ("article", Bucket.REJECTED, "unmapped-value", "crosswalks/status.csv", "status 41", 0)]
        groups[-1] = (*groups[-1][:5], self.extra_exceptions)
        for entity, bucket, reason, rule, detail, many in groups:
            for _ in range(many):
                following[entity] += 1
                rows.append(_item(entity, following[entity], bucket, reason, rule, self.hostile + detail))
        return FakeLedger(rows, _journal(len(rows), BEFORE), list(_notes(self.hostile)), _runs(), before=BEFORE)

    def book(self) -> Ledger:
        """The ledger as the port's type."""
        return cast(Ledger, self.ledger())

    def examination(self, ledger: FakeLedger) -> Examination:
        differences = self.all_differences()
        return Examination(
            examined_at="2026-03-13T16:40:00+00:00", tool_version="0.1.0", verdict=self.verdict,
            journal_head=ledger.entries[-1].hash.hex(),
            run={"source": "nukeviet (MariaDB 10.11)", "cut_off_at": "2026-03-12T17:00:00+00:00", "complete": True},
            entities={e: self._totals(e, counts) for e, counts in ledger.counts().items()},
            checks=list(_checks(differences, {e: sum(c.values()) for e, c in ledger.counts().items()})),
            differences=_tally((str(d.kind), d.state) for d in differences),
            findings=_tally((f.kind, f.state) for f in self.all_findings()),
            set_aside={"missing-body": Tally(14), "dangling-section": Tally(0, 0, 5), "too-long": Tally(5)},
            tables=_tables(), waivers=[*_waivers(), *self.waivers], broken_waivers=[],
            unused_waivers=["dangling-section (article), by Thư ký tòa soạn: nothing needed it"],
            not_checked=list(NOT_CHECKED),
            date_offsets_h={"0": 1874, "7": 3, "other": 3},
            accounts=proofs.accounts(self.hostile),
        )  # fmt: skip

    def write(self, folder: Path, ledger: FakeLedger) -> Examination:
        """The verification's folder."""
        examination = self.examination(ledger)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / EXAMINATION_FILE).write_text(json.dumps(examination.to_json()), encoding="utf-8")
        _lines(folder / DIFFERENCES_FILE, [asdict(d) for d in self.all_differences()])
        _lines(folder / FINDINGS_FILE, [asdict(f) for f in self.all_findings()])
        _lines(folder / TEXTS_FILE, list(proofs.texts()))
        _lines(folder / SUMS_FILE, [asdict(line) for line in proofs.sums(self.hostile)])
        return examination

    def all_differences(self) -> list[Difference]:
        return [*(_differences(self.hostile) if self.open_differences else ()), *_declared(), *self.differences]

    def all_findings(self) -> list[Finding]:
        return [*_findings(self.hostile), *self.findings]

    def _totals(self, entity: str, counts: Mapping[str, int]) -> EntityTotals:
        buckets = {str(bucket): counts.get(bucket, 0) for bucket in COUNTED}
        source = sum(buckets.values()) + (self.source_off_by if entity == "article" else 0)
        totals = EntityTotals(source, buckets["created"], buckets)
        if gone := counts.get(Bucket.GONE, 0):
            totals.gone = {"gone": gone}
        if entity == "article":
            totals.months = {
                f"{2017 + m // 12}-{m % 12 + 1:02}": [18 + m * 7 % 11, 17 + m * 7 % 11 - m % 5 // 4]
                for m in range(self.years * 12)
            } | {"0000-00": [3, 0]}
            totals.cells = {
                f"{section}|{status}|{2017 + year}": {
                    "created": 30 + year * 3,
                    "rejected": year % 2,
                    "dropped": year % 3,
                }
                for section in (*SECTIONS, "Góc | bạn đọc")
                for status in ("1", "4")
                for year in range(self.years)
            }
        return totals


def _item(entity: str, number: int, bucket: Bucket, reason: str = "", rule: str = "", detail: str = "") -> Item:
    key = f"nv:{entity}:{number}"
    loaded = bucket is Bucket.CREATED
    return Item(
        key=key, entity=entity, bucket=bucket, source_fingerprint=_digest(key), mapping_fingerprint=_digest(entity),
        content=_digest(key, "content") if loaded else None, digests=None, target_id=str(number) if loaded else None,
        merged_into=f"nv:{entity}:1" if bucket is Bucket.MERGED else None, merge_digest=None, reason=reason,
        rule=rule, detail=detail, run=2, seq=number // 500 + 1, pos=number % 500, attempts=1,
    )  # fmt: skip


def _journal(rows: int, before: Sequence[Baseline]) -> list[JournalEntry]:
    entries, previous = [], journal_beginning((each.entity, each.rows, each.largest_id) for each in before)
    for seq in range(1, rows // 500 + 2):
        at, root = f"2026-03-12T18:{seq:02}:00+00:00", _digest("root", seq)
        head = chain_hash(previous, seq, 2, at, 500, root)
        entries.append(JournalEntry(seq, 2, at, 500, root, previous, head))
        previous = head
    return entries


def _runs() -> list[RunInfo]:
    start = datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
    mapping = _digest("mapping").hex()
    return [
        RunInfo(1, "run --limit 200", start, start + timedelta(minutes=2), "0.1.0", mapping, "", "done", "kỹ thuật", 1),
        RunInfo(2, "run", start + timedelta(days=1), start + timedelta(days=1, hours=1), "0.1.0", mapping,
                MARKER, "set_aside", "Vũ Thị Hạnh", 2),
    ]  # fmt: skip


def _notes(hostile: str) -> Iterator[tuple[str, Note]]:
    for number in range(1, 700):
        yield f"nv:article:{number}", Note("link-rewritten", "body_html", f"/news/thoi-su-{number}.html{hostile}")
        if number % 3 == 0:
            yield f"nv:article:{number}", Note("decoded", "standfirst", "TCVN3")
        if number % 90 == 0:
            yield f"nv:article:{number}", Note("word-debris", "body_html", "=MSO")


def _checks(differences: Sequence[Difference], sizes: Mapping[str, int]) -> Iterator[Check]:
    found = Counter((d.check, d.entity) for d in differences)
    broken = {(d.check, d.entity) for d in differences if d.state is not State.DECLARED}
    loaded = CREATED
    for identifier, entities, independent in (
        ("C1", list(sizes), True), ("C1b", ["article"], True), ("C2", list(sizes), False), ("C4", list(sizes), True),
        ("C5", ["article"], True), ("F1", list(sizes), True), ("I1", ["article", "tag"], True),
        ("R1", ["article"], True),
        ("D1", ["article"], True), ("K1", ["article"], True), ("K2", ["article"], True), ("N1", ["royalty", "comment"], True),
        ("J1", [""], True),
    ):  # fmt: skip
        for entity in entities:
            size = sizes.get(entity, 6) if identifier[0] == "C" else loaded.get(entity, 6)
            holds: bool | None = None if identifier == "C1b" else (identifier, entity) not in broken
            apart = size if holds is None else 3 if identifier == "D1" else 0
            yield Check(identifier, entity, holds, size - apart, apart, found[identifier, entity], independent,
                        f"{size} rows of {entity or 'the journal'} compared by key.")  # fmt: skip


def _differences(hostile: str) -> Iterator[Difference]:
    def article(
        check: str, number: int, name: str, kind: DifferenceKind, expected: str, found: str, detail: str = ""
    ) -> Difference:
        key = f"nv:article:{number}"
        return Difference(check, "article", key, name, kind, hostile + expected, hostile + found, detail)

    yield article("I1", 1, "headline", DifferenceKind.CHANGED, "Sản lượng tăng 12%", "Sản lượng tang 12%")
    yield article("I1", 1, "published_at", DifferenceKind.TIME_SHIFT, "2019-03-14T01:15Z", "2019-03-14T08:15Z", "+7 h")
    for number in range(40, 47):
        yield article(
            "F1", number, "standfirst", DifferenceKind.WHITESPACE, "nhiều chuyển biến", "nhiều\u00a0chuyển biến"
        )
    yield article("F1", 60, "byline", DifferenceKind.UNICODE_FORM, "Hải Phòng", "Ha\u0309i Pho\u0300ng")
    yield article("R1", 77, "section", DifferenceKind.CHANGED, "nv:section:5", "nv:section:6")
    yield article("C4", 91, "", DifferenceKind.MISSING, "", "", "=HYPERLINK: không tìm thấy ở đích")


def _declared() -> Iterator[Difference]:
    for number in range(100, 160):
        key = f"nv:article:{number}"
        yield Difference(
            "I1", "article", key, "headline", DifferenceKind.ESCAPE, "A &amp; B", "A & B", "unescape", State.DECLARED
        )
    for number in range(200, 204):
        yield Difference("I1", "tag", f"nv:tag:{number}", "name", DifferenceKind.CASE, "Du lịch", "du lịch", "",
                         State.WAIVED)  # fmt: skip


def _findings(hostile: str) -> Iterator[Finding]:
    for number in range(300, 321):
        yield Finding("copy-drift", "article", f"nv:article:{number}", f"{hostile}nv_news_5.hometext khác nv_news_rows")
    for number in range(9001, 9004):
        yield Finding("orphan-row", "article", f"nv:article:{number}", "belongs to no row of nv_news_rows (id)")
        yield Finding("only-on-site", "article", f"nv:article:{number}", "/thoi-su/bai-chi-con-tren-trang.html")
    yield Finding("dangling-link", "article", "nv:article:12", "liên kết tới bài 99999", State.WAIVED)
    yield Finding("file-too-large", "asset", "nv:asset:5", "uploads/5.mp4: too-large at the source")
    yield Finding("something-new", "article", "nv:article:13", "mã chưa có tên")


def _tables() -> list[TableAccount]:
    return [
        TableAccount("nv_news_rows", 2000, "mapped", "article"),
        TableAccount("nv_news_bodyhtml_1", 1986, "consumed", "nội dung của article", 3),
        TableAccount("nv_news_5", 412, "copy", "chép lại nv_news_rows theo chuyên mục"),
        TableAccount("nv_users", 31, "out-of-scope", "dữ liệu cá nhân"),
        TableAccount("nv_news_extra", 7, "unaccounted", ""),
    ]


def _waivers() -> list[Waiver]:
    return [
        Waiver("case-only", "tag", 10, False, "Bạn đọc không nhận ra", "Phó TBT Lê Thị Ngọc", "2026-06-30"),
        Waiver("dangling-section", "article", 0.005, True, "Chuyên mục đã xóa từ 2014", "Thư ký tòa soạn", ""),
    ]


def _tally(pairs: Iterator[tuple[str, State]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for kind, state in pairs:
        tally = tallies.setdefault(kind, Tally())
        setattr(tally, state, getattr(tally, state) + 1)
    return tallies


def _lines(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


class Quiet:
    """A progress nobody looks at."""

    def start(self, what: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...

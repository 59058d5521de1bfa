"""Text, sums of numbers, files, old addresses, the cut-off and the vault, as the pages and report.json show them."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from migrator.i18n import LANGUAGES
from migrator.model.accounts import Accounts, TextAccount
from migrator.model.content import ENTITIES
from migrator.model.examination import EXAMINATION_FILE
from migrator.report import figures
from migrator.report.accounts import text_cards
from migrator.report.unchecked import translated
from migrator.report.wording import Wording
from migrator.verify.unchecked import NO_HTTP, NO_MEDIA, NO_REDIRECTS, NO_VAULT
from tests.unit.report import proofs
from tests.unit.report.conftest import Build, remake
from tests.unit.report.newsroom import HOSTILE, Sample

EMPTY = {
    "text": "Chưa có văn bản nào được so.",
    "sums": "Chưa có tổng kiểm soát nào được khai báo.",
    "media": "Tệp không nằm trong lần đối soát này.",
    "redirects": "Địa chỉ cũ không nằm trong lần đối soát này.",
    "cut_off": "Chưa có lần chạy nào để lại mốc chốt.",
    "vault": "Không có bản ghi nào giữ lại mà so được với kho kín.",
}


class Words(HTMLParser):
    """The words of a piece of a page; what stands in cells is apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(" " if tag in {"td", "th", "dt", "dd", "p"} else "")

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def section(page: str, name: str) -> str:
    """The words of a section, white space as one space."""
    html = page[page.index(f'<section id="{name}">') :]
    return " ".join("".join(Words(html[: html.index("<section id=", 1)]).found).split())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("text", "Đã so 1.860 trong 1.860 bài có nội dung. Mức phải đạt: giữ được 99 %, đúng nguồn 97 %."),
        ("text", "Giữ được 1.840 12 5 1 1 1 0"),
        ("text", "Bảng 31 30 -1"),
        ("text", "Tỷ lệ chữ có dấu 28,25 % 28,21 %"),
        ("text", "phông TCVN3, VNI: 120; chữ vỡ dấu: 9"),
        ("text", ".related: 812"),
        ("text", "Tác giả ghi dưới bài: 44"),
        ("text", "nv:article:92 · Giữ được 93 % · Đúng nguồn 100 %"),
        ("sums", "Số tiền (đồng) 157 48.876.500 48.000.000,5 850.000 25.000 ✗ 2 nhóm lệch"),
        ("sums", "bảng tổng của chính nguồn (tong_hop): ✗ 3 nhóm lệch với các dòng"),
        ("sums", "Bình luận (nv), theo Trạng thái"),
        ("media", "nv 86 127.417 đã lưu: 84; không còn: 2 nguyên vẹn ở đích: 83; MẤT ở đích: 1; nguồn vốn không có: 2"),
        ("media", "toasoan 9 0 không rõ: 9"),
        ("redirects", "719 (301: 717; 410: 2)"),
        ("redirects", "Tin, bài (nv): 349; sơ đồ trang (sitemap): 290"),
        ("redirects", "dẫn tới đúng bản ghi: 631; thiếu chuyển hướng: 1; báo đã gỡ (410): 7"),
        ("cut_off", "Tin, bài (nv) 13/03/2026 00:00 (giờ Việt Nam) 2.000 5 2 2.003 4 1 3 (còn 1 ở đích)"),
        ("cut_off", "421 0 0 421 không khai báo 0 0"),
        ("vault", "Tin, bài 3 2 2"),
        ("tables", "nv_news_bodyhtml_1 1.986 Dùng làm một phần của bản ghi khác 3"),
    ],
)
def test_the_page_shows_what_was_counted(build: Build, name: str, shown: str) -> None:
    assert shown in section(build().page(), name).replace("\xa0", " ")


def test_differences_of_text_and_sums_are_marked(build: Build) -> None:
    page = build().page()
    sums = page[page.index('<section id="sums">') : page.index('<section id="media">')]
    assert sums.count('class="fault"') == 1
    vault = page[page.index('<section id="vault">') : page.index('<section id="months">')]
    assert vault.count('class="fault"') == 1
    text = page[page.index('<section id="text">') : page.index('<section id="sums">')]
    assert '<mark class="gone">hai tháng </mark>' in text
    assert len(re.findall(r'<td class="num no">1</td>', text)) == 5  # three bodies under 0.99, two under 0.97


def test_worst_texts_and_groups_are_shown_but_never_obeyed(build: Build) -> None:
    page = build(Sample(hostile=HOSTILE)).page()
    assert "<script" not in page
    text = page[page.index('<section id="text">') : page.index('<section id="media">')]
    assert text.count("alert") >= 2


@pytest.mark.parametrize("name", EMPTY)
def test_what_was_not_checked_is_said_in_its_place(tmp_path: Path, name: str) -> None:
    sample = Sample()
    ledger = sample.ledger()
    sample.write(tmp_path / "verification", ledger)
    file = tmp_path / "verification" / EXAMINATION_FILE
    result = json.loads(file.read_text(encoding="utf-8"))
    result["accounts"] = Accounts().to_json()
    file.write_text(json.dumps(result), encoding="utf-8")
    page = remake(tmp_path, sample, ledger).page()
    assert EMPTY[name] in section(page, name)


def test_text_that_is_whole_says_so_and_text_that_was_not_there_does_not() -> None:
    whole = TextAccount("article", "nv", bodies=2, compared=2, asked={"recall": 1, "precision": 1})
    whole.recall["1"] = whole.precision["1"] = 2
    card, nothing = text_cards(Accounts(text=[whole, proofs.accounts("").text[1]]).to_json()["text"])
    assert [each.code for each in card.spreads[0].slices] == ["share-0"]
    assert [each.width for each in card.spreads[0].slices] == [100]
    assert nothing.spreads[0].slices == ()
    assert nothing.accents == (None, None)


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "100%"), (0.999999, "99.99%"), (0.99234, "99.23%"), (0.5, "50%"), (0, "0%"), (None, "–")]
)
def test_only_the_whole_is_a_hundred_percent(value: float | None, shown: str) -> None:
    assert Wording("en").share(value) == shown


def test_many_kinds_of_record_do_not_bury_the_page() -> None:
    buckets = {"created": 10, "dropped": 0, "pending": 0}
    entities = {
        name: {"source": 10, "sum": 10, "buckets": Counter({**buckets, "dropped": place % 5})}
        for place, name in enumerate(ENTITIES)
    }
    shown, folded = figures.folded(figures.funnels(entities))
    assert len(shown) == figures.FUNNELS_OPEN
    assert len(shown) + len(folded) == len(ENTITIES) == 16
    assert min(sum(s.count for s in f.slices if s.code == "dropped") for f in shown) >= max(
        sum(s.count for s in f.slices if s.code == "dropped") for f in folded
    )


def test_many_particulars_are_folded_but_there(build: Build) -> None:
    page = build().page()
    panel = page[page.index('class="panel is-unchecked"') : page.index('class="tiles"')]
    (folded,) = re.findall(r"<details><summary>(.*?)</details>", panel, re.DOTALL)
    assert folded.startswith("Không khai báo cột thời điểm sửa")
    assert "6 loại bản ghi" in folded
    assert folded.count("(nv)</small>") == 6


@pytest.mark.parametrize(
    "sentence",
    [
        NO_HTTP, NO_MEDIA, NO_REDIRECTS, NO_VAULT, "T1 article of nv: the text of bodies",
        "C6 article of nv: rows changed after the cut-off", "C6 royalty: no run has left a cut-off",
        "N1 royalty of toasoan: sums of numbers", "U1 section of nv: old addresses",
    ],
)  # fmt: skip
def test_every_blind_spot_of_the_new_checks_is_translated(sentence: str) -> None:
    vietnamese, english = (translated([sentence], language) for language in LANGUAGES)
    assert not vietnamese.keys() & {sentence, *english}
    assert [len(particulars) for particulars in vietnamese.values()] == [len(p) for p in english.values()]


def test_a_file_s_state_is_named(build: Build) -> None:
    assert "Tệp ở nguồn: quá lớn" in build().page()

"""The pages: safe whatever the legacy text is, self-contained, bounded, the same figures in both languages."""

import re
from html.parser import HTMLParser

import pytest

from migrator.i18n import LANGUAGES
from migrator.report.figures import result_mark
from migrator.report.selection import RECORDS_SHOWN
from migrator.report.unchecked import translated
from migrator.verify.unchecked import NOT_BUILT
from tests.unit.report.conftest import Build, Built
from tests.unit.report.newsroom import HOSTILE, NOT_CHECKED, Sample

PAGES = ("index.html", "index.en.html")
VOID = {"meta", "img", "link", "input", "br", "hr", "rect", "svg"}
FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "cite"}


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside of style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.found if name in attributes]


@pytest.fixture
def hostile(build: Build) -> Built:
    return build(Sample(hostile=HOSTILE))


@pytest.mark.parametrize("name", PAGES)
def test_hostile_legacy_text_is_shown_but_never_obeyed(hostile: Built, name: str) -> None:
    page = hostile.page(name)
    elements = Elements(page)
    assert "<script" not in page
    assert not {tag for tag, _ in elements.found} & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "link",
    }
    assert not [key for _, attributes in elements.found for key in attributes if key.startswith("on")]
    assert HOSTILE in "".join(elements.text)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched(hostile: Built, name: str) -> None:
    page = hostile.page(name)
    elements = Elements(page)
    assert "default-src 'none'" in page
    assert not [key for _, attributes in elements.found for key in attributes if key in FETCHING]
    assert not re.search(r"@import|url\(", page.split("</style>")[0])
    assert {href for href in elements.values("href") if not re.match(r"#|lists/|report\.json$|index", href)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(build: Build, name: str) -> None:
    built = build()
    elements = Elements(built.page(name))
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    inside = [href[1:] for href in elements.values("href") if href.startswith("#")]
    assert set(inside) <= set(ids)
    outside = [href for href in elements.values("href") if not href.startswith("#")]
    assert [href for href in outside if not (built.out / href).is_file()] == []
    assert any(anchor.startswith("rec-") for anchor in inside)


def test_both_languages_say_the_same(build: Build) -> None:
    built = build()
    vietnamese, english = built.page(), built.page("index.en.html")
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english
    assert "KHÔNG ĐẠT" in vietnamese
    assert "NOT PASSED" in english
    assert "14/03/2026 09:05 (giờ Việt Nam)" in vietnamese
    assert "14/03/2026 09:05 (Vietnam time)" in english
    assert "<b>2.000</b>" in vietnamese
    assert "<b>2,000</b>" in english
    assert Elements(vietnamese).values("id") == Elements(english).values("id")
    assert len(re.findall(r"<rect", vietnamese)) == len(re.findall(r"<rect", english)) > 50


def test_a_check_whose_differences_are_all_waived_says_so(build: Build) -> None:
    built = build(Sample(verdict="accepted_with_waivers", open_differences=False))
    (tag,) = [check for check in built.content["checks"] if (check["id"], check["entity"]) == ("I1", "tag")]
    assert (tag["holds"], tag["open"], tag["waived"]) == (False, 0, 4)
    page = built.page("index.en.html")
    assert 'class="check waived" id="check-I1"' in page
    assert "1 hold with waivers" in page
    assert "Holds with waivers: there are differences, all of them waived" in page
    assert 'class="check fails" id="check-I1"' in build().page()


@pytest.mark.parametrize(
    ("change", "mark"),
    [({}, "waived"), ({"open": 1}, "fails"), ({"waived": 3}, "fails"), ({"id": "J1"}, "fails"),
     ({"differences": 0, "waived": 0}, "fails"), ({"holds": None}, "nothing"), ({"holds": True}, "holds")],
)  # fmt: skip
def test_only_what_a_person_accepted_as_a_whole_is_waived(change: dict[str, object], mark: str) -> None:
    assert result_mark({"id": "K1", "holds": False, "differences": 4, "open": 0, "waived": 4, **change}) == mark


def test_findings_count_for_the_check_that_counts_them(build: Build) -> None:
    (copies,) = [check for check in build().content["checks"] if check["id"] == "K1"]
    (site,) = [check for check in build().content["checks"] if check["id"] == "C1b"]
    assert (copies["open"], site["open"]) == (21, 3)


@pytest.mark.parametrize("name", PAGES)
def test_rows_not_loaded_and_idle_waivers_are_explained(build: Build, name: str) -> None:
    page = build().page(name)
    assert "dangling-section (article), by Thư ký tòa soạn: nothing needed it" in page
    section = page[page.index('<section id="exceptions">') : page.index('<section id="changes">')]
    assert ("Dòng không nạp" if name == "index.html" else "Rows not loaded") in section
    assert ("trùng với một bản ghi khác" if name == "index.html" else "a duplicate of another record") in section


def test_what_was_not_checked_stands_in_the_type_of_the_verdict(build: Build) -> None:
    page = build().page()
    panel = page[page.index("is-unchecked") : page.index('class="tiles"')]
    assert '<ul class="big">' in panel
    for sentence in (
        "Chưa hỏi trang mới qua HTTP",
        "Mẫu ngẫu nhiên do người đọc kiểm tra (S1)",
        "Đối chiếu với trang công khai (C1b): có bản ghi không so được",
        "Tin, bài (nv): Đường dẫn rút gọn, Thể loại",
        "Liên kết nội bộ trong nội dung",
        "a sentence of a form nobody knows",
    ):
        assert sentence in panel


@pytest.mark.parametrize("sentence", NOT_BUILT)
def test_every_standing_blind_spot_of_the_verification_is_translated(sentence: str) -> None:
    for language in LANGUAGES:
        assert [headline for headline in translated([sentence], language) if headline != sentence]
        assert list(translated([sentence], language).values()) == [[]]


def test_sentences_of_one_form_stand_under_one_headline() -> None:
    found = translated(NOT_CHECKED, "vi")
    assert [len(particulars) for particulars in found.values()][:3] == [1, 2, 1]
    assert list(found)[-1] == "a sentence of a form nobody knows"


def test_five_thousand_exceptions_stay_a_page_and_the_page_says_so(build: Build) -> None:
    built = build(Sample(extra_exceptions=5000))
    page = built.page()
    assert len(re.findall(r'<article class="rec"', page)) == RECORDS_SHOWN
    assert re.search(r"Chỉ hiện 300 bản ghi \(\d+ mục\) trong tổng số 5\.\d{3} mục", page)
    assert "Only 300 records" in built.page("index.en.html")
    assert len(page.encode()) < 1_500_000
    with (built.out / "lists" / "exceptions.csv").open(encoding="utf-8-sig") as file:
        assert sum(1 for _ in file) == 5000 + 131 + 1
    assert built.sides.largest_request <= 100
    for kind in ("whitespace-only", "unicode-form-only", "missing-body", "copy-drift"):
        assert kind in page


def test_a_long_history_is_drawn_by_year_and_a_short_one_by_month(build: Build) -> None:
    assert "Tin, bài theo năm" in build(Sample(years=22)).page()
    short = build(Sample(years=4)).page()
    assert "Tin, bài theo tháng" in short
    assert "Bản ghi không có thời điểm: nguồn 3, đích 0." in short


def test_characters_nobody_sees_are_named(build: Build) -> None:
    page = build().page()
    assert '<span class="unseen">NBSP</span>' in page
    assert '<span class="unseen">U+0309</span>' in page


def test_the_same_material_gives_the_same_bytes(build: Build) -> None:
    first = {name: build().page(name) for name in PAGES}
    assert {name: build().page(name) for name in PAGES} == first

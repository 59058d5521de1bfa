"""The other fields: standfirst, sections, tags, pictures, language, address, metadata that lies."""

from typing import Any

import pytest

from migrator.extract.page.metadata import read_metadata
from migrator.extract.page.standfirst import without_prefix
from migrator.html.dom import parse

TEXT = "Đây là một đoạn văn đủ dài để là thân bài của một bài báo, viết riêng cho phép thử. " * 2
BODY = f"<div id='news-bodyhtml'><p>{TEXT}</p></div>"


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("(Chinhphu.vn) - Sáng nay họp", "Sáng nay họp"),
        ("BNEWS Sáng nay họp", "Sáng nay họp"),
        ("(ĐTCK) Sáng nay họp", "Sáng nay họp"),
        ("SKĐS - Sáng nay họp", "Sáng nay họp"),
        ("(VietQ.vn) - Sáng nay họp", "Sáng nay họp"),
        ("HPĐT – Sáng nay họp", "Sáng nay họp"),
        ("(Chinhphu.vn) -", "(Chinhphu.vn) -"),
        ("Sáng nay (22/11) họp", "Sáng nay (22/11) họp"),
        ("BNEWSX là tên", "BNEWSX là tên"),
        ("(người dân) họp", "(người dân) họp"),
    ],
)
def test_prefixes_of_standfirsts(raw: str, bare: str) -> None:
    assert without_prefix(raw, ()) == bare


def test_the_raw_standfirst_is_kept(read: Any) -> None:
    found = read(f'<h1>Tiêu đề của bài</h1><div class="hometext">(Chinhphu.vn) - Sáng nay họp bàn.</div>{BODY}')
    assert (found.standfirst, found.standfirst_raw) == ("Sáng nay họp bàn.", "(Chinhphu.vn) - Sáng nay họp bàn.")


def test_headline_and_standfirst_repeated_in_the_body_are_cut(read: Any) -> None:
    head = '<h1 itemprop="headline">Tiêu đề của bài</h1><div class="hometext">Sáng nay họp bàn.</div>'
    body = BODY.replace("<p>", "<h2>Tiêu đề của bài</h2><p><b>Sáng nay họp bàn.</b></p><p>", 1)
    found = read(head + body)
    assert found.body_text == TEXT.strip()
    assert [detail for code, detail in found.notes if code == "repeated-cut"] == [
        "Tiêu đề của bài",
        "Sáng nay họp bàn.",
    ]


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("<h1>Báo Bến Mới</h1><h2 class=title>Tàu về bến</h2>", "Tàu về bến"),
        ("<h1>Tàu về bến</h1>", "Tàu về bến"),
        ("<h1>Kinh tế</h1><h3>Tàu về bến</h3>", "Tàu về bến"),
        ("", "Tàu về bến"),
    ],
)
def test_the_headline_of_a_page_without_rules(head: str, headline: str, read: Any) -> None:
    meta = '<meta property="og:title" content="Tàu về bến | Báo Bến Mới"><meta property="og:site_name" content="Báo Bến Mới">'
    assert read(f"{meta}{head}<div class='content-fck'><p>{TEXT}</p></div>").headline == headline


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        (
            "https://a.example/tin/bai-1234.html",
            "https://a.example/tin/bai-1234.html",
            "https://a.example/tin/bai-1234.html",
        ),
        ("/tin/bai-1234.html", "https://a.example/khac/bai-1234.html?x=1", "https://a.example/tin/bai-1234.html"),
        (
            "https://m.a.example/bai-1234.html",
            "https://a.example/tin/bai-1234.html",
            "https://m.a.example/bai-1234.html",
        ),
        ("https://a.example/", "https://a.example/tin/bai-1234.html", None),
        ("https://a.example/tin/bai-9999.html", "https://a.example/tin/bai-1234.html", None),
        ("javascript:alert(1)", "https://a.example/tin/bai-1234.html", None),
        ("https://a.example/tin/bai-1234.html", None, "https://a.example/tin/bai-1234.html"),
    ],
)
def test_the_canonical_address_must_be_that_of_this_page(
    canonical: str, url: str | None, expected: str | None, read: Any
) -> None:
    found = read(f'<link rel="canonical" href="{canonical}"><h1>Tiêu đề của bài</h1>{BODY}', url)
    assert found.canonical_url == expected
    assert (expected is None) == ("canonical_url" in found.reasons)


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ('lang="vi-VN"', TEXT, "vi"),
        ("", TEXT, "vi"),
        ('lang="en"', TEXT, "vi"),
        (
            'lang="vi"',
            "The city of the port has opened a new line for ships that were built in the last year. " * 3,
            "en",
        ),
        ('lang="vi"', "海防市新港今天迎来第一百艘货轮，港口负责人表示货物增长。" * 4, "zh"),
        ('lang="fr"', "Le port de la ville accueille son centième navire depuis le début de l'année. " * 3, "fr"),
    ],
)
def test_the_language_is_that_of_the_text(lang: str, text: str, language: str, read: Any) -> None:
    assert read(f"<html {lang}><h1>Tiêu đề</h1><div id=news-bodyhtml><p>{text}</p></div>").language == language


def test_sections_without_home_page_and_headline(read: Any) -> None:
    crumbs = "".join(
        f'<li itemprop="itemListElement"><a href="/{n}"><span itemprop="name">{name}</span></a></li>'
        for n, name in enumerate(["Trang nhất", "Kinh tế", "Cảng biển", "Tiêu đề của bài"])
    )
    found = read(
        f'<ul itemtype="https://schema.org/BreadcrumbList" itemscope>{crumbs}</ul><h1>Tiêu đề của bài</h1>{BODY}'
    )
    assert [link.text for link in found.sections] == ["Kinh tế", "Cảng biển"]
    assert found.section.text == "Cảng biển"


def test_json_ld_as_pages_have_it() -> None:
    scripts = [
        '<!-- {"@type":"NewsArticle","headline":"R&amp;D","author":"An",} -->',
        '//<![CDATA[\n{"@graph":[{"@type":["Article"],"headline":"Hai","keywords":"a, b;c","image":[{"url":"/x.jpg"}]}]}\n//]]>',
        '{"@type":"BreadcrumbList","itemListElement":[{"position":2,"name":"B"},{"position":1,"item":{"@id":"/a","name":"A"}}]}',
        "{not json}",
        '{"@type":"NewsArticle","headline":"xuống\tdòng\nthô"}',
        "[" * 5_000,
        "null",
    ]
    page = parse("".join(f'<script type="application/ld+json">{script}</script>' for script in scripts))
    found = read_metadata(page)
    assert [each.headline for each in found.articles] == ["R&D", "Hai", "xuống dòng thô"]
    assert (found.articles[1].tags, found.articles[1].images) == (("a", "b", "c"), ("/x.jpg",))
    assert [(link.text, link.url) for link in found.crumbs] == [("A", "/a"), ("B", "")]
    assert found.unreadable == 2
    assert found.article("Hai").headline == "Hai"
    assert found.article("Không có").headline == ""


def test_microdata_of_objects_in_objects() -> None:
    page = parse(
        '<div itemscope itemtype="http://schema.org/NewsArticle"><b itemprop="headline">Tàu về</b>'
        '<p itemprop="author" itemscope><i itemprop="name">An</i></p>'
        '<p itemprop="author name" itemscope itemtype="http://schema.org/Person"></p>'
        '<p itemprop="image" itemscope><a itemprop="url" href="/a.jpg">xem</a></p>'
        '<div itemprop="publisher" itemscope><b itemprop="headline">Tên báo</b></div></div>'
    )
    found = read_metadata(page).microdata
    assert (found.headline, found.authors, found.images) == ("Tàu về", ("An",), ("/a.jpg",))


def test_pictures_of_all_kinds(read: Any) -> None:
    pictures = (
        '<p><img src="/grey.gif" data-src="/anh/a 1.jpg"></p><p align="center"><em>Chú thích một (Ảnh: An Bình)</em></p>'
        '<table><tr><td><img src="/anh/b.jpg"></td></tr><tr><td>Ảnh minh họa. Nguồn: Internet</td></tr></table>'
        '<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">'
        '<p><img src="//cdn.example/c.jpg" alt="Cảng"></p><p><img src="//cdn.example/c.jpg"></p>'
    )
    found = read(
        f"<h1>Tiêu đề của bài</h1>{BODY.replace('</div>', pictures + '</div>')}", "https://bao.example/tin/1.html"
    )
    assert [(image.url, image.caption, image.credit) for image in found.images] == [
        ("https://bao.example/anh/a 1.jpg", "Chú thích một", "An Bình"),
        ("https://bao.example/anh/b.jpg", "Ảnh minh họa.", "Internet"),
        ("https://cdn.example/c.jpg", "", ""),
    ]
    assert [image.is_illustration for image in found.images] == [False, True, False]


def test_hidden_text_is_left_out_unless_it_is_long(read: Any) -> None:
    inside = f'<div style="display:none">Mã cổ phiếu</div><div hidden>{TEXT * 4}</div>'
    found = read(f"<h1>Tiêu đề của bài</h1>{BODY.replace('</div>', inside + '</div>')}")
    assert "Mã cổ phiếu" not in found.body_text
    assert found.body_text.count("viết riêng") == 2 + 8
    assert {code for code, _ in found.notes} >= {"box-removed", "hidden-kept"}


def test_fonts_of_capitals_are_read_run_by_run(read: Any) -> None:
    page = '<h1><font face=".VnTimeH">B¸o H¶i Phßng</font></h1>' + BODY.replace(
        "<p>", '<p><font face="VNI-Times">Thaønh phoá Haûi Phoøng</font> và phần còn lại. </p><p>', 1
    )
    found = read(page)
    assert found.headline == "BÁO HẢI PHÒNG"
    assert found.body_text.startswith("Thành phố Hải Phòng và phần còn lại.")
    assert any(code == "legacy-text" for code, _ in found.notes)


def test_mojibake_is_repaired_before_anything_is_read(read: Any) -> None:
    broken = f"<h1>Tàu về bến mới</h1>{BODY}".encode().decode("cp1252", "replace").replace("\ufffd", "")
    assert read("<h1>TÃ\xa0u vá»\x81 báº¿n</h1>" + BODY).headline == "Tàu về bến"
    assert "Tà" in read(broken).headline


def test_the_same_page_gives_the_same_answer(read: Any) -> None:
    page = f'<h1>Tiêu đề của bài</h1><time>20/06/2024 15:39</time>{BODY}<p class="tags"><a rel="tag">b</a><a rel="tag">a</a></p>'
    assert read(page) == read(page)


def test_addresses_that_cannot_be_joined_stay_as_they_are(read: Any) -> None:
    body = BODY.replace("</div>", '<p><img src="http://[bad/a.jpg"></p></div>')
    found = read(f"<h1>Tiêu đề của bài</h1>{body}", "http://[also bad/x")
    assert [image.url for image in found.images] == ["http://[bad/a.jpg"]

"""Bylines: known places, the last block, and what is none."""

from typing import Any

import pytest

from migrator.extract.page.record import as_record
from migrator.text.match_keys import match_key

TEXT = "Đây là một đoạn văn đủ dài để là thân bài của một bài báo, viết riêng cho phép thử. " * 2


def page(ending: str, beside: str = "", head: str = "") -> str:
    return f"{head}<h1>Tiêu đề của bài</h1><div id='news-bodyhtml'><p>{TEXT}</p>{ending}</div>{beside}"


def roles(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"], each["role"]) for each in record["contributions"]]


@pytest.mark.parametrize(
    ("ending", "raw", "expected"),
    [
        ("<p>Minh Hảo. Ảnh: Đàm Thanh</p>", "Minh Hảo. Ảnh: Đàm Thanh", [("Minh Hảo", "text"), ("Đàm Thanh", "photo")]),
        (
            "<p align=right><b>Bài, ảnh: Lê Dung</b></p>",
            "Bài, ảnh: Lê Dung",
            [("Lê Dung", "text"), ("Lê Dung", "photo")],
        ),
        ("<p>Hoàng Anh - Lê Dung</p>", "Hoàng Anh - Lê Dung", [("Hoàng Anh", "text"), ("Lê Dung", "text")]),
        ("<p>Thu Hằng (Theo VTV)</p>", "Thu Hằng (Theo VTV)", [("Thu Hằng", "text"), ("VTV", "compiled")]),
        ("<p><em>TS. Lê Văn Bình</em></p>", "TS. Lê Văn Bình", [("Lê Văn Bình", "text")]),
        ("<p>Nhóm phóng viên</p>", "Nhóm phóng viên", [("Nhóm phóng viên", "text")]),
        ("<p>(TTXVN)</p>", "(TTXVN)", [("TTXVN", "text")]),
        ("<p>Video: Quốc Khánh</p>", None, []),
        ("<p>Ảnh: Đàm Thanh</p>", None, []),
        ("<p>Xem thêm ảnh</p>", None, []),
    ],
)
def test_the_last_block(ending: str, raw: str | None, expected: list[tuple[str, str]], read: Any) -> None:
    record = as_record(read(page(ending)))
    assert (record["byline"], roles(record)) == (raw, expected)
    assert (raw is None) == ("byline" in record["reasons"])
    assert record["body_text"].startswith(TEXT.strip())
    if raw is not None:
        assert record["body_text"] == TEXT.strip()
        assert raw not in record["body_html"]


def test_two_lines_are_one_byline(read: Any) -> None:
    record = as_record(read(page("<p align=right>Bài: Minh Hảo</p><p align=right>Ảnh: Đàm Thanh</p>")))
    assert record["byline"] == "Bài: Minh Hảo\nẢnh: Đàm Thanh"
    assert (record["authors"], record["photographers"]) == (["Minh Hảo"], ["Đàm Thanh"])
    assert record["body_text"] == TEXT.strip()


def test_a_caption_at_the_end_stays_a_caption(read: Any) -> None:
    figure = "<figure><img src=/a.jpg><figcaption>Quang cảnh lễ hội. Ảnh: Thanh Sơn</figcaption></figure>"
    found = read(page(figure))
    assert found.byline is None
    assert found.body_text.endswith("Quang cảnh lễ hội. Ảnh: Thanh Sơn")
    assert [(image.caption, image.credit) for image in found.images] == [("Quang cảnh lễ hội.", "Thanh Sơn")]


def test_a_byline_above_a_caption_is_found(read: Any) -> None:
    figure = "<figure><img src=/a.jpg><figcaption>Quang cảnh lễ hội. Ảnh: Thanh Sơn</figcaption></figure>"
    assert read(page(f"<p>Minh Hảo</p>{figure}")).byline.raw == "Minh Hảo"


def test_teasers_and_notices_behind_it_are_cut_with_a_note(read: Any) -> None:
    behind = "<p>Ngày 22/11, thành phố tổ chức…</p><p>This website uses cookies. See Our policy.</p><p>Read More</p>"
    record = as_record(read(page(f"<p>Minh Hảo</p>{behind}")))
    assert (record["byline"], record["body_text"]) == ("Minh Hảo", TEXT.strip())
    cut = [note["detail"] for note in record["notes"] if note["code"] == "tail-cut"]
    assert cut == ["Ngày 22/11, thành phố tổ chức…", "This website uses cookies. See Our policy.", "Read More"]


def test_related_news_behind_it_is_cut_and_kept_as_links(read: Any) -> None:
    links = '<li><a href="/tin/mot-1.html">Bài một</a></li><li><a href="/tin/hai-2.html">Bài hai</a></li>'
    box = f"<p>Tin liên quan:</p><ul>{links}</ul>"
    found = read(page(f"<p>Minh Hảo</p>{box}"), "https://bao.example/tin/bai-9.html")
    assert (found.byline.raw, found.body_text) == ("Minh Hảo", TEXT.strip())
    assert [(link.text, link.url) for link in found.related] == [
        ("Bài một", "https://bao.example/tin/mot-1.html"), ("Bài hai", "https://bao.example/tin/hai-2.html"),
    ]  # fmt: skip


def test_a_known_place_and_the_last_block_that_says_more(read: Any) -> None:
    known = '<p class="h5 text-right"><strong>Tác giả: </strong>Minh Hảo</p>'
    record = as_record(read(page("<p>Minh Hảo. Ảnh: Đàm Thanh</p>", known)))
    assert (record["byline"], record["photographers"]) == ("Minh Hảo. Ảnh: Đàm Thanh", ["Đàm Thanh"])
    assert {"code": "second-byline", "detail": "Minh Hảo"} in record["notes"]
    assert record["body_text"] == TEXT.strip()


def test_another_name_in_the_last_block_stays_in_the_body(read: Any) -> None:
    known = '<p class="h5 text-right"><strong>Tác giả: </strong>Minh Hảo</p>'
    found = read(page("<p>Lê Dung</p>", known))
    assert (found.byline.raw, found.body_text) == ("Minh Hảo", f"{TEXT.strip()}\nLê Dung")


def test_the_paper_and_accounts_are_no_authors(read: Any) -> None:
    head = '<meta property="og:site_name" content="Báo Bến Mới"><meta name="author" content="Báo Bến Mới">'
    data = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","author":{"name":"Báo Bến Mới"}}</script>'
    assert read(page("", '<p class="h5 text-right">Tác giả: Báo Bến Mới</p>', head + data)).byline is None
    assert read(page("", '<p class="h5 text-right">Tác giả: admin</p>')).byline is None


def test_an_author_for_machines_counts_only_where_readers_see_it(read: Any) -> None:
    data = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","author":[{"name":"Minh Hảo"}]}</script>'
    assert read(page("", head=data)).byline is None
    found = read(
        page("<p>Bài này do Minh Hảo viết cho số đặc biệt của báo, in lại theo đề nghị của bạn đọc.</p>", head=data)
    )
    assert (found.byline.raw, found.sources["byline"]) == ("Minh Hảo", "json-ld author")


def test_the_register_makes_it_certain(read: Any) -> None:
    record = as_record(read(page("<p>Minh Hảo</p>"), register=frozenset({match_key("Minh Hảo")})))
    assert (record["byline_confidence"], record["contributions"][0]["registered"]) == (0.95, True)
    assert as_record(read(page("<p>Minh Hảo</p>")))["byline_confidence"] == 0.4

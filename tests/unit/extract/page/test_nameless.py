"""Pages whose elements are called nothing, or something misleading: what stands where tells what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from migrator.extract.page import Page, Unreadable, read_page
from migrator.extract.page.record import as_record

HEADLINE = "Bến phà Gót mở thêm chuyến đêm phục vụ khách ra đảo"
STANDFIRST = "Từ đầu tháng sáu, bến phà tăng bốn chuyến sau 22 giờ để giảm cảnh xe nối đuôi dưới chân cầu dẫn."
TEXT = (
    "Ông giám đốc bến cho biết lượng xe qua phà tăng gần gấp đôi so với năm ngoái, trong khi đội phà vẫn chỉ có sáu chiếc.",
    "Theo phương án mới, mỗi chuyến đêm chở tối đa 18 ô tô và 120 hành khách. Giá vé giữ nguyên như ban ngày.",
    "Chị bán hải sản ở chợ nói rằng trước đây chị phải ngủ lại bên bến ít nhất hai đêm một tuần để chờ chuyến sớm.",
    "Cảng vụ yêu cầu các phà trang bị thêm đèn pha và phao cứu sinh phát sáng trước ngày 15, nếu không sẽ phải dừng chạy.",
)
OTHERS = tuple(f"Chuyện thứ {number} của thành phố bên bờ biển vào mùa hè" for number in range(8))
SUMMARY = "Hơn hai trăm hộ dân ven sông đã nhận được nước sạch sau ba năm chờ đợi, theo ban quản lý dự án."
MENU = "".join(
    f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(("Thời sự", "Giao thông", "Văn Hóa Biển"))
)
TODAY = "Thứ Hai, 01/01/2029 08:00"


def body(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or TEXT)


def page(content: str, head: str = "", title: str = HEADLINE) -> str:
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title} - Báo Bến</title>{head}</head><body>"
        f"<div><ul>{MENU}</ul><span>{TODAY}</span></div>{content}"
        "<footer><p>Giấy phép số 1 ngày 2/2/2002. Ghi rõ nguồn khi phát hành lại thông tin.</p></footer></body></html>"
    )


def told(html: str) -> dict[str, Any]:
    found = read_page(html, "https://bao.example/giao-thong/ben-pha-9001.html")
    assert isinstance(found, Page), found
    return as_record(found)


def refused(html: str, url: str | None = None) -> str:
    found = read_page(html, url)
    assert isinstance(found, Unreadable), found
    return found.reason


@pytest.mark.parametrize(
    "heading",
    [
        "<div><a href='/'>Trang chủ</a> › <a href='/g'>Giao thông</a></div><h1>{h}</h1>"
        "<div><span>Phùng Kiên</span><span>02/06/2023 | 08:15</span></div><h2>{s}</h2>",
        "<h1>{h}</h1><div><span>Phùng Kiên</span><a href='/1'>Giao thông</a><span>08:15 ngày 02 thg 6, 2023</span></div>"
        "<div>{s}</div>",
        "<div><div><a href='/1'>Giao thông</a></div><span>Thứ Sáu, 2/6/2023, 08:15 (GMT+7)</span><h1>{h}</h1>"
        "<p>Tác giả: Phùng Kiên</p></div><p style='font-weight: 700'>{s}</p>",
    ],
)
def test_date_name_and_standfirst_beside_the_headline(heading: str) -> None:
    found = told(page(f"<div>{heading.format(h=HEADLINE, s=STANDFIRST)}<div>{body()}</div></div>"))
    assert found["body_text"].split("\n") == list(TEXT)
    assert (found["headline"], found["standfirst"], found["byline"]) == (HEADLINE, STANDFIRST, "Phùng Kiên")
    assert found["published_at"] == "2023-06-02T08:15:00+07:00"


def test_a_section_beside_the_headline() -> None:
    crumbs = "<div><a href='/'>Trang chủ</a> › <a href='/g'>Giao thông</a></div>"
    assert told(page(f"<div>{crumbs}<h1>{HEADLINE}</h1>{body()}</div>"))["section"] == "Giao thông"
    alone = "<span><a href='/1'>Giao thông</a></span>"
    found = told(page(f"<div>{alone}<h1>{HEADLINE}</h1>{body()}</div>"))
    assert found["section_links"] == [{"text": "Giao thông", "url": "https://bao.example/1"}]


def test_the_day_of_the_visit_is_no_date_of_the_article() -> None:
    found = told(page(f"<h1>{HEADLINE}</h1>{body()}"))
    assert (found["published_at"], found["published_reason"]) == (None, "the page shows no date")


def test_the_name_of_a_section_is_no_author() -> None:
    line = "<div><a href='/2'>Văn Hóa Biển</a> <span>02/06/2023 08:15</span></div>"
    assert told(page(f"<div><h1>{HEADLINE}</h1>{line}<div>{body()}</div></div>"))["byline"] is None


def test_a_day_that_is_not_of_its_week_is_no_date() -> None:
    assert told(page(f"<h1>{HEADLINE}</h1><div>Sun, 11/05/2023 - 08:20</div>{body()}"))["published_at"] is None


def test_a_main_column_that_is_called_a_side_bar() -> None:
    crumbs = "<ul class=crumbs><li><a href='/g'>Giao thông</a></li></ul>"
    tags = "<div class=tags><a href='/t/1'>bến phà</a> <a href='/t/2'>đảo</a></div>"
    found = told(page(f"<div class=sidebar-1>{crumbs}<h1>{HEADLINE}</h1><article>{body()}</article>{tags}</div>"))
    assert (found["section"], found["tags"]) == ("Giao thông", ["bến phà", "đảo"])


@pytest.mark.parametrize("box", ["<div class=cmts>{}</div>", "<div><h3>Ý kiến bạn đọc (14)</h3>{}</div>"])
def test_comments_longer_than_the_article(box: str) -> None:
    comments = "".join(
        f"<div class=c{n}><b>Người đọc {n}</b><p>Tôi đi chuyến phà này mỗi ngày {n} lượt, thấy rất chậm, mong có thêm phà "
        f"lớn và có người điều tiết xe ở đầu bến, kẻo trời tối rất dễ xảy ra tai nạn đáng tiếc.</p></div>"
        for n in range(14)
    )
    found = told(page(f"<div><h1>{HEADLINE}</h1><div class=d>{body()}</div>{box.format(comments)}</div>"))
    assert found["body_text"].split("\n") == list(TEXT)


def test_links_between_and_behind_the_paragraphs_are_related() -> None:
    between = f"<table><tr><td><b>Tin liên quan</b></td></tr><tr><td><a href='/a'>{OTHERS[0]}</a></td></tr></table>"
    teaser = f"<p>&gt;&gt; <a href='/b'>{OTHERS[1]}</a></p>"
    behind = f"<p><b>Tin liên quan</b></p><p><a href='/c'>{OTHERS[2]}</a></p>"
    found = told(
        page(f"<h1>{HEADLINE}</h1><div>{body(*TEXT[:2])}{between}{body(TEXT[2])}{teaser}{body(TEXT[3])}{behind}</div>")
    )
    assert found["body_text"].split("\n") == list(TEXT)
    assert [link["text"] for link in found["related"]] == list(OTHERS[:3])
    assert found["related"][0]["url"] == "https://bao.example/a"


def test_amp() -> None:
    picture = (
        "<figure><amp-img src='/anh.jpg' width=700 height=400 layout=responsive></amp-img>"
        "<figcaption>Xe xuống phà. Ảnh: Lê Tân</figcaption></figure>"
        "<amp-youtube data-videoid='abcdefghijk' layout=responsive></amp-youtube>"
    )
    found = told(page(f"<article><h1>{HEADLINE}</h1>{body(*TEXT[:2])}{picture}{body(*TEXT[2:])}</article>"))
    (image,) = found["images"]
    assert (image["url"], image["caption"], image["credit"]) == (
        "https://bao.example/anh.jpg",
        "Xe xuống phà.",
        "Lê Tân",
    )
    assert "https://www.youtube.com/embed/abcdefghijk" in found["body_html"]


def test_a_live_page() -> None:
    entries = "".join(
        f"<div class=entry><span>1{n}:05</span><div class=text>{body(t)}</div></div>" for n, t in enumerate(TEXT)
    )
    head = '<meta property="og:type" content="article">'
    found = told(page(f"<div class=live><h1>{HEADLINE}</h1><div class=feed>{entries}</div></div>", head))
    assert [line for line in found["body_text"].split("\n") if len(line) > 5] == list(TEXT)


STATE: dict[str, Any] = {
    "title": HEADLINE,
    "sapo": STANDFIRST,
    "category": {"id": 3, "name": "Giao thông"},
    "author": {"display_name": "Phùng Kiên"},
    "publishedAt": "2023-06-02T08:15:00+07:00",
    "tags": [{"name": "bến phà"}, {"name": "đảo"}],
    "thumbnail": {"url": "/anh.jpg"},
    "content": body(),
}


@pytest.mark.parametrize("moment", ["2023-06-02T08:15:00+07:00", 1685668500, 1685668500000])
def test_a_page_that_only_scripts_fill(moment: object) -> None:
    state = {
        "post": {**STATE, "publishedAt": moment},
        "latest": [{"title": text, "summary": SUMMARY} for text in OTHERS],
    }
    script = f'<script type="application/json">{json.dumps(state)}</script>'
    html = f"<!doctype html><html lang=vi><head><title>{HEADLINE}</title></head><body><div id=app></div>{script}</body></html>"
    found = told(html)
    assert found["body_text"].split("\n") == list(TEXT)
    assert (found["headline"], found["standfirst"], found["byline"]) == (HEADLINE, STANDFIRST, "Phùng Kiên")
    assert (found["published_at"], found["section"]) == ("2023-06-02T08:15:00+07:00", "Giao thông")
    assert (found["tags"], found["lead_image"]["url"]) == (["bến phà", "đảo"], "https://bao.example/anh.jpg")


@pytest.mark.parametrize("value", [None, "", 0, -1, True, 10**30, [], {}, "hôm nay", {"name": 5}])
def test_what_the_state_does_not_say_is_null(value: object) -> None:
    state = {**STATE, **dict.fromkeys(("sapo", "category", "author", "publishedAt", "tags", "thumbnail"), value)}
    script = f"<script>window.__STATE__ = {json.dumps(state)};</script>"
    found = told(f"<html><head><title>{HEADLINE}</title></head><body>{script}</body></html>")
    assert found["body_text"].split("\n") == list(TEXT)
    assert found["published_at"] is None


LISTS = {
    "stories": "<article><h2><a href='/{n}'>{t}</a></h2><time>{n}/5/2023</time><p>{s}</p></article>",
    "table": "<table><tr><td><a href='/{n}'><b>{t}</b></a><br>({n}/05/2008)<br>{s} {s}... <a href='/{n}'>Chi tiết</a></td></tr>"
    "</table>",
    "divs": "<div class=r><div><a href='/{n}'>{t}</a></div><div>{s} {s}</div></div>",
}


@pytest.mark.parametrize("shape", LISTS)
@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
def test_a_list_of_articles_is_none(shape: str, head: str) -> None:
    entries = "".join(LISTS[shape].format(n=n + 1, t=text, s=f"Tin {n}: {SUMMARY}") for n, text in enumerate(OTHERS))
    assert refused(page(f"<h1>Giao thông</h1>{entries}", head, "Giao thông")) == "no-article"


def test_a_headline_that_is_only_bold() -> None:
    heading = f"<font size=4><b>{HEADLINE}</b></font><br><i>Thứ Sáu, 02/06/2023 - 08:15</i>"
    html = f"<html><head><title>Bao Ben</title></head><body><table><tr><td>{heading}</td></tr><tr><td>{body()}</td></tr></table>"
    found = told(html)
    assert (found["headline"], found["published_at"]) == (HEADLINE, "2023-06-02T08:15:00+07:00")
    assert told(html.replace("Bao Ben", HEADLINE))["headline"] == HEADLINE


def test_the_standfirst_of_an_interview_is_no_question() -> None:
    asked = "".join(
        f"<p><b>Thưa ông, đó là chuyện thứ {n} của bến phà trong năm nay phải không?</b></p><p>{t}</p>"
        for n, t in enumerate(TEXT)
    )
    found = told(page(f"<h1>{HEADLINE}</h1><div><p><b>{STANDFIRST}</b></p>{asked}</div>"))
    assert found["standfirst"] == STANDFIRST
    assert STANDFIRST not in found["body_text"]
    assert told(page(f"<h1>{HEADLINE}</h1><div>{asked}</div>"))["standfirst"] is None


def test_the_page_describes_itself_with_its_standfirst() -> None:
    data = {"@type": "NewsArticle", "headline": HEADLINE, "description": STANDFIRST}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    found = told(page(f"<h1>{HEADLINE}</h1><div><p class=a>{STANDFIRST}</p>{body()}</div>", head))
    assert found["standfirst"] == STANDFIRST
    # The same of a first paragraph like all others is what a system takes for a description.
    found = told(page(f"<h1>{HEADLINE}</h1><div><p>{STANDFIRST}</p>{body()}</div>", head))
    assert (found["standfirst"], found["body_text"].split("\n")[0]) == (None, STANDFIRST)


@pytest.mark.parametrize(("shown", "expected"), [("NSO - ", STANDFIRST), ("WHO - ", f"WHO - {STANDFIRST}")])
def test_the_short_name_of_an_online_paper_is_no_standfirst(shown: str, expected: str) -> None:
    assert told(page(f"<h1>{HEADLINE}</h1><h2 class=sapo>{shown}{STANDFIRST}</h2>{body()}"))["standfirst"] == expected


def test_the_author_in_the_footer_of_a_post() -> None:
    footer = "<div class=post-footer><span class=post-author>Người đăng: <span>Mai Phương Thảo</span></span></div>"
    found = told(page(f"<div class=post><h3 class=post-title>{HEADLINE}</h3><div>{body()}</div>{footer}</div>"))
    assert found["authors"] == ["Mai Phương Thảo"]


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>",
        "<table><tr><td><img src=/a.jpg></td></tr><tr><td>{}</td></tr></table>",
        "<div><img src=/a.jpg></div><div>{}</div>",
    ],
)
def test_a_caption_under_the_headline_is_no_standfirst(picture: str) -> None:
    caption = "Hàng trăm xe xếp hàng chờ xuống phà vào tối đầu tháng sáu."
    found = told(page(f"<h1>{HEADLINE}</h1>{picture.format(caption)}<div class=d>{body()}</div>"))
    assert found["standfirst"] is None


@pytest.mark.parametrize(
    ("line", "author"),
    [("Lê Minh Châu", ["Lê Minh Châu"]), ("Tin nóng hôm nay", []), ("Bạn Đọc", []), ("1.204 lượt đọc", [])],
)
def test_a_full_name_on_the_line_before_the_date(line: str, author: list[str]) -> None:
    info = f"<ul class=i><li>{line}</li><li>18/09/2023 19:30</li></ul>"
    assert told(page(f"<div><h1>{HEADLINE}</h1>{info}<div class=d>{body()}</div></div>"))["authors"] == author


def test_a_menu_in_one_line_is_no_way_to_a_section() -> None:
    menu = " | ".join(
        f"<a href='/m{n}'>{name}</a>"
        for n, name in enumerate(("Trang chủ", "Kinh tế", "Xã hội", "Văn hóa", "Thể thao"))
    )
    assert told(page(f"<div>{menu}</div><div><h1>{HEADLINE}</h1>{body()}</div>"))["section"] is None


def test_a_menu_that_stands_twice_on_the_page_names_no_section() -> None:
    assert told(page(f"<h1>{HEADLINE}</h1>{body()}<div><ul>{MENU}</ul></div>"))["section"] is None

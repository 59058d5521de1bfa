"""Pages without an article say so, and say why."""

import pytest

from migrator.extract.page.automatic import Found, NotFound, find_article
from tests.unit.extract.page_automatic.pages import HEADLINE, TEASERS, TEXT, article, page, paragraphs

STORIES = [
    f"Tin số {n} hôm nay kể về một góc phố của thành phố cảng. Mời bạn đọc xem tiếp ở trang trong." for n in range(12)
]
LISTING = "".join(
    f"<div class='story'><h3><a href='/{n}.html'>Chuyện thứ {n} của thành phố bên bờ biển</a></h3><p>{text}</p></div>"
    for n, text in enumerate(STORIES)
)


def _reason(html: str, url: str | None = None) -> str:
    result = find_article(html, url)
    assert isinstance(result, NotFound), result
    return result.reason


@pytest.mark.parametrize(
    "html", ["", " ", "\x00", "<html></html>", "<p></p>", "<!-- x -->", "<script>a()</script>", "<title>Báo</title>"]
)
def test_no_text(html: str) -> None:
    assert "no text" in _reason(html)


def test_only_links() -> None:
    links = "".join(
        f"<li><a href='/{n}'>Chuyện thứ {n} của thành phố bên bờ biển, đăng hôm qua.</a></li>" for n in range(40)
    )
    assert _reason(f"<body><ul>{links}</ul></body>") == "there is no running text on the page"


def test_a_listing() -> None:
    assert "list of other articles" in _reason(page(LISTING, title="Thành phố"))


def test_only_teasers() -> None:
    assert "beginnings" in _reason(
        page(f"<h1>Kinh tế biển</h1><div>{paragraphs(*TEASERS)}</div>", title="Kinh tế biển")
    )


def test_a_line_that_is_too_short() -> None:
    html = page(f"<h1>{HEADLINE}</h1><div><p>Trang này không còn nữa, mời bạn trở lại trang đầu của báo nhé.</p></div>")
    assert "too short" in _reason(html)


def test_addresses_are_no_text() -> None:
    address = "https://bao.example/kinh-te/cang-nuoc-sau-don-chuyen-tau-container-thu-mot-nghin.html"
    assert "no running text" in _reason(f"<h1>{HEADLINE}</h1>" + paragraphs(*[f"{address}?p={n}" for n in range(9)]))


def test_lines_without_a_sentence_are_no_text() -> None:
    lines = [f"Cảng biển – Logistics – Vận tải – Kho bãi – Đường sắt – Đường thủy số {n}" for n in range(9)]
    assert "no running text" in _reason(f"<h1>{HEADLINE}</h1>" + paragraphs(*lines))


def test_a_text_in_the_footer() -> None:
    html = f"<body><a href='/'>Đầu trang</a><footer>{paragraphs(*TEXT[:2])}</footer></body>"
    assert "footer" in _reason(html)


@pytest.mark.parametrize(
    "url",
    ["https://bao.example", "http://bao.example/", "//bao.example/index.html", "https://bao.example/default.aspx#top"],
)
def test_the_front_door_of_a_site(url: str) -> None:
    html = page(f"<h1>{HEADLINE}</h1><div>{paragraphs(*TEXT[:2])}</div>")
    assert isinstance(find_article(html, "https://bao.example/tin-16.html"), Found)
    assert _reason(html, url) == "it is the front page of a site"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://bao.example/tin-16.html",
        "https://bao.example/?id=16",
        "not an address",
        "https://bao.example/",
    ],
)
def test_an_article_is_one_at_any_address(url: str | None) -> None:
    assert isinstance(find_article(article(paragraphs()), url), Found)


@pytest.mark.parametrize("title", ["404", "Page not found", "Không tìm thấy trang", "Seite nicht gefunden"])
def test_a_page_that_is_not_there(title: str) -> None:
    excuse = "Xin lỗi, trang bạn tìm đã được dời đi hoặc không còn nữa. Mời bạn tìm lại, hoặc về trang chủ của báo."
    html = page(f"<h1>{title}</h1><p>{excuse} {excuse.replace('Xin lỗi', 'Rất tiếc')}</p>", title=title)
    assert "is not there" in _reason(html)


def _posts(count: int) -> str:
    return "".join(
        f"<article class='post'><h2><a href='/{n}'>Chuyện thứ {n} của phố</a></h2><div class='entry-content'>"
        f"{paragraphs(*(f'{text} Đó là chuyện thứ {n}.' for text in TEXT))}</div></article>"
        for n in range(count)
    )


@pytest.mark.parametrize("url", [None, "https://blog.example/", "https://blog.example/the-loai/pho"])
def test_several_whole_articles(url: str | None) -> None:
    assert "several articles" in _reason(page(_posts(4), title="Nhật ký phố cảng"), url)


def test_articles_behind_the_article() -> None:
    texts = [*TEXT, *(f"{text} Tin cho biết thêm." for text in TEXT)]
    body = f"<div class='entry-content'>{paragraphs(*texts)}</div>"
    html = page(f"<article class='post'><h1><a href='/'>{HEADLINE}</a></h1>{body}</article>{_posts(4)}")
    result = find_article(html)
    assert isinstance(result, Found)
    assert result.body_text.split("\n") == texts

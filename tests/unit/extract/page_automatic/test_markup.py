"""The body as markup: the page's own elements; cleaned, it says what the text says."""

import re

import pytest

from migrator.html import CleanOptions, clean
from tests.unit.extract.page_automatic.pages import HEADLINE, TEXT, article, found, page, paragraphs
from tests.unit.extract.page_automatic.test_layouts import LAYOUTS
from tests.unit.extract.page_automatic.test_left_out import BEHIND, INSIDE

_CAPTION = re.compile("<figcaption>.*?</figcaption>", re.DOTALL)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _same_words(html: str) -> None:
    result = found(html)
    cleaned = clean(_CAPTION.sub("", result.body_html), CleanOptions())
    assert _words(cleaned.text) == _words(result.body_text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_say_the_same_cleaned(layout: str) -> None:
    _same_words(LAYOUTS[layout])


@pytest.mark.parametrize("thing", [*INSIDE, *BEHIND])
def test_bodies_say_the_same_cleaned(thing: str) -> None:
    _same_words(article(paragraphs(*TEXT[:2]) + INSIDE.get(thing, "") + paragraphs(*TEXT[2:]) + BEHIND.get(thing, "")))


def test_the_elements_of_the_page_are_kept() -> None:
    body = (
        f"<p>{TEXT[0]} Đọc <a href='/a?x=1&amp;y=2'>bản <b>đầy đủ</b></a>.</p><h2>Một</h2><ul><li>hai</li></ul>"
        f"<blockquote><p>{TEXT[1]}</p></blockquote><p>{TEXT[2]}<br>{TEXT[3]}</p><p>{TEXT[4]}</p>"
    )
    written = body.replace("'", '"')
    assert found(article(body)).body_html == written


def test_a_table_is_whole() -> None:
    table = "<table><caption>Hàng</caption><tbody><tr><th>Quý</th><th></th></tr><tr><td></td><td>1</td></tr></tbody></table>"
    assert table in found(article(paragraphs(*TEXT[:3]) + table + paragraphs(*TEXT[3:]))).body_html


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src='a.jpg'><figcaption>Tàu Hải Âu &amp; bến số 1</figcaption></figure>",
        "<figure class=image><div><a href='a.jpg'><picture><source srcset='b.webp'><img src='a.jpg'></picture></a></div>"
        "<figcaption><p>Tàu Hải Âu &amp; bến số 1</p></figcaption></figure>",
        "<table><tr><td><img src='a.jpg'></td></tr><tr><td class='pCaption'>Tàu Hải Âu &amp; bến số 1</td></tr></table>",
        "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>Tàu Hải Âu &amp; bến số 1</p></div>",
        "<p style='text-align:center'><img src='a.jpg'></p><p style='text-align:center'>Tàu Hải Âu &amp; bến số 1</p>",
    ],
)
@pytest.mark.parametrize("place", [3, len(TEXT)])
def test_a_picture_keeps_its_caption(picture: str, place: int) -> None:
    result = found(article(paragraphs(*TEXT[:place]) + picture + "".join(f"<p>{text}</p>" for text in TEXT[place:])))
    figures = re.findall("<figure>.*?</figure>", result.body_html)
    assert len(figures) == 1
    assert '<img src="a.jpg">' in figures[0]
    assert figures[0].endswith("<figcaption>Tàu Hải Âu &amp; bến số 1</figcaption></figure>")
    assert "bến số 1" not in result.body_text.replace(TEXT[0], "")


def test_embeds_are_kept_inside_the_text_and_not_behind_it() -> None:
    frame = "<p><iframe src='https://video.example/1'></iframe></p>"
    html = article(paragraphs(*TEXT[:3]) + frame + paragraphs(*TEXT[3:]) + frame.replace("/1", "/2"))
    assert re.findall('src="([^"]*)"', found(html).body_html) == ["https://video.example/1"]


def test_what_is_left_out_leaves_no_markup() -> None:
    box = "<div class='box-tin-lien-quan'><img src='x.jpg'><ul><li><a href='/1'>Tin một về cảng và tàu</a></li></ul></div>"
    written = found(article(paragraphs(*TEXT[:3]) + box + paragraphs(*TEXT[3:]))).body_html
    assert written.replace("\n", "") == paragraphs().replace("\n", "")


def test_an_advertisement_of_pictures_is_left_out() -> None:
    advert = "<div class='advert'><a href='/x'><img src='x.jpg'></a></div>"
    assert "x.jpg" not in found(article(paragraphs(*TEXT[:3]) + advert + paragraphs(*TEXT[3:]))).body_html


def test_the_layout_around_the_text_is_not_written() -> None:
    html = page(f"<table><tr><td><h1>{HEADLINE}</h1></td></tr><tr><td>{paragraphs()}</td></tr></table>")
    assert "<table" not in found(html).body_html


def test_each_picture_has_its_own_caption() -> None:
    pictures = "".join(f"<p><img src={n}.jpg></p><p>Cảnh {n}. Ảnh: An</p>" for n in range(400))
    html = found(article(paragraphs(*TEXT[:2]) + pictures + paragraphs(*TEXT[2:]))).body_html
    assert html.count("<figcaption>") == 400
    assert "<figcaption>Cảnh 7. Ảnh: An</figcaption>" in html
    assert len(html) < 100 * 400 + 2_000

"""The pictures of a clean body: ordinary figures, which are read at one look, and all others come to the same."""

from __future__ import annotations

import pytest

from migrator.html.pictures import Image, images_of

_SHOWN = "Quang cảnh buổi lễ."
_TOLD = "<figcaption>Quang cảnh buổi lễ. <small>Ảnh: Thanh Sơn</small></figcaption>"


@pytest.mark.parametrize(
    "figure",
    [
        f'<figure><img src="/a.jpg">{_TOLD}</figure>',
        f'<figure title="t"><img src="/a.jpg">{_TOLD.replace("<figcaption>", "<figcaption lang=vi>")}</figure>',
        f'<figure><a href="/b.jpg"><img src="/a.jpg"></a>{_TOLD}</figure>',
        f'<figure>{_TOLD}<img src="/a.jpg"></figure>',
        f'<figure><img src="/a.jpg">\n{_TOLD}</figure>',
        f'<figure><img src="/a.jpg">{_TOLD.replace("small", "em")}</figure>',
        f'<figure><img src="/a.jpg">{_TOLD.replace("<small>", "").replace("</small>", "")}</figure>',
        f'<figure><img src="/a.jpg">{_TOLD.replace(" <small>", chr(10) * 2 + "<small>")}</figure>',
        f'<figure><figure><img src="/a.jpg"><figcaption> </figcaption></figure>{_TOLD}</figure>',
        f'<figure><figure><img src="/a.jpg"></figure>{_TOLD}</figure>',
        f'<figure><figure><img src="/a.jpg">{_TOLD}</figure><figcaption>Cả hai</figcaption></figure>',
    ],
)
def test_a_caption_and_its_credit(figure: str) -> None:
    assert images_of(f"<p>a</p>{figure}<p>b</p>") == (Image("/a.jpg", "", _SHOWN, "Thanh Sơn"),)


def test_what_is_escaped_is_read() -> None:
    markup = (
        '<figure><img src="/a?b&amp;c" alt="&quot;x&quot;"><figcaption>A &amp; B &gt;&#824; C</figcaption></figure>'
    )
    assert images_of(markup) == (Image("/a?b&c", '"x"', "A & B \u226f C", ""),)


def test_a_caption_that_says_nothing() -> None:
    assert images_of('<figure><img src="/a.jpg"><figcaption>\n</figcaption></figure>') == (Image("/a.jpg", "", "", ""),)


def test_each_picture_has_the_caption_of_its_own_figure() -> None:
    inner = '<figure><img src="/{0}.jpg"><figcaption>{1}</figcaption></figure>'
    markup = f'<figure>{inner.format("a", "Một")}{inner.format("b", "")}<figcaption>Hai</figcaption></figure><img src="/c.jpg">'
    assert [(image.src, image.caption) for image in images_of(markup)] == [
        ("/a.jpg", "Một"),
        ("/b.jpg", "Hai"),
        ("/c.jpg", ""),
    ]

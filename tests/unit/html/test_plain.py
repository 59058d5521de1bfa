from __future__ import annotations

import pytest

from migrator.html.plain import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        (" a  b ", "a b"),
        ("a\u3000b\tc\x1fd\x85e", "a b c d e"),
        ("<p>a</p><p> </p><p>b</p>", "a\nb"),
        ('<p lang="vi">a<b>b</b> <a href="/x">c</a></p>', "ab c"),
        ("a<br>b<hr>c", "a\nb\nc"),
        ('<figure><img src="a" alt="x"><figcaption>a <small>b</small></figcaption></figure>', "a b"),
        ("1 &lt; 2 &amp;lt; 3", "1 < 2 &lt; 3"),
        ("e<b>\u0301</b>", "é"),
    ],
)
def test_text(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_only_the_blank_is_white_space_that_can_be_printed() -> None:
    assert [sign for sign in map(chr, range(0x110000)) if sign.isspace() and sign.isprintable()] == [" "]

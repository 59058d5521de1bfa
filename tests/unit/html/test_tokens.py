from __future__ import annotations

import pytest

from migrator.html.attributes import name_of, read
from migrator.html.tokens import tokenise


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("a<b>c</b>d", ["a", "<b>", "c", "</b>", "d"]),
        ("<p title='a>b<c\"d&e'>", ["", '<p title="a&gt;b&lt;c&quot;d&amp;e">', "", "</p>", ""]),
        ("<p \"x='1' =y>", ["", '<p "x="1" =y="">', "", "</p>", ""]),
        ("<!-- a > <b> -->c", ["", "<!-- a > <b> -->", "c"]),
        ("a > b &nbsp;", ["a &gt; b \xa0"]),
        ("<br>", ["", "<br>", ""]),
        ("<svg><a title='</svg>'></a></svg><p>", ["", "<p>", "", "</p>", ""]),
        ("", [""]),
    ],
)
def test_the_parser_writes_the_form_that_is_read(source: str, pieces: list[str]) -> None:
    """The pattern for tags rests on this: no "<" in text, no ">" in a value, every value quoted."""
    assert tokenise(source).pieces == pieces


def test_attributes_are_read_back_with_entities_resolved() -> None:
    tag = tokenise("<p title='a>b<c\"d&e' lang=vi>").pieces[1]
    assert name_of(tag) == "p"
    assert read(tag) == {"title": 'a>b<c"d&e', "lang": "vi"}

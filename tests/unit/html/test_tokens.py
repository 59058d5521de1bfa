from __future__ import annotations

import pytest

from migrator.html.tokens import Token, tokenise


@pytest.mark.parametrize(
    ("source", "tokens", "tail"),
    [
        ("a<b>c</b>d", [("a", "", "", "b", ""), ("c", "", "/", "b", "")], "d"),
        (
            "<p title='a>b<c\"d&e'>",
            [("", "", "", "p", ' title="a&gt;b&lt;c&quot;d&amp;e"'), ("", "", "/", "p", "")],
            "",
        ),
        ("<p \"x='1' =y>", [("", "", "", "p", ' "x="1" =y=""'), ("", "", "/", "p", "")], ""),
        ("<!-- a > <b> -->c", [("", " a > <b> ", "", "", "")], "c"),
        ("a > b &nbsp;", [], "a &gt; b \xa0"),
        ("<br>", [("", "", "", "br", "")], ""),
        ("<svg><a title='</svg>'></a></svg><p>", [("", "", "", "p", ""), ("", "", "/", "p", "")], ""),
        ("", [], ""),
    ],
)
def test_the_parser_writes_the_form_that_is_read(source: str, tokens: list[Token], tail: str) -> None:
    """The pattern for tags rests on this: no "<" in text, no ">" in a value, every value quoted."""
    found = tokenise(source)
    assert (found.tokens, found.tail) == (tokens, tail)

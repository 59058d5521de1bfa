"""From any markup to a flat, exact list of texts and tags of the tree an HTML5 parser builds.

The parser writes its own tree down in one canonical form – every attribute quoted, ``< > &`` escaped in text and
values – so one regular expression reads it back without guessing. What is not canonical (scripts, styles, foreign
elements) has left the tree before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from migrator.html.decoding import may_be_damaged
from migrator.html.faults import without_default_options, without_faults
from migrator.html.limits import check_growth, check_nesting, check_source
from migrator.html.simplify import simplify

# In the canonical form no text holds "<" and no value holds ">".
TAG = re.compile(r"(<(?:!--.*?--|[^>]*)>)", re.DOTALL)
_RARE = re.compile(
    r"<!--.*?-->|<(s(?:cript|tyle|vg)|math|template|no(?:embed|frames|script)|xmp|plaintext|xml|iframe(?=[^>]*>(?!</iframe>)))\b",
    re.DOTALL,
)
_EMPTY = "<o:p></o:p>"  # at the end of every paragraph that a word processor wrote
_WORD_TEXT = re.compile(r"&lt;/?_o3a_p[ \t\n\xa0]*/?&gt;")
_MOST_HIDDEN = 100


@dataclass(slots=True)
class Tokens:
    """One body as ``pieces``: text, tag, text, …, text.

    Texts stay escaped, with U+00A0 written as itself. ``removed`` counts the elements taken out with their content,
    ``debris`` names the leftovers of a word processor taken out of the text. ``simplified``: the tree was changed before it was
    written down. ``damaged``: there is a sign that text was read wrongly.
    ``has_bracket``: there may be shortcodes.
    """

    pieces: list[str]
    removed: Mapping[str, int]
    debris: list[str]
    simplified: bool
    damaged: bool
    has_bracket: bool


def tokenise(html: str) -> Tokens:
    """Parses ``html`` as the content of a div; NUL is dropped, a lone surrogate becomes U+FFFD.

    BodyTooLarge beyond the limits of :mod:`migrator.html.limits`; raises nothing else.
    """
    data = _encoded(html)
    check_source(data)
    tree = LexborHTMLParser(without_default_options(data), is_fragment=True)
    written = tree.html or ""
    rare = set(_RARE.findall(written)) - {""}
    opaque = tree.css(",".join(sorted(rare))) if rare else []
    removed = simplify(tree, opaque) if opaque else {}
    if opaque:
        written = tree.html or ""
    check_growth(data, written)
    written = written.replace("&nbsp;", "\xa0")
    if "\r" in written:
        written = written.replace("\r\n", "\n").replace("\r", "\n")
    debris: list[str] = []
    if b":p>" in data:
        before = len(written)
        written = written.replace(_EMPTY, "")
        debris += ["o:p"] * ((before - len(written)) // len(_EMPTY))
    if b"_o3a_p" in data:
        written, found = _without_word_text(written)
        debris += ["_o3a_p"] * found
    pieces = TAG.split(written)
    check_nesting(pieces[1::2])
    return Tokens(pieces, removed, debris, bool(opaque), may_be_damaged(data, written), b"[" in data)


def _encoded(html: str) -> bytes:
    try:
        data = html.encode()
    except UnicodeEncodeError:
        data = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    return without_faults(data)


def _without_word_text(written: str) -> tuple[str, int]:
    """Removes tags of a word processor that an old editor has escaped into text; one may hide in another."""
    debris = 0
    for _ in range(_MOST_HIDDEN):
        written, found = _WORD_TEXT.subn("", written)
        if not found:
            break
        debris += found
    return written, debris

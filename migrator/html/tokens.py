"""From any markup to a flat, exact token list of the tree an HTML5 parser builds.

The parser writes its own tree down in one canonical form – every attribute quoted, ``< > &`` escaped in text and
values – so one regular expression reads it back without guessing. What is not canonical (scripts, styles, foreign
elements) has left the tree before.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from migrator.html.policy import LITERAL, OPAQUE
from migrator.html.simplify import simplify

# text before the tag, comment, "/" of an end tag, name, attributes
Token = tuple[str, str, str, str, str]

# In the canonical form no text holds "<" and no value holds ">".
_TOKEN = re.compile(r"([^<]*)<(?:!--(.*?)--|(/?)([^ >]+)([^>]*))>", re.DOTALL)
_RARE = OPAQUE | LITERAL | {"iframe", "xml"}
_CANDIDATE = re.compile("<([smtnxpiSMTNXPI][a-zA-Z]{2,})")
_WORD_TEXT = re.compile(r"&lt;/?_o3a_p[ \t\n\xa0]*/?&gt;")
_MOST_HIDDEN = 100


@dataclass(frozen=True, slots=True)
class Tokens:
    """One body as tokens.

    ``tail`` is the text after the last tag; texts stay escaped, with U+00A0 written as itself. ``removed`` counts the
    elements taken out with their content, ``debris`` the leftovers of a word processor found in the text.
    ``simplified``: the tree was changed before it was written down.
    """

    tokens: list[Token]
    tail: str
    removed: Counter[str]
    debris: int
    simplified: bool


def tokenise(html: str) -> Tokens:
    """Parses ``html`` as the content of a div. Never raises; NUL is dropped, a lone surrogate becomes U+FFFD."""
    if "\0" in html:
        html = html.replace("\0", "")
    try:
        data = html.encode()
    except UnicodeEncodeError:
        data = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    tree = LexborHTMLParser(data, is_fragment=True)
    rare = {name.lower() for name in _CANDIDATE.findall(html)} & _RARE
    opaque = tree.css(",".join(sorted(rare))) if rare else []
    removed = simplify(tree, opaque) if opaque else Counter[str]()
    written = (tree.html or "").replace("&nbsp;", "\xa0")
    if "\r" in written:
        written = written.replace("\r\n", "\n").replace("\r", "\n")
    written, debris = _without_word_text(written)
    # The tail is cut off first: searching it for a tag that never comes would cost its length squared.
    cut = written.rfind(">") + 1
    return Tokens(_TOKEN.findall(written, 0, cut), written[cut:], removed, debris, bool(opaque))


def _without_word_text(written: str) -> tuple[str, int]:
    """Removes tags of a word processor that an old editor has escaped into text; one may hide in another."""
    debris = 0
    for _ in range(_MOST_HIDDEN if "_o3a_p" in written else 0):
        written, found = _WORD_TEXT.subn("", written)
        if not found:
            break
        debris += found
    return written, debris

"""Whether the parser had to mend the markup, told from the order of tags alone.

It may miss a repair; it should not claim one that did not happen. End tags that HTML lets an author leave out, and
elements that it supplies by rule, are no repairs. A body is not judged when its tags cannot be counted from outside:
when it holds elements that are not markup inside, or values that look like tags.
"""

from __future__ import annotations

import re

from migrator.html.policy import VOID
from migrator.html.tokens import Tokens

_NAME = re.compile(r"<(/?[a-zA-Z][^ \t\n\r\f/>]*)")
_SUPPLIED = frozenset(("tbody", "colgroup", "html", "head", "body"))
_END_MAY_MISS = frozenset("/" + name for name in (*VOID, *_SUPPLIED)) | frozenset(
    (
        "/p",
        "/li",
        "/dt",
        "/dd",
        "/tr",
        "/td",
        "/th",
        "/thead",
        "/tfoot",
        "/caption",
        "/option",
        "/optgroup",
        "/rt",
        "/rp",
    )
)
_NOT_COUNTED = _SUPPLIED | _END_MAY_MISS


def was_mended(html: str, source: Tokens) -> bool:
    """Compares the tags an author wrote with those of the tree."""
    if source.simplified:
        return False
    written = [name.lower() for name in _NAME.findall(_without_comments(html))]
    built = [token[2] + token[3] for token in source.tokens if token[3]]
    if written == built or any("&lt;" in token[4] for token in source.tokens):
        return False
    return [name for name in written if name not in _NOT_COUNTED] != [
        name for name in built if name not in _NOT_COUNTED
    ]


def _without_comments(html: str) -> str:
    if "<!--" not in html:
        return html
    first, *rest = html.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)

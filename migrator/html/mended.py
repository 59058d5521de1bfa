"""Whether the parser had to mend the markup, told from the order of end tags alone.

It may miss a repair; it should not claim one that did not happen. End tags that HTML lets an author leave out, and
elements that it supplies by rule, are no repairs. A body is not judged when its tags cannot be counted from outside:
when it holds elements that are not markup inside, or values that look like tags.
"""

from __future__ import annotations

import re
from functools import lru_cache

from migrator.html.vocabulary import SUPPLIED, VOID

# A word processor's own elements, o:p among them, are left aside.
_END = re.compile(r"</[a-zA-Z][^>:]*>")
_LONGEST = 100  # characters of an end tag that are looked at, and remembered
_NAME_ENDS = re.compile(r"[ \t\n\r\f/>]")
_NOT_COUNTED = VOID | SUPPLIED | frozenset(
    ("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tfoot", "caption", "option", "optgroup", "rt", "rp")
)  # fmt: skip


def was_mended(html: str, tags: list[str]) -> bool:
    """Compares the end tags an author wrote with those of the tree, ``tags`` in canonical form."""
    written = _END.findall(_without_comments(html))
    built = [tag for tag in tags if tag[1] == "/"]
    if written == built:
        return False
    return _counted(written) != _counted(built) and not any("&lt;/" in tag for tag in tags)


def _counted(ends: list[str]) -> list[str]:
    return [name for end in ends if (name := _name(end[:_LONGEST]))]


@lru_cache(maxsize=1024)
def _name(end: str) -> str:
    """The name in an end tag, as far as it is counted; else empty."""
    name = _NAME_ENDS.split(end[2:].lower(), maxsplit=1)[0]
    return "" if name in _NOT_COUNTED or ":" in name else name


def _without_comments(html: str) -> str:
    if "<!--" not in html:
        return html
    first, *rest = html.split("<!--")
    return first + "".join([part.partition("-->")[2] for part in rest])

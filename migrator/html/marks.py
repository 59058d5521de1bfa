"""What a legacy system says about a block in its class, its id, its type or its alignment.

None of these attributes stays in a body; what they meant is remembered as a mark until the body is arranged. Sources of
the names: pages of the systems listed in ``docs/html.md``; names in Vietnamese without accents (``chu-thich``) and the
English ones are general knowledge.
"""

from __future__ import annotations

import re

CAPTION = 1  # it is, or holds, the words of a picture
PICTURE = 2  # it holds a picture and what belongs to it
GALLERY = 4  # it holds several pictures
RELATED = 8  # it leads to other articles
CENTRED = 16
TEASER = 32  # RELATED, and known to repeat a few words of the other article

_NAMED = re.compile(r' (?:class|id|type)="([^"]*)"')
_MEANINGS = (
    (
        re.compile(r"caption|chu-?thich|(?:image|img|photo)-?(?:note|desc)|(?:note|desc)-?(?:image|img|photo)", re.I),
        CAPTION,
    ),
    (re.compile(r"photocms_author|(?:photo|image|img)-?(?:credit|author|source)", re.I), CAPTION),
    (re.compile(r"(?<![a-z])(?:image|img|photo|picture|figure)(?![a-z])|tplcaption|__mb_article", re.I), PICTURE),
    (re.compile(r"videostream|videocms", re.I), PICTURE),
    (re.compile(r"gallery|album|slide-?show|photo-?grid", re.I), GALLERY),
    (re.compile(r"relate[ds]?(?![a-z])|tin-?lien-?quan|bai-?lien-?quan|xem-?them(?![a-z])|ai-suggest", re.I), RELATED),
    (re.compile(r"RelatedOneNews|RelatedNews|link-content-footer|listNewsInContent"), RELATED | TEASER),
    (re.compile(r"(?<![a-z])(?:text-)?cent(?:er|re)(?![a-z])", re.I), CENTRED),
)
_CENTRED = re.compile(r' align="cent(?:er|re)"| style="[^"]*text-align:\s*center', re.IGNORECASE)


def marks(attributes: str) -> int:
    """The marks of a start tag's attributes in canonical form, added up; 0 for none."""
    found = CENTRED if _CENTRED.search(attributes) else 0
    for value in _NAMED.findall(attributes):
        for pattern, mark in _MEANINGS:
            if pattern.search(value):
                found |= mark
    return found

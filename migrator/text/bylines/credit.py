"""Captions of pictures: what is shown, and who made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from migrator.text.bylines.reading import read_byline
from migrator.text.composed import composed

MOST_WORDS = 8
"""Words of a credit behind a caption; anything longer is caption."""

_KIND = r"tư\s+liệu|minh\s+(?:họa|hoạ)|chụp\s+màn\s+hình|cắt\s+từ\s+(?:clip|video)"
# Looked for at its first letters only: that is quicker.
_LABEL = re.compile(
    rf"(?=[ảhnpvcđitm])(?<!\w)(?:(?P<kept>(?:ảnh|hình)\s+(?:{_KIND}))|nguồn\s+ảnh|ảnh(?:\s+chụp)?(?:\s*(?:,|và|/)\s*(?:clip|video))?|hình"
    r"|nguồn|photo|video|clip|(?:đồ\s+(?:họa|hoạ))|infographic|tranh|minh\s+(?:họa|hoạ))\s*[:：]\s*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[]\s*(?P<label>(?:ảnh|nguồn)\s+)?(?P<names>[^()\[\]]+?)\s*[)\]][\s.]*$", re.IGNORECASE)
_ILLUSTRATION = re.compile(r"(?=[ảh])(?<!\w)(?:ảnh|hình)\s+minh\s+(?:họa|hoạ)(?!\w)", re.IGNORECASE)
_CUT_OFF = " \t-–—|/;,([\u00a0"


@dataclass(frozen=True, slots=True)
class Credit:
    """A caption taken apart. ``credit`` is as written, empty where nobody is named; all but ``raw`` is NFC."""

    caption: str
    credit: str
    raw: str

    @property
    def is_illustration(self) -> bool:
        """Whether the caption says that the picture does not show the event itself ("Ảnh minh họa")."""
        return _ILLUSTRATION.search(composed(self.raw)) is not None


def read_credit(caption: str) -> Credit:
    """Split "Chú thích. Ảnh: X", "Chú thích (Ảnh: X)", "Chú thích (TTXVN)" into caption and credit.

    "Ảnh minh họa" and "Ảnh tư liệu" are part of the caption. A caption that begins with "Ảnh:" and goes on like a
    sentence stays a caption.
    """
    text = composed(caption).strip().rstrip("|").rstrip() if caption.strip(" |") else ""
    for start, end, kept in _labels(text):
        credit = _unbracketed(text[end:])
        if _is_credit(credit, alone=not text[:start].strip(_CUT_OFF)):
            return Credit(_closed(text[: kept or start].rstrip(_CUT_OFF)), credit, caption)
    match = _BRACKETED.search(text)
    if match and _is_known(match):
        return Credit(text[: match.start()].rstrip(_CUT_OFF), match["names"], caption)
    return Credit(text, "", caption)


def _labels(text: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each label that begins something new; and where the words of it that stay in the caption end."""
    if ":" not in text and "：" not in text:
        return
    for match in _LABEL.finditer(text):
        before = text[: match.start()].rstrip()
        if not before or not before[-1].isalnum() or match[0][0].isupper():
            yield match.start(), match.end(), match.end("kept") if match["kept"] else 0


def _unbracketed(credit: str) -> str:
    """The credit without the bracket that closes around it."""
    credit = credit.rstrip(" .|;,-–")
    while credit.endswith((")", "]")) and credit.count("(") + credit.count("[") < credit.count(")") + credit.count("]"):
        credit = credit[:-1].rstrip(" .|;,-–")
    return credit


def _closed(caption: str) -> str:
    """The caption with the bracket closed that the credit took with it ("Tắm biển (Ảnh minh họa: X)")."""
    return caption + ")" if caption.count("(") > caption.count(")") else caption


def _is_credit(credit: str, *, alone: bool) -> bool:
    """Whether this names a maker. Without a caption before it, only what is wholly made of names."""
    if not credit or len(credit.split()) > MOST_WORDS:
        return False
    return not read_byline(f"Ảnh: {credit}").unread if alone else credit[-1] not in "?!:"


def _is_known(match: re.Match[str]) -> bool:
    """Whether brackets at the end hold agencies, or a label without a colon and names."""
    kinds = _kinds(match["names"])
    return bool(kinds) and (match["label"] is not None or kinds == {"agency"})


@lru_cache(maxsize=1024)
def _kinds(names: str) -> frozenset[str]:
    """What those named are; none where something is no name. Remembered: the same few agencies come again."""
    found = read_byline(names)
    return frozenset() if found.unread else frozenset(each.kind for each in found.contributions)

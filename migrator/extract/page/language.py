"""The language of an article: what the page states, unless the text itself contradicts it."""

from __future__ import annotations

import re

_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|with|that|was|were|has|have|by|from|on|is|are)\b", re.IGNORECASE)
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z0-9]+)*", re.IGNORECASE)
_FEW = 20  # letters: too few to judge a text by
_SAMPLE = 5_000


def primary(tag: str) -> str:
    """The language subtag of "vi-VN" or "vi_VN", lower case; empty for anything else."""
    match = _TAG.fullmatch(tag.strip())
    return match[1].lower() if match else ""


def language_of(text: str) -> str:
    """``vi``, ``en``, ``zh``, ``ja`` or ``ko`` by letters and small words; empty where the text does not tell."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < _FEW:
        return ""
    if len(_VIETNAMESE.findall(sample)) > 0.05 * letters:
        return "vi"
    if len(_HANGUL.findall(sample)) > 0.3 * letters:
        return "ko"
    if len(_KANA.findall(sample)) > 0.1 * letters:
        return "ja"
    if len(_HAN.findall(sample)) > 0.3 * letters:
        return "zh"
    return "en" if len(_ENGLISH.findall(sample)) > 0.08 * len(sample.split()) else ""

"""A byline cut at its labels: "Minh Hảo. Ảnh: Đàm Thanh (Theo VTV)" has three segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.text.bylines.lexicon import ACTIONS, BRACKETED_ACTIONS, LABELS, SITE, SOURCE_LABELS, alternatives
from migrator.text.bylines.model import Role

_WORD = alternatives((*LABELS, *SOURCE_LABELS))
_AND = r"(?:\s*(?:[,&+/–-]|và)\s*|\s+)"
_LABEL = re.compile(rf"(?<!\w)(?P<label>(?:{_WORD})(?:{_AND}(?:{_WORD}))*)\s*:", re.IGNORECASE)
_BARE_LABEL = re.compile(rf"(?P<label>(?:bài|tin){_AND}(?:hình\s+)?ảnh)\s+(?=\S)", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?<!\w)(?:theo(?:\s+(?:nguồn|tin))?(?:\s+(?:của|từ))?|(?<=hợp )từ|(?<=dịch )từ)\s*(?::\s*|\s)(?=\S)",
    re.IGNORECASE,
)
_ACTION = re.compile(
    rf"(?:(?:^|[\s(\[,–-])(?<!nhóm\s)(?P<action>{alternatives(ACTIONS)})\s*[)\]]?|[(\[]\s*(?P<bracketed>{alternatives(BRACKETED_ACTIONS)})\s*[)\]]?)"
    r"[\s.]*$",
    re.IGNORECASE,
)
_PART = re.compile(_WORD, re.IGNORECASE)
_SITE = re.compile(SITE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """Names that did the same. ``sources`` are publications the text was taken from."""

    roles: tuple[Role, ...]
    text: str
    sources: bool = False


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    end: int
    roles: tuple[Role, ...]
    sources: bool


def segments(text: str) -> Iterator[Segment]:
    """The segments of a byline that is one line. What stands before the first label is text, unless an action says else."""
    cuts = _cuts(text)
    head = text[: cuts[0].start if cuts else len(text)]
    names, role = _without_action(head)
    if names.strip() or not cuts:
        yield Segment((role,), names if names.strip() else head)
    ends = [*(cut.start for cut in cuts[1:]), len(text)]
    for cut, end in zip(cuts, ends, strict=False):
        names = text[cut.end : end]
        yield Segment(cut.roles, names if cut.sources else _without_action(names)[0], cut.sources)


def _cuts(text: str) -> list[_Cut]:
    bare = _BARE_LABEL.match(text)
    found = [_Cut(0, bare.end(), _roles(bare["label"]), False)] if bare and text[bare.end()].isupper() else []
    found += [
        _Cut(match.start(), match.end(), _roles(match["label"]), _is_source_label(match["label"]))
        for match in _LABEL.finditer(text)
        if _stands_free(text, match.start())
    ]
    found += [
        _Cut(match.start(), match.end(), ("compiled",), True)
        for match in _SOURCE.finditer(text)
        if not text[match.end()].islower() or _SITE.match(text, match.end())
    ]
    return sorted(found, key=lambda cut: cut.start)


def _stands_free(text: str, start: int) -> bool:
    """Whether a label begins something new here, and is no word of a sentence ("Trong ảnh: …")."""
    before = text[:start].rstrip()
    return not before or not before[-1].isalnum() or text[start].isupper()


def _is_source_label(label: str) -> bool:
    return " ".join(label.lower().split()) in SOURCE_LABELS


def _roles(label: str) -> tuple[Role, ...]:
    """The roles a label names, each once, in order."""
    if _is_source_label(label):
        return ("photo",) if "ảnh" in label.lower() else ("compiled",)
    words = (" ".join(word.lower().split()) for word in _PART.findall(label))
    return tuple(dict.fromkeys(LABELS.get(word, "text") for word in words))


def _without_action(text: str) -> tuple[str, Role]:
    """Names without what stands behind them about their work, and the role that it means."""
    match = _ACTION.search(text)
    if not match:
        return text, "text"
    word = (match["action"] or match["bracketed"]).lower()
    roles = ACTIONS if match["action"] else BRACKETED_ACTIONS
    return text[: match.start()], roles.get(" ".join(word.split()), "text")

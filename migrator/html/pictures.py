"""The pictures of a clean body."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrator.html.attributes import read
from migrator.html.credits import credit_in
from migrator.html.plain import text_of, unescaped
from migrator.text.composed import composed

# Most figures are a picture, plain words and a credit: those are read at once, others tag by tag.
_FIGURE = (
    r"<figure(?: [^>]*)?>(<img [^>]*>)<figcaption(?: [^>]*)?>([^<]*)(?:<small>([^<]*)</small>)?</figcaption></figure>"
)
_NEXT = re.compile(rf"{_FIGURE}|<(img|/?figure|/?figcaption)(?: [^>]*)?>")


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. ``src`` is as it stands in the body; what is not there is empty.

    ``caption`` is what is shown, ``credit`` who made it, both as plain text.
    """

    src: str
    alt: str
    caption: str
    credit: str


@dataclass(slots=True)
class _Figure:
    """An open figure: its pictures without a caption so far, and its own caption."""

    waiting: list[int]
    caption: str = ""


def images_of(html: str) -> tuple[Image, ...]:
    """The pictures of clean markup, in order. A figure without a caption has that of the figure around it."""
    if "<img" not in html:
        return ()
    tags: list[str] = []
    captions: list[str] = []
    open_figures: list[_Figure] = []
    begin = 0
    for found in _NEXT.finditer(html):
        picture, words, credit, name = found.groups("")
        if picture:
            told = composed(unescaped(words + credit))
            if open_figures and not told.strip():
                open_figures[-1].waiting.append(len(tags))
            tags.append(picture)
            captions.append(told)
        elif name == "img":
            if open_figures:
                open_figures[-1].waiting.append(len(tags))
            tags.append(found[0])
            captions.append("")
        elif name == "figure":
            open_figures.append(_Figure([]))
        elif name == "figcaption":
            begin = found.end()
        elif name == "/figcaption" and open_figures:
            open_figures[-1].caption = text_of(html[begin : found.start()])
        elif name == "/figure" and open_figures:
            _close(open_figures, captions)
    return tuple(map(_image, tags, captions))


def _close(open_figures: list[_Figure], captions: list[str]) -> None:
    figure = open_figures.pop()
    if figure.caption:
        for place in figure.waiting:
            captions[place] = figure.caption
    elif open_figures:
        open_figures[-1].waiting += figure.waiting


def _image(tag: str, told: str) -> Image:
    attributes = read(tag)
    found = credit_in(" ".join(told.split()))
    return Image(attributes.get("src", ""), attributes.get("alt", ""), found.caption, found.credit)

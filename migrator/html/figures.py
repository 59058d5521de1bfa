"""Figures: a picture, its caption, its credit, made from whatever an old system used for them."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.html.captions import MOST_WORDS_MARKED, is_caption, is_empty_form
from migrator.html.credits import credited
from migrator.html.marks import GALLERY
from migrator.html.parts import Part, parts, trimmed
from migrator.html.tree import Node, element, flat, is_space, text_in

_BLOCKS = frozenset(("div", "section", "p", "blockquote", "aside", "h2", "h3", "h4", "h5", "h6"))
_ROWS = frozenset(("div", "section"))
_SHOWING = _BLOCKS | frozenset(("iframe", "video", "audio"))


def figure(media: Part, captions: Sequence[Part] = (), start: str = "<figure>") -> Node:
    """A figure of one picture; several runs of caption are paragraphs."""
    children = list(media.content)
    told = [run for run in captions if not is_empty_form(run)]
    if told:
        children.append(caption(told))
    return Node("figure", start, children)


def caption(runs: Sequence[Part]) -> Node:
    """A caption with its credit set apart."""
    content = _upright(runs[0].content) if len(runs) == 1 else [element("p", run.content) for run in runs]
    changed = credited(flat(content))
    return element("figcaption", content if changed is None else changed)


def _upright(content: list[str | Node]) -> list[str | Node]:
    """A caption without the italics around all of it: how captions look is the new platform's affair."""
    while len(content) == 1 and isinstance(only := content[0], Node) and only.start in ("<em>", "<i>"):
        content = trimmed(only.children)
    return content


def gallery(figures: Sequence[Node], captions: Sequence[Part] = ()) -> Node:
    """Several figures as one, with a caption for all of them: the form the HTML Standard gives for it."""
    return element("figure", [*figures, *([caption(captions)] if captions else [])])


def figures_of(shown: Sequence[Part]) -> list[Node]:
    """Each picture as a figure, figures as they are."""
    return [
        child if part.kind == "figure" and isinstance(child := part.content[0], Node) else figure(part)
        for part in shown
    ]


def from_block(block: Node) -> Node | None:
    """What a block becomes that shows pictures: one with a caption is a figure, a row of figures a gallery."""
    if block.tag not in _BLOCKS:
        return None
    inside = [child for child in block.children if not is_space(child)]
    figures = [child for child in inside if isinstance(child, Node) and child.tag == "figure"]
    if figures and len(figures) == len(inside) and block.tag in _ROWS:
        return figures[0] if len(figures) == 1 else gallery(figures)
    shown = parts(inside, block.marks)
    if shown is None or len(shown) < 2:
        return None
    if shown[0].kind == "media" and all(part.kind == "text" for part in shown[1:]):
        return figure(shown[0], shown[1:]) if is_caption(shown[1:], block.marks) else None
    return _row(shown) if block.marks & GALLERY and block.tag in _ROWS else None


def _row(shown: Sequence[Part]) -> Node | None:
    """A row that is marked as a gallery; the words behind the last picture are for all of them."""
    pictures = [part for part in shown if part.kind != "text"]
    told = shown[len(pictures) :]
    if len(pictures) < 2 or any(part.kind == "text" for part in shown[: len(pictures)]):
        return None
    if len(told) > 1 or any(part.words > MOST_WORDS_MARKED for part in told):
        return None
    return gallery(figures_of(pictures), told)


def is_standard(pieces: Sequence[str]) -> bool:
    """Whether a figure is a picture with a caption of plain words, nothing else: most of them are."""
    return (
        len(pieces) == 6
        and pieces[1].startswith("<img")
        and pieces[2] == "<figcaption>"
        and pieces[3][:1] not in ("<", "[")
        and not pieces[3].isspace()
    )


def tidied(old: Node) -> Node | None:
    """A figure of any make as a picture and a caption; null where nothing is sure.

    Where it shows more than one picture, only the caption is put in order. A figure of nothing goes, a figure around a
    figure as well.
    """
    pieces = old.pieces()
    if is_standard(pieces):
        return _tidied_standard(old.start, *pieces[1:4])
    children = [child for child in old.children if not is_space(child)]
    told = [child for child in children if isinstance(child, Node) and child.tag == "figcaption"]
    if len(children) == 1 and isinstance(only := children[0], Node) and only.tag == "figure":
        return only
    runs = parts(told[0].children) if told else []
    if len(told) > 1 or runs is None or any(run.kind != "text" for run in runs):
        return None
    shown = parts([child for child in children if child not in told])
    if shown and shown[0].kind == "media" and all(part.kind == "text" for part in shown[1:]):
        runs += shown[1:]
        return figure(shown[0], runs, old.start) if sum(run.words for run in runs) <= MOST_WORDS_MARKED else None
    if not told:
        return None
    runs = [run for run in runs if not is_empty_form(run)]
    if not runs and len(children) == 1:
        return Node("", "", [])
    place = children.index(told[0])
    return Node("figure", old.start, [*children[:place], *([caption(runs)] if runs else []), *children[place + 1 :]])


def _tidied_standard(figure_start: str, picture: str, start: str, words: str) -> Node | None:
    told = words.strip()
    changed = credited([told])
    if changed is None and told == words:
        return None
    return Node("figure", figure_start, [picture, Node("figcaption", start, list(changed or [told]))])


def paired(children: list[str | Node]) -> tuple[list[str | Node], int]:
    """Children of a block, pictures and the captions that stand behind them made into figures; and how many were."""
    if len(children) < 2:
        return children, 0
    possible = [
        place
        for place, child in enumerate(children)
        if (child.startswith("<img") if isinstance(child, str) else child.is_interesting)
    ]
    made: list[str | Node] = []
    last = _Last(children)
    found = done = 0
    for place in possible:
        behind = _next(children, place) if place >= done else len(children)
        if behind == len(children) or not _may_be_caption(children[behind]):
            continue
        media = _lone_media(children, place)
        runs = _caption_at(children, behind, last) if media else None
        if media and runs:
            made += [*children[done:place], figure(media, runs)]
            done, found = behind + 1, found + 1
    return ([*made, *children[done:]], found) if found else (children, 0)


def _lone_media(children: Sequence[str | Node], place: int) -> Part | None:
    """The picture that is all a child shows, standing between blocks."""
    child = children[place]
    if isinstance(child, str):
        is_possible = child.startswith("<img")
    elif child.tag == "figure":
        is_possible = not any(isinstance(each, Node) and each.tag == "figcaption" for each in child.children)
    else:
        is_possible = child.is_inline or child.tag in _SHOWING
    if not is_possible:
        return None
    if isinstance(child, str) or child.is_inline:
        before = next((children[at] for at in range(place - 1, -1, -1) if not is_space(children[at])), None)
        if isinstance(before, str) or (before is not None and before.is_inline):
            return None
    shown = parts([child])
    return shown[0] if shown and [part.kind for part in shown] == ["media"] else None


def _next(children: Sequence[str | Node], place: int) -> int:
    """The place of the next child that is more than white space."""
    place += 1
    while place < len(children) and is_space(children[place]):
        place += 1
    return place


def _may_be_caption(child: str | Node) -> bool:
    """Whether a child is a block of a kind that captions stand in."""
    return isinstance(child, Node) and child.tag in _BLOCKS


class _Last:
    """The last child that shows words, looked for once, and only if somebody asks."""

    def __init__(self, children: Sequence[str | Node]) -> None:
        self._children = children
        self._place: int | None = None

    def is_at(self, place: int) -> bool:
        """Whether it is the child at a place."""
        if self._place is None:
            backwards = reversed(range(len(self._children)))
            self._place = next((at for at in backwards if text_in(self._children[at : at + 1]).strip()), -1)
        return place == self._place


def _caption_at(children: Sequence[str | Node], place: int, last: _Last) -> list[Part] | None:
    """The caption that stands at a place, or null."""
    runs = parts(children[place : place + 1])
    if not runs or any(run.kind != "text" for run in runs):
        return None
    return runs if is_caption(runs, is_last=last.is_at(place)) else None

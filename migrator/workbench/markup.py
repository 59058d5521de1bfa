"""A document as blocks, written as Markdown or as one HTML page. Whatever comes from a mapping or a source is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Pieces = tuple["str | Code", ...]
"""Running text; code stands as it is written."""


@dataclass(frozen=True, slots=True)
class Code:
    """Something a mapping or the source says, letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; ``level`` 1 is the document's."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    head: tuple[str, ...]
    rows: Sequence[Sequence[Pieces]]


Block = Heading | Paragraph | Grid

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}code{background:#f2f2f2;"
    "overflow-wrap:anywhere}"
)


def as_markdown(blocks: Iterable[Block]) -> str:
    """The document as Markdown (GitHub's tables)."""
    return "\n".join(line for block in blocks for line in _markdown(block))


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_plain(text)}\n"
        case Paragraph(pieces):
            yield _inline(pieces) + "\n"
        case Grid(head, rows):
            yield "| " + " | ".join(map(_plain, head)) + " |"
            yield "|" + "---|" * len(head)
            for row in rows:
                yield "| " + " | ".join(map(_inline, row)) + " |"
            yield ""


def _inline(pieces: Pieces) -> str:
    return "".join(_code(piece.text) if isinstance(piece, Code) else _plain(piece) for piece in pieces)


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)


def _code(text: str) -> str:
    """Code between as many backticks as it takes. A pipe would end a table's cell, also inside code."""
    line = re.sub(r"\s+", " ", text).replace("|", "\\|") or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def as_html(blocks: Sequence[Block], language: str) -> str:
    """The document as one HTML page without anything from elsewhere."""
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(map(_html, blocks))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{html.escape(text)}</h{level}>"
        case Paragraph(pieces):
            return f"<p>{_marked(pieces)}</p>"
        case Grid(head, rows):
            titles = "".join(f"<th>{html.escape(title)}</th>" for title in head)
            lines = "\n".join("<tr>" + "".join(f"<td>{_marked(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            return f"<table><thead><tr>{titles}</tr></thead><tbody>\n{lines}\n</tbody></table>"


def _marked(pieces: Pieces) -> str:
    return "".join(
        f"<code>{html.escape(piece.text)}</code>" if isinstance(piece, Code) else html.escape(piece) for piece in pieces
    )

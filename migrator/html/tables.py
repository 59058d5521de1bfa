"""Tables that only put a caption under a picture.

A table becomes figures only if every cell of it is a picture, a figure, or a caption that clearly belongs to one: one
column, or rows of pictures with rows of captions under them. Anything else – prose in several cells, words beside a
picture, a nested table – is a table of data or of layout, and stays a table with every word where it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from migrator.html.captions import MOST_WORDS_MARKED
from migrator.html.credits import credit_in
from migrator.html.figures import figure, figures_of, gallery
from migrator.html.marks import CAPTION, PICTURE
from migrator.html.parts import Part, parts
from migrator.html.plain import unescaped
from migrator.html.tree import Node, is_space

MOST_WORDS = 60
"""Words of a caption cell that no class calls a caption."""

_MOST_RUNS = 3
_SECTIONS = frozenset(("tbody", "thead", "tfoot"))
_COLSPAN = re.compile(r' colspan="([1-9][0-9]?)"')

Row = dict[int, list[Part]]
"""The cells of a row that show something, by column."""


@dataclass(slots=True)
class _Unit:
    """A picture with what belongs to it."""

    shown: Part
    captions: list[Part] = field(default_factory=list)

    def figure(self) -> Node:
        return figure(self.shown, self.captions) if self.captions else figures_of([self.shown])[0]


@dataclass(slots=True)
class _Grid:
    """What was found so far: all units, those of the last row of pictures by column, a caption for all of them."""

    marks: int
    units: list[_Unit] = field(default_factory=list)
    latest: dict[int, _Unit] = field(default_factory=dict)
    common: list[Part] = field(default_factory=list)

    def figure(self) -> Node | None:
        """All of it as a figure or a gallery; null where there is no picture."""
        if not self.units:
            return None
        if len(self.units) == 1:
            return self.units[0].figure()
        return gallery([unit.figure() for unit in self.units], self.common)

    def takes_cells(self, cells: Sequence[str | Node]) -> bool:
        """Whether a row of these cells fits in."""
        row = _cells(cells)
        return row is not None and self._takes(row)

    def _takes(self, row: Row) -> bool:
        if not row:
            return True
        if all(shown[0].kind == "text" for shown in row.values()):
            return self._takes_captions(row)
        units = {column: self._unit(shown) for column, shown in row.items()}
        if self.common or None in units.values():
            return False
        self.latest = {column: unit for column, unit in units.items() if unit}
        self.units += self.latest.values()
        return True

    def _unit(self, shown: list[Part]) -> _Unit | None:
        """A cell with a picture, alone or with its caption."""
        if len(shown) == 1 and shown[0].kind != "text":
            return _Unit(shown[0])
        return _Unit(shown[0], shown[1:]) if shown[0].kind == "media" and self._is_caption(shown[1:]) else None

    def _takes_captions(self, row: Row) -> bool:
        """Whether a row of captions belongs to the row of pictures above: one for each, or one for all."""
        units = list(self.latest.values())
        if not units or not all(map(self._is_caption, row.values())):
            return False
        if len(row) == len(units) and (len(row) == 1 or row.keys() == self.latest.keys()):
            for unit, shown in zip(units, row.values(), strict=True):
                if unit.shown.kind == "figure" or (unit.captions and not _is_credit(shown)):
                    return False
                unit.captions += shown
            return True
        if len(row) > 1 or self.common:
            return False
        self.common = next(iter(row.values()))
        return True

    def _is_caption(self, shown: list[Part]) -> bool:
        marks = self.marks | shown[0].marks
        most = MOST_WORDS_MARKED if marks & (CAPTION | PICTURE) else MOST_WORDS
        is_text = all(part.kind == "text" for part in shown)
        return is_text and len(shown) <= _MOST_RUNS and sum(part.words for part in shown) <= most


def from_table(table: Node) -> Node | None:
    """The figure, or the gallery, that a table only lays out; null for any other table."""
    grid = _Grid(table.marks)
    captions: list[Node] = []
    waiting = [table]
    while waiting:
        for child in waiting.pop().children:
            if is_space(child):
                continue
            if isinstance(child, Node) and child.tag in _SECTIONS:
                waiting.insert(0, child)
            elif isinstance(child, Node) and child.tag == "tr":
                if not grid.takes_cells([cell for cell in child.children if not is_space(cell)]):
                    return None
            elif isinstance(child, Node) and child.tag == "caption":
                captions.append(child)
            elif not isinstance(child, Node) or child.tag != "colgroup":
                return None
    return grid.figure() if all(grid.takes_cells([each]) for each in captions) else None


def from_list(definitions: Node) -> Node | None:
    """The same for a list of definitions: WordPress once wrote a picture as a term and its caption as the meaning."""
    grid = _Grid(definitions.marks)
    each_fits = (grid.takes_cells([child]) for child in definitions.children if not is_space(child))
    return grid.figure() if all(each_fits) else None


def _cells(cells: Sequence[str | Node]) -> Row | None:
    """What each cell shows, by column; null where one holds more than pictures and text, or text before a picture."""
    found: Row = {}
    column = 0
    for cell in cells:
        shown = parts(cell.children, cell.marks) if isinstance(cell, Node) else None
        if shown is None or not isinstance(cell, Node):
            return None
        if shown:
            if shown[0].kind == "text" and any(part.kind != "text" for part in shown):
                return None
            found[column] = shown
        span = _COLSPAN.search(cell.start)
        column += int(span[1]) if span else 1
    return found


def _is_credit(shown: Sequence[Part]) -> bool:
    """Whether a second caption below the first only says who made the picture."""
    found = credit_in(unescaped(" ".join([part.text for part in shown])))
    return bool(found.credit) and not found.caption

"""Tables that are grids of text, and tables that only arrange a page or hold a picture with its caption."""

from __future__ import annotations

CELLS = frozenset(("tr", "td", "th"))
_FEWEST = 2


class Grid:
    """A table being read. ``is_data`` says that it is a grid of text."""

    def __init__(self) -> None:
        self.has_picture = False
        self._rows = self._cells = 0
        self._in_cell = False

    def begin(self, tag: str) -> None:
        """A row or a cell begins."""
        if tag == "tr":
            self._rows += self._cells >= _FEWEST
            self._cells = 0
        self._in_cell = tag != "tr"

    def words(self) -> None:
        """There are words in the cell; each cell counts once."""
        self._cells += self._in_cell
        self._in_cell = False

    @property
    def is_data(self) -> bool:
        """At least two rows of at least two cells with words, and no picture."""
        return not self.has_picture and self._rows + (self._cells >= _FEWEST) >= _FEWEST

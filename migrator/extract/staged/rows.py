"""The rows of a staged relation by their number, from packs that are compared with their names when they are read."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from migrator.errors import EvidenceError
from migrator.extract.staged import values
from migrator.extract.staged.packs import PackStore
from migrator.model.record import Row
from migrator.model.staged import Pack, Relation

_KEPT_BYTES = 24_000_000
"""How much content of packs is kept in memory for what is asked next."""


class Contents:
    """Packs' lines; those used last stay in memory, of all relations together no more than a fixed size."""

    def __init__(self, packs: PackStore) -> None:
        self._packs = packs
        self._kept: OrderedDict[str, list[bytes]] = OrderedDict()
        self._sizes: dict[str, int] = {}

    def lines(self, pack: Pack) -> list[bytes]:
        """The rows' lines, without the head. EvidenceError where the pack is missing or not what it was."""
        found = self._kept.get(pack.digest)
        if found is None:
            found = self._packs.lines(pack.digest, pack.size)[1:]
            if len(found) != pack.rows:
                path = self._packs.path(pack.digest)
                raise EvidenceError(
                    f"The pack {path} has {len(found)} rows, not {pack.rows}.", "Stage the source again."
                )
            self._kept[pack.digest] = found
            self._sizes[pack.digest] = pack.size
            while len(self._kept) > 1 and sum(self._sizes.values()) > _KEPT_BYTES:
                oldest, _ = self._kept.popitem(last=False)
                del self._sizes[oldest]
        self._kept.move_to_end(pack.digest)
        return found


class StagedRows:
    """Rows of one relation, numbered from 0 in the order they were staged."""

    def __init__(self, contents: Contents, relation: Relation) -> None:
        self.relation = relation
        self._contents = contents
        self._ends = list(accumulate(pack.rows for pack in relation.packs))

    def all(self) -> Iterator[Row]:
        """Every row, in order."""
        names = self.relation.columns
        for pack in self.relation.packs:
            for line in self._contents.lines(pack):
                yield dict(zip(names, values.row(line), strict=True))

    def numbered(self, numbers: Sequence[int]) -> list[Row]:
        """The rows with these numbers, in the order of the numbers. Each pack is read once."""
        names = self.relation.columns
        found: dict[int, Row] = {}
        for number in sorted(set(numbers)):
            place = bisect_right(self._ends, number)
            pack = self.relation.packs[place]
            line = self._contents.lines(pack)[number - (self._ends[place] - pack.rows)]
            found[number] = dict(zip(names, values.row(line), strict=True))
        return [found[number] for number in numbers]

"""An entity cut into key ranges for a crew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from migrator.ports import Position
from migrator.run.crew import Crew
from migrator.run.parts import Parts
from migrator.run.worker import Task


class Shares:
    """Finds the ranges as they are asked for: their number costs no memory, and the crew never has more than it can hold."""

    def __init__(self, parts: Parts, run: int, crew: Crew) -> None:
        self._parts, self._run, self._crew = parts, run, crew
        self._kept: dict[tuple[str, str], Path] = {}

    def carry(
        self, source: str, entity: str, after: Position | None, size: int, left: int | None, lead_change: int
    ) -> Iterator[Task]:
        """Have the entity's rows behind a position carried over, at most ``left`` of them; yields what is on record."""
        selection = self._parts.mappings[source, entity].selection
        if path := self._parts.extractors[source].keep(selection):
            self._kept[source, entity] = path
        tasks = self._tasks(source, entity, after, size, left, lead_change)
        return self._crew.carry(tasks, self._is_on_record)

    def _tasks(
        self, source: str, entity: str, after: Position | None, size: int, left: int | None, lead_change: int
    ) -> Iterator[Task]:
        kept = tuple((*pair, path) for pair, path in self._kept.items())
        selection, extractor = self._parts.mappings[source, entity].selection, self._parts.extractors[source]
        number = self._crew.next_number
        while left is None or left > 0:
            limit = size if left is None else min(size, left)
            found = next(iter(extractor.ranges(selection, after, limit)), None)
            if found is None or found.upto is None:
                return
            yield Task(number, source, entity, self._run, after, found.upto, found.rows, lead_change, kept)
            number, after = number + 1, found.upto
            left = None if left is None else left - found.rows

    def _is_on_record(self, task: Task) -> bool:
        """Whether the mark stands at the end of the task already."""
        position, _ = self._parts.ledger.position(task.source, task.entity)
        return position is not None and _as_text(position) == _as_text(task.upto)


def _as_text(position: Position) -> bytes:
    return orjson.dumps(position, default=str)

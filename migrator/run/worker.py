"""A worker: reads, transforms and loads whole key ranges, each told to the ledger in its turn.

What needs no other batch (reading, transforming, fingerprints) is done as soon as a range is given, one range ahead;
what does (where references lead, which duplicate came first, the target, the ledger) waits for the range's turn. So what
stands at the target and in the ledger is what one process would have left there.
"""

from __future__ import annotations

import traceback
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from migrator.errors import MigratorError
from migrator.ports import Position
from migrator.run.batch import BatchWork, Prepared
from migrator.run.parts import Parts

_ALL = 1_000_000_000
"""The range is bounded by its keys: rows that came into it since it was found belong to it too."""

AHEAD = 2
"""Ranges a worker holds at once: one in its turn or waiting for it, one being prepared."""


class Recipe(Protocol):
    """How a worker makes its own parts. Small, picklable, without secrets."""

    def check(self) -> None:
        """ConfigurationError where the project is not what it was. No source, target or ledger is opened."""

    def open(self) -> AbstractContextManager[Parts]:
        """The parts, open while the block runs. ConfigurationError where the project is not what it was."""


@dataclass(frozen=True, slots=True)
class Task:
    """A key range to carry over: rows behind ``after``, up to and including ``upto``.

    ``kept`` are files with the answers to declared queries, by source and entity. ``is_again``: a worker was lost with it,
    and may have touched the target.
    """

    number: int
    source: str
    entity: str
    run: int
    after: Position | None
    upto: Position
    rows: int
    lead_change: int
    kept: tuple[tuple[str, str, Path], ...] = ()
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The range of this number may be written now: all before it are on record. Each turn given has a larger token."""

    number: int
    token: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The range is prepared and waits for its turn."""

    number: int


@dataclass(frozen=True, slots=True)
class Done:
    """The range is on record."""

    number: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker cannot go on. ``expected`` is False for an error nobody foresaw; ``message`` is then its traceback."""

    message: str
    next_step: str
    expected: bool


Heard = Ready | Done | Failed


def failure(error: Exception) -> Failed:
    """What a worker says of an error."""
    if isinstance(error, MigratorError):
        return Failed(error.message, error.next_step, True)
    return Failed("".join(traceback.format_exception(error)), "", False)


class Worker:
    """Works with parts of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._works: dict[tuple[str, str], BatchWork] = {}
        self._prepared: dict[int, Prepared] = {}

    def prepare(self, task: Task) -> Ready:
        """Do what needs no other range, and keep it."""
        extractor = self._parts.extractors[task.source]
        for source, entity, path in task.kept:
            self._parts.extractors[source].use(self._parts.mappings[source, entity].selection, path)
        pair = (task.source, task.entity)
        if pair not in self._works or task.is_again:  # what was left open is looked up when the work begins
            self._works.clear()
            self._works[pair] = BatchWork(self._parts, task.run, *pair, lead_change=task.lead_change)
        selection = self._parts.mappings[pair].selection
        rows = extractor.read(selection, task.after, _ALL, task.upto)
        self._prepared[task.number] = self._works[pair].prepare(rows, ahead=True)
        return Ready(task.number)

    def complete(self, task: Task) -> Done:
        """Do the rest, and put it on record: the ranges before it are."""
        if task.number not in self._prepared:
            self.prepare(task)
        prepared = self._prepared.pop(task.number)
        self._works[task.source, task.entity].complete(prepared, task.upto, done=False)
        self.drop_before(task.number)
        return Done(task.number)

    def drop_before(self, number: int) -> None:
        """Throw away what was prepared of ranges that are on record by now: others wrote them."""
        for old in [each for each in self._prepared if each <= number]:
            del self._prepared[old]

"""A worker process: reads, transforms and loads whole key ranges, each told to the ledger in its turn.

What needs no other batch (reading, transforming, fingerprints) is done as soon as a range is given, one range ahead;
what does (where references lead, which duplicate came first, the target, the ledger) waits for the range's turn. So what
stands at the target and in the ledger is what one process would have left there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
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

    def open(self) -> AbstractContextManager[Parts]:
        """The parts, open while the block runs. ConfigurationError where the project is not what it was."""


@dataclass(frozen=True, slots=True)
class Task:
    """A key range to carry over: rows behind ``after``, up to and including ``upto``.

    ``kept`` are files with the answers to declared queries, by source and entity.
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


@dataclass(frozen=True, slots=True)
class Turn:
    """The range of this number may be written now: all before it are on record."""

    number: int


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
Told = Task | Turn | None


def serve(recipe: Recipe, ticket: str, link: Connection) -> None:
    """What the process does, until it is told to end or nobody is there to tell it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the conductor decides what to do
    _end_with_parent()
    try:
        with recipe.open() as parts:
            parts.ledger.join(ticket)
            _Worker(parts, link).work()
    except (EOFError, BrokenPipeError):
        return
    except MigratorError as error:
        link.send(Failed(error.message, error.next_step, True))
    except Exception:
        link.send(Failed(traceback.format_exc(), "", False))


def _end_with_parent() -> None:
    """A worker whose run is gone must not write any more."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


class _Worker:
    def __init__(self, parts: Parts, link: Connection) -> None:
        self._parts = parts
        self._link = link
        self._works: dict[tuple[str, str], BatchWork] = {}
        self._tasks: deque[Task] = deque()
        self._prepared: dict[int, tuple[Task, Prepared]] = {}

    def work(self) -> None:
        """Prepare what is given, write what has its turn; a turn goes first."""
        while True:
            if self._tasks and not self._link.poll():
                self._prepare(self._tasks.popleft())
                continue
            told: Told = self._link.recv()
            if told is None:
                return
            if isinstance(told, Task):
                self._tasks.append(told)
            else:
                self._complete(told.number)

    def _prepare(self, task: Task) -> None:
        extractor = self._parts.extractors[task.source]
        for source, entity, path in task.kept:
            self._parts.extractors[source].use(self._parts.mappings[source, entity].selection, path)
        pair = (task.source, task.entity)
        if pair not in self._works:
            self._works.clear()
            self._works[pair] = BatchWork(self._parts, task.run, *pair, lead_change=task.lead_change)
        selection = self._parts.mappings[pair].selection
        rows = extractor.read(selection, task.after, _ALL, task.upto)
        self._prepared[task.number] = task, self._works[pair].prepare(rows, ahead=True)
        self._link.send(Ready(task.number))

    def _complete(self, number: int) -> None:
        task, prepared = self._prepared.pop(number)
        self._works[task.source, task.entity].complete(prepared, task.upto, done=False)
        self._link.send(Done(number))

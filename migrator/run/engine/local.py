"""The engine of this machine: spawned processes, each at the other end of a pipe."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from migrator.run.engine import Member
from migrator.run.worker import Heard, Recipe, Task, Turn, Worker, failure

_PATIENCE_S = 5.0
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """``size`` processes at a time. They end with the run, and so does what they may write."""

    recipe: Recipe
    size: int
    is_remote: bool = False

    def team(self, ticket: str) -> LocalTeam:
        """Start them."""
        return LocalTeam(self.recipe, ticket, self.size)


@dataclass(eq=False, slots=True)
class _Process:
    process: SpawnProcess
    link: Connection
    held: dict[int, Task] = field(default_factory=dict)

    def tell(self, told: Task | Turn | None) -> None:
        """Say something; nobody listens where the process has died, which is noticed when it is asked next."""
        with suppress(OSError):
            self.link.send(told)

    def heard(self) -> Heard | None:
        """What it says; None where it has died."""
        try:
            said: Heard = self.link.recv()
        except (EOFError, OSError):
            return None
        return said


class LocalTeam:
    """Processes with parts of their own; one that died is replaced at once."""

    def __init__(self, recipe: Recipe, ticket: str, size: int) -> None:
        self._recipe, self._ticket = recipe, ticket
        self._members: list[_Process] = []
        for _ in range(size):
            self._members.append(self._new())

    def members(self) -> Sequence[Member]:
        """All of them."""
        return tuple(self._members)

    def hear(self) -> Iterable[tuple[Member, Heard | None]]:
        """Waits until somebody says something or dies. One that says something and dies is heard first."""
        speaking = wait([member.link for member in self._members])
        return [(member, member.heard()) for member in self._members if member.link in speaking]

    def bury(self, member: Member) -> str:
        """Start another process in its place."""
        dead = next(each for each in self._members if each is member)
        dead.link.close()
        dead.process.join()
        self._members.remove(dead)
        self._members.append(self._new())
        return _cause(dead.process.exitcode)

    def close(self) -> None:
        """Tell all to end; kill those that do not."""
        for member in self._members:
            member.tell(None)
        for member in self._members:
            member.process.join(_PATIENCE_S)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
            member.link.close()
        self._members.clear()

    def _new(self) -> _Process:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(self._recipe, self._ticket, theirs), daemon=True)
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        return _Process(process, ours)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A child started meanwhile ignores Ctrl-C from its first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


# --- in the process ---
def serve(recipe: Recipe, ticket: str, link: Connection) -> None:
    """What the process does, until it is told to end or nobody is there to tell it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the conductor decides what to do
    _end_with_parent()
    try:
        with recipe.open() as parts:
            parts.ledger.join(ticket)
            _work(Worker(parts), link)
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        link.send(failure(error))


def _end_with_parent() -> None:
    """A worker whose run is gone must not write any more."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def _work(worker: Worker, link: Connection) -> None:
    """Prepare what is given, write what has its turn; a turn goes first."""
    waiting: deque[Task] = deque()
    held: dict[int, Task] = {}
    while True:
        if waiting and not link.poll():
            task = waiting.popleft()
            held[task.number] = task
            link.send(worker.prepare(task))
            continue
        told: Task | Turn | None = link.recv()
        if told is None:
            return
        if isinstance(told, Task):
            waiting.append(told)
        else:
            link.send(worker.complete(held.pop(told.number)))

"""Worker processes and the one who conducts them: hands out key ranges and gives each its turn, in key order."""

from __future__ import annotations

import heapq
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from migrator.errors import StopRun
from migrator.run.worker import AHEAD, Done, Failed, Heard, Ready, Recipe, Task, Told, Turn, serve

DEATHS = 3
"""So many workers may die one after the other, without a range getting done, before the run gives up."""

_PATIENCE_S = 5.0
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(eq=False, slots=True)
class _Member:
    process: SpawnProcess
    link: Connection
    held: dict[int, Task] = field(default_factory=dict)

    def tell(self, told: Told) -> None:
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


class Crew:
    """``size`` workers, each with parts of its own. ``lost`` counts those that died and were replaced."""

    def __init__(self, recipe: Recipe, ticket: str, size: int) -> None:
        self._recipe, self._ticket = recipe, ticket
        self._members: list[_Member] = []
        self._number = 0
        self._deaths = 0
        self.lost = 0
        for _ in range(size):
            self._members.append(self._new())

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        """Tell all to end. Whoever is in its turn may finish it; what is only prepared is thrown away."""
        for member in self._members:
            member.tell(None)
        for member in self._members:
            member.process.join(_PATIENCE_S)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
            member.link.close()
        self._members.clear()

    def _new(self) -> _Member:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(self._recipe, self._ticket, theirs), daemon=True)
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        return _Member(process, ours)

    def carry(self, tasks: Iterator[Task], is_on_record: Callable[[Task], bool]) -> Iterator[Task]:
        """Have the tasks done; yields each when it is on record, in their order.

        While the caller has a task no worker is in its turn, so that a run can be stopped there. ``is_on_record`` is asked
        for a task whose worker died in its turn.
        """
        lost: list[tuple[int, Task]] = []
        finished: Task | None
        ready: set[int] = set()
        turn, given, granted = self._number + 1, self._number, False
        while True:
            for member in self._members:
                while len(member.held) < AHEAD:
                    following = heapq.heappop(lost)[1] if lost else next(tasks, None)
                    if following is None:
                        break
                    given = max(given, following.number)
                    member.held[following.number] = following
                    member.tell(following)
            if turn > given:
                return
            if turn in ready and not granted:
                granted = True
                self._holder(turn).tell(Turn(turn))
            for member in self._speaking():
                said, finished = member.heard(), None
                if isinstance(said, Ready):
                    ready.add(said.number)
                    continue
                if isinstance(said, Failed):
                    raise _stopped(said)
                if isinstance(said, Done):
                    finished = member.held.pop(said.number)
                else:
                    held = self._bury(member)
                    finished = held.pop(turn) if granted and turn in held and is_on_record(held[turn]) else None
                    granted = granted and turn not in held
                    ready -= held.keys()
                    for number, task in held.items():
                        heapq.heappush(lost, (number, task))
                if finished is not None:
                    self._deaths, self._number = 0, turn
                    ready.discard(turn)
                    turn, granted = turn + 1, False
                    yield finished

    @property
    def next_number(self) -> int:
        """The number the next task must have; tasks are numbered without gaps."""
        return self._number + 1

    def _holder(self, number: int) -> _Member:
        return next(member for member in self._members if number in member.held)

    def _speaking(self) -> list[_Member]:
        """Members that have something to say, or have died. One that says something and dies is heard first."""
        speaking = wait([member.link for member in self._members])
        return [member for member in self._members if member.link in speaking]

    def _bury(self, member: _Member) -> dict[int, Task]:
        """Replace a member that died; the tasks it held. StopRun where they die one after the other."""
        member.link.close()
        member.process.join()
        self._members.remove(member)
        self.lost += 1
        self._deaths += 1
        if self._deaths >= DEATHS:
            raise StopRun(
                f"{self._deaths} workers died one after the other (the last one: {_cause(member.process.exitcode)}).",
                "What is confirmed stays. If memory was short, take fewer workers. Start 'migrator run' again: it goes on.",
            )
        self._members.append(self._new())
        return member.held


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


def _stopped(failed: Failed) -> Exception:
    if failed.expected:
        return StopRun(failed.message, failed.next_step)
    return RuntimeError(f"A worker met an error nobody foresaw:\n{failed.message}")


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"

"""What a worker far away does when it is called: three functions any scheduler can call, and what they keep between calls.

One process works for one run at a time, in a thread of its own: connections stay with it, and no two ranges mix. Nothing is
raised; what goes wrong is answered. Nothing is put on record without a turn taken under the token of the call.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from migrator import __version__
from migrator.errors import ConfigurationError, Superseded
from migrator.run.worker import Done, Failed, Heard, Recipe, Task, Worker, failure


@dataclass(frozen=True, slots=True)
class Order:
    """How to take part in a run: small, picklable, without secrets.

    ``name`` is another one for every run and every start of it. ``ticket`` is empty before the run has its lease. A
    transaction that stops for ``silence_s`` is ended by the server.
    """

    name: str
    recipe: Recipe
    silence_s: float
    ticket: str = ""
    version: str = __version__


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Somebody else has the range by now; nothing was written here."""

    number: int


def greet(order: Order) -> Failed | None:
    """Whether this process could take part. What stands in the way; None where nothing does. Nothing is opened."""

    def look() -> None:
        _demand_version(order)
        order.recipe.check()

    return _in_thread(look)


def prepare(order: Order, task: Task) -> Heard:
    """Do what needs no other range, and keep it in this process."""
    return _in_thread(lambda: _seat(order).worker.prepare(task))


def complete(order: Order, task: Task, token: int) -> Heard | GivenUp:
    """Do the rest and put it on record, where no larger token was seen; what is not prepared here is prepared."""

    def act() -> Heard | GivenUp:
        try:
            return _seat(order).complete(task, token)
        except Superseded:
            return GivenUp(task.number)

    return _in_thread(act)


def leave(name: str) -> None:
    """The run of this order is over: give its connections back."""
    _in_thread(lambda: _unseat(name))


class _Desk:
    """The parts of one run in this process."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._stack = ExitStack()
        _demand_version(order)
        self._parts = self._stack.enter_context(order.recipe.open())
        self.worker = Worker(self._parts)
        try:
            self._join(order)
        except BaseException:
            self.close()
            raise

    def _join(self, order: Order) -> None:
        self._parts.ledger.join_from_afar(order.ticket, self._name, order.silence_s)
        seal = self._parts.ledger.seal()
        for fence in self._parts.fences:
            fence.join(seal, self._name, order.silence_s)

    def complete(self, task: Task, token: int) -> Heard:
        """In this order: the ledger decides who is the newest, then the fences shut all others out, then it is written."""
        of = (task.source, task.entity)
        if not self._parts.ledger.take_turn(token, of, (task.after, task.upto)):
            self.worker.drop_before(task.number)
            return Done(task.number)
        for fence in self._parts.fences:
            fence.take_turn(token)
        return self.worker.complete(task)

    def close(self) -> None:
        """Give everything back."""
        self._stack.close()


def _demand_version(order: Order) -> None:
    if order.version != __version__:
        raise ConfigurationError(
            f"A worker on {socket.gethostname()} has migrator {__version__}, this run {order.version}.",
            "Install the same version at every worker, and start them again.",
        )


_thread = ThreadPoolExecutor(1, thread_name_prefix="migrator")
_desk: _Desk | None = None
_Answer = TypeVar("_Answer")


def _in_thread(act: Callable[[], _Answer]) -> _Answer | Failed:
    def safely() -> _Answer | Failed:
        try:
            return act()
        except Exception as error:
            return failure(error)

    return _thread.submit(safely).result()


def _seat(order: Order) -> _Desk:
    """The desk of this order; that of an earlier one is given up."""
    global _desk
    if _desk is not None and _desk.order.name != order.name:
        _unseat(_desk.order.name)
    if _desk is None:
        _desk = _Desk(order)
    return _desk


def _unseat(name: str) -> None:
    global _desk
    if _desk is not None and _desk.order.name == name:
        _desk.close()
        _desk = None

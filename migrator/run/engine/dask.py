"""The engine of many machines: Dask distributed finds them, carries calls there and notices who is gone.

Dask is asked for no more than that. A call goes to a worker by name, for what a range needs is in that process; who may
write is decided by the ledger. So neither what Dask does again nor what it takes for lost can do harm.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from distributed import Client, Future

from migrator.errors import AccessError, ConfigurationError, StopRun
from migrator.run.engine import Member, desk
from migrator.run.engine.desk import GivenUp, Order
from migrator.run.worker import Failed, Heard, Recipe, Task, Turn

CONNECT_S = 10.0
"""So long a scheduler may take to answer."""

WORKERS_S = 30.0
"""So long a run waits for a first worker, and for another one where all are lost."""

_GREETING_S = 60.0
_FETCH_S = 5.0
_TICK_S = 0.25
_POLL_S = 0.02
_LEAVING_S = 5.0


class DaskEngine:
    """A connection to a scheduler, open while the block runs. ``lease_s``: a worker silent for so long is lost."""

    is_remote = True

    def __init__(self, recipe: Recipe, scheduler: str, lease_s: float) -> None:
        self._scheduler, self._lease_s = scheduler, lease_s
        self._order = Order(uuid.uuid4().hex, recipe, lease_s)

    def __enter__(self) -> DaskEngine:
        """Connect, and see that every worker can take part. AccessError or ConfigurationError where that cannot be."""
        _hush()
        self._client = _connected(self._scheduler)
        try:
            self._greet()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Disconnect; the workers stay."""
        self._client.close()

    def team(self, ticket: str) -> DaskTeam:
        """The workers of the scheduler, for a run that has its lease."""
        return DaskTeam(self._client, replace(self._order, ticket=ticket), self._lease_s)

    def _greet(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError as error:
            raise AccessError(
                f"No worker is connected to the scheduler at {self._scheduler}.",
                "Start some: dask worker ADDRESS --nthreads 1 (docs/engines.md).",
            ) from error
        addresses = list(self._client.scheduler_info(n_workers=-1)["workers"])
        answers = [_call(self._client, address, desk.greet, self._order) for address in addresses]
        _wait(answers, _GREETING_S)
        for address, answer in zip(addresses, answers, strict=True):
            refused = _answer(address, answer)
            if isinstance(refused, Failed):
                raise ConfigurationError(f"{address}: {refused.message}", refused.next_step)
        if all(answer.status == "pending" for answer in answers):
            raise AccessError(
                f"None of the {len(answers)} workers answered within {_GREETING_S:g} s.",
                "Is the same version of migrator installed there? Look at their logs (docs/engines.md).",
            )


@dataclass(eq=False, slots=True)
class _DaskWorker:
    address: str
    team: DaskTeam
    held: dict[int, Task] = field(default_factory=dict)
    calls: set[Future[Any]] = field(default_factory=set)

    def tell(self, told: Task | Turn) -> None:
        """Call it."""
        task = self.held[told.number]
        task = replace(task, kept=())  # those files are on the conductor's machine; the worker asks for itself
        if isinstance(told, Turn):
            self.team.call(self, desk.complete, task, told.token, priority=1)
        else:
            self.team.call(self, desk.prepare, task)


class DaskTeam:
    """All workers the scheduler knows and hears from. Who comes later is taken in, who is silent is given up."""

    def __init__(self, client: Client, order: Order, lease_s: float) -> None:
        self._client, self._order = client, order
        self._members: list[_DaskWorker] = []
        self._said: queue.SimpleQueue[tuple[_DaskWorker, Future[Any]]] = queue.SimpleQueue()
        self._roll = Roll(lease_s)
        self._looked_at = 0.0

    def members(self) -> Sequence[Member]:
        """Those on the roll. StopRun where there is none for a while."""
        until = time.monotonic() + WORKERS_S
        while True:
            known = {member.address for member in self._members}
            self._members += [_DaskWorker(address, self) for address in self._roll.alive() if address not in known]
            if self._members:
                return tuple(self._members)
            if time.monotonic() > until:
                raise StopRun(
                    f"No worker was connected to the Dask scheduler for {WORKERS_S:g} s.",
                    "What is confirmed stays. Start workers, then 'migrator run' again: it goes on.",
                )
            time.sleep(_TICK_S)
            self._look()

    def call(self, member: _DaskWorker, function: Any, *arguments: Any, priority: int = 0) -> None:
        """Have a function of the desk called there; the answer is heard later."""
        future = _call(self._client, member.address, function, self._order, *arguments, priority=priority)
        member.calls.add(future)
        future.add_done_callback(lambda done: self._said.put((member, done)))

    def hear(self) -> Iterable[tuple[Member, Heard | None]]:
        """What one member says, and who is lost by now."""
        heard: list[tuple[Member, Heard | None]] = []
        try:
            member, future = self._said.get(timeout=_TICK_S)
        except queue.Empty:
            pass
        else:
            if member in self._members:
                member.calls.discard(future)
                heard.append((member, _answer(member.address, future)))
        if time.monotonic() - self._looked_at > _TICK_S:
            self._look()
        alive = self._roll.alive()
        lost = [member for member in self._members if member.address not in alive]
        return heard + [(member, None) for member in lost if (member, None) not in heard]

    def bury(self, member: Member) -> str:
        """Let go of it. Another one comes when the scheduler has one; the same one when it is heard of again."""
        gone = next(each for each in self._members if each is member)
        self._members.remove(gone)
        self._client.cancel(list(gone.calls), force=True)
        return self._roll.cause(gone.address)

    def close(self) -> None:
        """Call off what was not begun, and let the workers go."""
        if self._client.status != "running":
            return
        self._client.cancel([call for member in self._members for call in member.calls], force=True)
        calls = [_call(self._client, member.address, desk.leave, self._order.name) for member in self._members]
        _wait(calls, _LEAVING_S)

    def _look(self) -> None:
        """Ask the scheduler who is there."""
        try:
            if self._client.status != "running":
                raise OSError(self._client.status)
            scheduler: Any = self._client.scheduler
            known = self._client.sync(scheduler.identity, n_workers=-1, callback_timeout=CONNECT_S)
        except OSError as error:
            raise StopRun(
                "The Dask scheduler does not answer any more.",
                "What is confirmed stays. See that it runs, then start 'migrator run' again: it goes on.",
            ) from error
        self._looked_at = time.monotonic()
        self._roll.update({address: worker["last_seen"] for address, worker in known["workers"].items()})


class Roll:
    """Who is heard of. Only whether a worker's time of last being seen *changes* counts, not what clock it is of."""

    def __init__(self, lease_s: float) -> None:
        self._lease_s = lease_s
        self._seen: dict[str, tuple[float, float]] = {}
        self._now = time.monotonic

    def update(self, last_seen: Mapping[str, float]) -> None:
        """Take in what the scheduler says."""
        now = self._now()
        before = self._seen
        self._seen = {
            address: before[address] if address in before and before[address][0] == seen else (seen, now)
            for address, seen in last_seen.items()
        }

    def alive(self) -> frozenset[str]:
        """Those that were heard of within the lease."""
        now = self._now()
        return frozenset(address for address, (_, at) in self._seen.items() if now - at < self._lease_s)

    def cause(self, address: str) -> str:
        """Why one is not among them."""
        if address not in self._seen:
            return "its connection to the scheduler ended"
        if address in self.alive():
            return "another one had taken over its range"
        return f"silent for {self._lease_s:g} s"


def _hush() -> None:
    """Dask's own words stay unsaid: what matters is said in a sentence. Each of its loggers has a level of its own."""
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _connected(scheduler: str) -> Client:
    """A client of the scheduler. AccessError where none answers in time."""
    made: queue.SimpleQueue[Client | Exception] = queue.SimpleQueue()

    def connect() -> None:
        try:
            made.put(Client(scheduler, timeout=CONNECT_S, set_as_default=False, name="migrator"))
        except Exception as error:
            made.put(error)

    # In a thread: whoever takes the connection and says nothing would be waited for without end, whatever the time-out.
    threading.Thread(target=connect, daemon=True).start()
    try:
        client = made.get(timeout=2 * CONNECT_S)
    except queue.Empty as error:
        client = error
    if isinstance(client, Exception):
        raise AccessError(
            f"No Dask scheduler answers at {scheduler}.",
            "Check the address, and that 'dask scheduler' runs there (docs/engines.md).",
        ) from client
    return client


def _call(client: Client, address: str, function: Any, *arguments: Any, priority: int = 0) -> Future[Any]:
    """A call that goes to this worker or to nobody."""
    return client.submit(
        function, *arguments, workers=[address], allow_other_workers=False, pure=False, priority=priority
    )


def _answer(address: str, future: Future[Any]) -> Heard | None:
    """What a call came to; None where nothing is known of it."""
    try:
        if future.status == "finished":
            answer = future.result(timeout=_FETCH_S)
            return None if isinstance(answer, GivenUp) else answer
        error = future.exception(timeout=_FETCH_S) if future.status == "error" else None
    except Exception:  # the worker died before it could be asked
        return None
    if error is None or type(error).__name__ == "KilledWorker":
        return None
    return Failed(
        f"The worker {address} cannot run migrator ({type(error).__name__}: {error}).",
        "Install the same version there, with its extras, and start the worker again.",
        True,
    )


def _wait(futures: Sequence[Future[Any]], seconds: float) -> None:
    """Wait until all have ended, but not longer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(future.status == "pending" for future in futures):
        time.sleep(_POLL_S)

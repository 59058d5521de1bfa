"""A Dask scheduler and its workers as processes of their own on loopback, which can be killed, frozen and woken."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

START_S = 60.0
_CHECKOUT = Path(__file__).resolve().parents[1]


class Cluster:
    """``address`` is the scheduler's. Every process has a session of its own, and is ended by its group."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True)
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        found = self._wait_for("scheduler", rb"Scheduler at:\s+(tcp://\S+)")
        self.address = found.decode()

    def worker(self, name: str, *words: str, environment: Mapping[str, str] | None = None) -> Worker:
        """A worker under its nanny, registered when this returns."""
        options = ("--nthreads", "1", "--death-timeout", "120", "--memory-limit", "0", "--host", "127.0.0.1")
        place = ("--local-directory", str(self._folder / f"{name}-files"))
        nanny = self._start("worker", self.address, *options, *place, *words, log=name, environment=environment)
        self._wait_for(name, rb"(Registered to):")
        return Worker(nanny)

    def _start(
        self, what: str, *words: str, log: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{what}"
        paths = os.pathsep.join(map(str, (_CHECKOUT, _CHECKOUT / "fixtures")))
        with (self._folder / f"{log or what}.log").open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--no-dashboard", *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
            )  # fmt: skip
        self._started.append(process)
        return process

    def _wait_for(self, log: str, sign: bytes) -> bytes:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            said = (self._folder / f"{log}.log").read_bytes()
            if found := re.search(sign, said):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"{log} did not start in {START_S} s:\n{said.decode(errors='replace')}")

    def close(self) -> None:
        """End everything that was started."""
        for process in reversed(self._started):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


class Worker:
    """A nanny and the worker process it starts again whenever that dies."""

    def __init__(self, nanny: subprocess.Popen[bytes]) -> None:
        self._nanny = nanny

    def pid(self) -> int | None:
        """The worker process; None while there is none."""
        for children in Path(f"/proc/{self._nanny.pid}/task").glob(
            "*/children"
        ):  # the nanny forks from a thread of its own
            with suppress(OSError):
                for child in map(int, children.read_text().split()):
                    if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return child
        return None

    def send(self, number: signal.Signals) -> int | None:
        """Send a signal to the worker process; its id, None where there is none."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, number)
        return pid


def is_stopped(pid: int) -> bool:
    """Whether a process was frozen by a signal."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    return False


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler without workers; ended with all that was started, when the block ends."""
    started = Cluster(folder)
    try:
        yield started
    finally:
        started.close()

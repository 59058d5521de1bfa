"""A program that answers lines with lines, confined in memory; every answer is waited for, but not for ever."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

MEMORY_KIB = 1024 * 1024
CPU_S = 20
"""For one answer. Processor time, so that a busy machine does not decide it."""
WALL_S = 300
CHECKOUT = Path(__file__).parents[2]


def confined(program: Sequence[str]) -> list[str]:
    """The program under a limit of 1 GiB of address space."""
    return ["sh", "-c", f'ulimit -v {MEMORY_KIB} && exec "$@"', "sh", sys.executable, *program]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONUTF8": "1", "MIGRATOR_LANG": "en"}


def spent(pid: int) -> float:
    """Processor seconds a process has used so far; 0 where the system has no /proc (the wall clock alone bounds it then)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Answering:
    """The program. It is started anew after it has died or has been silent for too long."""

    def __init__(self, program: Sequence[str]) -> None:
        self._program = program
        self._running: subprocess.Popen[bytes] | None = None

    def ask(self, line: bytes) -> tuple[bytes, str]:
        """The answer to a line, or nothing and why."""
        if self._running is None:
            self._start()
        running = self._running
        assert running is not None
        assert running.stdin is not None
        writing = threading.Thread(target=self._write, args=(running, line), daemon=True)
        writing.start()
        began_s, cpu_s = time.monotonic(), spent(running.pid)
        while True:
            try:
                answer = self._answers.get(timeout=0.5)
                break
            except queue.Empty:
                if spent(running.pid) - cpu_s < CPU_S and time.monotonic() - began_s < WALL_S:
                    continue
                self.end()
                return b"", f"no answer within {CPU_S} s of processor time"
        if answer:
            return answer, ""
        running.wait(5)
        self._errors.seek(0)
        told = self._errors.read().decode(errors="replace")[-1_000:]
        self.end()
        return b"", f"ended with {running.returncode}: {told}"

    def end(self) -> None:
        """Ends the program and whatever it has not answered."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            for pipe in (self._running.stdin, self._running.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._running = None
            self._errors.close()

    def _start(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by end()
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._running = subprocess.Popen(
            confined(self._program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(),
        )
        threading.Thread(target=self._read, args=(self._running, self._answers), daemon=True).start()

    @staticmethod
    def _write(running: subprocess.Popen[bytes], line: bytes) -> None:
        assert running.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            running.stdin.write(line + b"\n")
            running.stdin.flush()

    @staticmethod
    def _read(running: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
        assert running.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in running.stdout:
                answers.put(line)
        answers.put(b"")

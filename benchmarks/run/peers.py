"""The same job with migrator and its peers: read, clean with the same function, map, write. Run: python benchmarks/run/peers.py

Makes N articles in SQLite; each candidate runs in a process of its own, in an environment of its own that this script
makes (``--venvs``) with the package's newest release. Candidates that keep state are run a second time, with nothing
changed; migrator also verifies. The last figure is the largest resident memory of a single process.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

HERE = Path(__file__).resolve().parent / "peers"
CHECKOUT = HERE.parents[2]
PEERS = {"petl": ["petl"], "pandas": ["pandas"], "dlt": ["dlt[sqlalchemy]"]}
OURS = [sys.executable, "-c", "from migrator.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process and its children took."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def measured(command: list[str], fine: frozenset[int] = frozenset({0})) -> Figures:
    """Run a command to its end. RuntimeError with what it said where it fails."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (HERE, CHECKOUT)))}
    environment["PYTHONDONTWRITEBYTECODE"] = ""  # modules stay compiled, as those of an installed package are
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in fine:
            said.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{said.read().decode()[-2000:]}")
    return Figures(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def environment_of(peer: str, venvs: Path) -> Path:
    """The interpreter of a peer's environment, made where it is not there. selectolax is what the cleaning needs."""
    folder = venvs / peer
    python = folder / "bin" / "python"
    if not python.is_file():
        venv.create(folder, with_pip=True)
        cleaner = f"selectolax=={importlib.metadata.version('selectolax')}"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS[peer], cleaner], check=True)
    return python


def make_source(folder: Path, articles: int) -> Path:
    """The two tables of the articles, by themselves."""
    made = str(folder / "made")
    make = f"import pathlib, legacy_newsroom as l; l.make(pathlib.Path({made!r}), articles={articles}, site=False)"
    subprocess.run([sys.executable, "-c", make], check=True)  # by itself: what is measured starts from our size
    source = folder / "legacy.sqlite"
    with sqlite3.connect(source) as connection:
        connection.execute("ATTACH ? AS made", (str(folder / "made" / "legacy.sqlite"),))
        for table in ("nv4_vi_news_rows", "nv4_vi_news_detail"):
            (made,) = connection.execute("SELECT sql FROM made.sqlite_master WHERE name = ?", (table,)).fetchone()
            connection.execute(made)
            connection.execute(f"INSERT INTO {table} SELECT * FROM made.{table}")
    shutil.rmtree(folder / "made")
    return source


def of_peers(folder: Path, source: Path, venvs: Path) -> Iterator[tuple[str, Figures]]:
    """The bare copy, the standard library, and every peer."""
    for name, job in (("bare copy, nothing transformed", "copy"), ("standard library", "plain")):
        yield name, measured([sys.executable, str(HERE / f"{job}_job.py"), str(source), str(folder / f"{job}.sqlite")])
    for peer in PEERS:
        python = environment_of(peer, venvs)
        version = subprocess.check_output(
            [python, "-c", f"import {peer}; print({peer}.__version__)"], text=True
        ).strip()
        command = [str(python), str(HERE / f"{peer}_job.py"), str(source), str(folder / f"{peer}.sqlite")]
        if peer == "dlt":
            command.append(str(folder / "dlt"))
        yield f"{peer} {version}", measured(command)
        if peer == "dlt":
            yield f"{peer} {version}, again, nothing changed", measured(command)


def of_ours(folder: Path, source: Path) -> Iterator[tuple[str, Figures]]:
    """migrator with its ledger: one worker, two, again, and the verification."""
    for workers in (1, 2):
        project = folder / f"ours-{workers}"
        shutil.copytree(HERE / "project", project)
        os.link(source, project / "legacy.sqlite")
        command = [*OURS, "run", "--workers", str(workers), "--project", str(project)]
        yield f"migrator, {workers} worker{'s' * (workers > 1)}", measured(command, frozenset({0, 3}))
    project = folder / "ours-1"
    yield "migrator, again, nothing changed", measured([*OURS, "run", "--project", str(project)], frozenset({0, 3}))
    yield "migrator, verification", measured([*OURS, "verify", "--project", str(project)], frozenset({0, 4}))


def main() -> None:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--venvs", type=Path, default=CHECKOUT / "build" / "peers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make_source(folder, asked.articles)
        rows = sqlite3.connect(source).execute("SELECT count(*) FROM nv4_vi_news_rows").fetchone()[0]
        print(
            f"{rows:,} articles\n\n| | CPU s | µs CPU an article | wall s | articles/s | memory MB | state | verifies |"
        )
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for what, figures in chain(of_peers(folder, source, asked.venvs), of_ours(folder, source)):
            state = "yes" if what.startswith(("migrator", "dlt")) else "no"
            verifies = "yes" if "verification" in what else "–" if what.startswith("migrator") else "no"
            print(
                f"| {what} | {figures.cpu_s:.1f} | {figures.cpu_s / rows * 1e6:,.0f} | {figures.wall_s:.1f} "
                f"| {rows / figures.wall_s:,.0f} | {figures.memory_mb:.0f} | {state} | {verifies} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

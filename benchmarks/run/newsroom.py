"""How fast a whole run and its verification are, and whether memory grows. Run: python benchmarks/run/newsroom.py

Makes the legacy newsroom of a web site (database only), carries it over, does so again with nothing changed, verifies and
reports it, each in a process of its own. Prints articles a second of wall time, CPU, and for the command and each of its
workers the largest resident memory of every tenth of the time; for a run also the articles on record by tenth.

A million articles, two workers (hours, and 30 GB of disk in --folder): python benchmarks/run/newsroom.py
--articles 1000000 --workers 2 --only run,verify --folder DIR
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import legacy_newsroom

PAPER = Path(__file__).resolve().parents[2] / "tests" / "small_paper"
COMMANDS = ("run", "again", "verify", "report")
EVERY_S = 0.5


def prepared(folder: Path, articles: int) -> Path:
    """The project of a small paper without its site; one that was prepared before is taken as it is."""
    if not folder.is_dir():
        making = folder.with_name(folder.name + ".part")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name in ("migration.yaml", "article.yaml", "redirect.yaml", "audit.yaml"):
            shutil.copy(PAPER / name, making / name)
        settings = (
            (making / "migration.yaml").read_text(encoding="utf-8").replace("    site: {serve: legacy/site}\n", "")
        )
        (making / "migration.yaml").write_text(settings, encoding="utf-8")
        legacy_newsroom.make(making / "legacy", articles=articles, site=False)
        making.rename(folder)
    return folder


def resident_mb(pid: int) -> float:
    """Resident memory of a process; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 2**20


def workers_of(pid: int) -> list[int]:
    """Worker processes of a run."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


def articles_on_record(project: Path) -> int:
    """Articles up to the mark of the newest run; -1 where nothing can be read."""
    try:
        with closing(sqlite3.connect(f"file:{project}/ledger.sqlite?mode=ro", uri=True)) as ledger:
            found = ledger.execute("SELECT rows FROM mark WHERE entity = 'article' ORDER BY run DESC").fetchone()
    except sqlite3.Error:
        return -1
    return int(found[0]) if found else 0


def tenths(samples: list[float]) -> list[float]:
    """The largest sample of each tenth."""
    size = max(1, -(-len(samples) // 10))
    return [max(samples[start : start + size]) for start in range(0, len(samples), size)]


def measure(
    name: str, project: Path, articles: int, words: list[str], cap_mb: float | None, growth: float | None
) -> bool:
    """Run one command and print its figures. Whether memory stayed below the cap and grew no more than allowed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    program = [
        sys.executable,
        "-c",
        "from migrator.cli import main; main()",
        words[0],
        "--project",
        str(project),
        *words[1:],
    ]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory: dict[int, list[float]] = {process.pid: []}
    done: list[float] = []
    while process.poll() is None:
        for pid in (process.pid, *workers_of(process.pid)):
            memory.setdefault(pid, []).append(resident_mb(pid))
        done.append(articles_on_record(project) if words[0] == "run" else 0)
        time.sleep(EVERY_S)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rate, cost = articles / wall, cpu / articles * 1e6
    print(f"{name}: {rate:,.0f} articles/s wall, {cost:,.0f} µs CPU an article, exit {process.returncode}")
    held = process.returncode in {0, 3, 4}
    for number, samples in enumerate(memory.values()):
        found = tenths(samples)
        print(
            f"  memory by tenth of the time, MB, {'worker' if number else 'command'}: {' '.join(f'{mb:.0f}' for mb in found)}"
        )
        settled = max(found[: max(1, len(found) // 2)])
        held &= cap_mb is None or max(found) <= cap_mb
        held &= growth is None or max(found) <= settled * (1 + growth)
    if words[0] == "run":
        print(
            f"  articles on record by tenth of the time: {' '.join(f'{rows:,.0f}' for rows in tenths(done))}",
            flush=True,
        )
    return held


def main() -> None:
    """Measure what was asked for. Exits with 1 where a command failed or memory grew beyond what was allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", default=",".join(COMMANDS), help="commands to measure, of run,again,verify,report")
    parser.add_argument("--folder", type=Path, help="keep the project there, and take the one that is there")
    parser.add_argument("--cap-mb", type=float, help="fail where a process is larger")
    parser.add_argument(
        "--growth", type=float, help="fail where memory grows by this share in the second half of a command"
    )
    asked = parser.parse_args()
    run = ["run", "--workers", str(asked.workers)]
    commands = {"run": run, "again": run, "verify": ["verify"], "report": ["report"]}
    with tempfile.TemporaryDirectory() as name:
        project = prepared((asked.folder or Path(name)) / "paper", asked.articles)
        held = [
            measure(each, project, asked.articles, commands[each], asked.cap_mb, asked.growth)
            for each in asked.only.split(",")
        ]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()

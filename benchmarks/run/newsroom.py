"""How fast a whole run and its verification are, and whether memory grows. Run: python benchmarks/run/newsroom.py

Makes a legacy newsroom (database only), carries it over and verifies it, each in a process of its own, and samples the
process's resident memory every second. Prints rows a second of CPU and wall time, peak memory, and memory per tenth.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import legacy_newsroom
from migrator.project.share import presets_folder


def prepared(folder: Path, articles: int) -> Path:
    """A demo project without its site."""
    shutil.copytree(presets_folder() / "demo", folder)
    settings = (folder / "migration.yaml").read_text(encoding="utf-8").replace("    site: {serve: legacy/site}\n", "")
    (folder / "migration.yaml").write_text(settings, encoding="utf-8")
    legacy_newsroom.make(folder / "legacy", articles=articles, site=False)
    return folder


def resident_mb(pid: int) -> float:
    """Resident memory of a process; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 2**20


def measure(name: str, articles: int, *words: str) -> None:
    """Run one command and print its figures."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    program = [sys.executable, "-c", "from migrator.cli import main; main()", *words]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples = []
    while process.poll() is None:
        samples.append(resident_mb(process.pid))
        time.sleep(1)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tenth = max(1, len(samples) // 10)
    tenths = [f"{max(samples[start : start + tenth]):.0f}" for start in range(0, len(samples), tenth)]
    rate, cost = articles / wall, cpu / articles * 1e6
    print(f"{name}: {rate:,.0f} articles/s wall, {cost:,.0f} µs CPU an article, exit {process.returncode}")
    print(f"  memory by tenth of the time, MB: {' '.join(tenths)}")


def main() -> None:
    """Measure run, second run and verification."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as name:
        project = prepared(Path(name) / "paper", articles)
        measure("run", articles, "run", "--project", str(project))
        measure("run again, nothing changed", articles, "run", "--project", str(project))
        measure("verify", articles, "verify", "--project", str(project))
        measure("report", articles, "report", "--project", str(project))


if __name__ == "__main__":
    main()

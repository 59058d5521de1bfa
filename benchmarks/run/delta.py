"""What a later run costs when little changed. Run: python benchmarks/run/delta.py --articles 50000

Makes a legacy newsroom (database only), carries it over, then changes 100 articles and runs again – in full, by change
marks and by a scan, each from a copy of the same project in a process of its own. Prints CPU seconds, wall seconds and
µs CPU an article of each, and the same for a run with nothing to do and for `migrator run --help` (what any start costs).
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
from pathlib import Path

import legacy_newsroom
from migrator.project.compose import Project

CHANGED = 100
SETTINGS = """
sources:
  web:
    url: sqlite:///legacy/legacy.sqlite
    preset: nukeviet
    variables: {domain: baocuabien.example, article_url: "/news/{0}/{1}-{2}.html"}
"""


def prepared(folder: Path, articles: int) -> Path:
    """A project of the web site's database alone."""
    folder.mkdir()
    legacy_newsroom.make(folder / "legacy", articles=articles, site=False)
    (folder / "migration.yaml").write_text(SETTINGS, encoding="utf-8")
    return folder


def ways(project: Path) -> dict[str, str]:
    """How changes are found: nothing said, the marks of articles and a scan of the rest, a scan of everything."""
    with Project(project) as opened:
        scan = dict.fromkeys(opened.entities, "scan")
    mark = scan | {"article": "{mark: edittime, overlap: 1h}"}
    return {"full": "", "mark": _written(mark), "scan": _written(scan)}


def _written(changes: dict[str, str]) -> str:
    return "{" + ", ".join(f"{entity}: {how}" for entity, how in changes.items()) + "}"


def migrator(*words: str) -> tuple[float, float]:
    """Run one command; CPU and wall seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    program = [sys.executable, "-c", "from migrator.cli import main; main()", *words]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began


def allow(project: Path, changes: str) -> None:
    """Write how changes are found into the settings, for the entities that have a mapping."""
    path = project / "migration.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.strip().startswith("url:"))
    if changes:
        lines.insert(at + 1, f"    changes: {changes}\n")
    path.write_text("".join(lines), encoding="utf-8")


def told(name: str, figures: tuple[float, float], articles: int) -> None:
    """Print one line."""
    cpu, wall = figures
    print(f"{name}: {cpu:.1f} s CPU, {wall:.1f} s wall, {cpu / articles * 1e6:,.0f} µs CPU an article", flush=True)


def main() -> None:
    """Measure the three ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as name:
        project = prepared(Path(name) / "paper", articles)
        told("a start", migrator("run", "--help"), articles)
        told("first run", migrator("run", "--project", str(project)), articles)
        for way, changes in ways(project).items():
            copy = Path(shutil.copytree(project, Path(name) / way))
            allow(copy, changes)
            told(f"{way}, first time", migrator("run", "--project", str(copy)), articles)  # what pointed to late rows
            legacy = next(copy.glob("legacy/*.sqlite"))
            connection = sqlite3.connect(legacy)
            table = next(
                name
                for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                if name.endswith("_news_rows")
            )
            connection.execute(
                f"UPDATE {table} SET title = title || ' (cập nhật)', edittime = (SELECT max(edittime) FROM {table}) + 100 "
                f"WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT {CHANGED} OFFSET {articles // 2})"
            )
            connection.commit()
            connection.close()
            told(f"{way}, {CHANGED} articles changed", migrator("run", "--project", str(copy)), articles)
            told(f"{way}, nothing changed", migrator("run", "--project", str(copy)), articles)
            shutil.rmtree(copy)


if __name__ == "__main__":
    main()

"""What staging costs, and reading from it. Run: python benchmarks/run/staging.py --articles 5000

Makes a legacy newsroom (database only); stages it, and again with nothing changed; then runs the same project from the live
database and from the copy. Prints CPU seconds and µs CPU an article of each, the size of the copy and its ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import legacy_newsroom

SETTINGS = """
sources:
  web:
    url: sqlite:///legacy/legacy.sqlite
    preset: nukeviet
    variables: {domain: baocuabien.example, article_url: "/news/{0}/{1}-{2}.html"}
"""
STAGING = "    staging: {read: %s, personal_data: {purpose: benchmark, legal_basis: made-up people}}\n"


def migrator(*words: str) -> tuple[float, str]:
    """Run one command; CPU seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = [sys.executable, "-c", "from migrator.cli import main; main()", *words]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    articles = parser.parse_args().articles
    folder = Path(tempfile.mkdtemp(prefix="staging-"))
    try:
        legacy_newsroom.make(folder / "legacy", articles=articles, site=False)
        print(f"{'':32} {'CPU s':>8} {'µs an article':>14}")
        for kind in ("live", "staged"):
            (folder / "migration.yaml").write_text(SETTINGS + STAGING % kind, encoding="utf-8")
            if kind == "staged":
                staged, said = migrator("stage", "--project", str(folder), "--json")
                show("stage", staged, articles)
                copy = json.loads(said)["sources"]["web"]
                show("stage again, nothing changed", migrator("stage", "--project", str(folder))[0], articles)
            show(f"run, {kind}", migrator("run", "--project", str(folder))[0], articles)
            for name in ("target.sqlite", "ledger.sqlite"):
                (folder / name).unlink()
        legacy = (folder / "legacy" / "legacy.sqlite").stat().st_size
        size, packed = copy["bytes"] / 1e6, copy["packed_bytes"] / 1e6
        print(f"{copy['rows']} rows; {size:.1f} MB in {copy['packs']} packs of {packed:.1f} MB: {copy['ratio']} to 1")
        print(f"the database has {legacy / 1e6:.1f} MB")
    finally:
        shutil.rmtree(folder)


def show(what: str, cpu_s: float, articles: int) -> None:
    print(f"{what:32} {cpu_s:8.1f} {cpu_s / articles * 1e6:14.0f}")


if __name__ == "__main__":
    main()

"""The README's commands, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import legacy_newsroom

ROOT = Path(__file__).resolve().parents[2]


def commands() -> list[str]:
    """The lines of the block that the README says is run by this test."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- run by tests/e2e/test_readme.py -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert block
    return [line.split("  #")[0].strip() for line in block[1].splitlines()]


def test_your_own_paper_in_ten_minutes(tmp_path: Path) -> None:
    legacy_newsroom.make(tmp_path / "legacy", articles=120, site=False)
    (tmp_path / "migrator").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from migrator.cli import main; main()" "$@"\n'
    )
    (tmp_path / "migrator").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "LANG": "en_US.UTF-8"}
    codes = {}
    for line in commands():
        if line.startswith("export LEGACY_URL"):
            environment["LEGACY_URL"] = f"sqlite:///{tmp_path}/legacy/legacy.sqlite"
            continue
        done = subprocess.run(
            line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        codes[line.split(" --project")[0] + (" --limit" if "--limit" in line else "")] = done.returncode
    assert codes == {
        "migrator init my-paper --preset nukeviet": 0,
        "migrator mapping check": 0,
        "migrator plan": 0,
        "migrator run --limit": 3,
        "migrator run": 3,
        "migrator messages": 0,
        "migrator verify": 4,
        "migrator report": 0,
    }
    report = (tmp_path / "my-paper" / "report" / "index.html").read_text(encoding="utf-8")
    assert "<script" not in report

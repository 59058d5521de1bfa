"""The commands of docs/night.md, run as they stand there, on a made newsroom; its YAML is what the tool reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import legacy_newsroom
from migrator.project.platform import platform_of
from migrator.project.settings import read_settings
from migrator.run.simulation import Platform

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "night.md").read_text(encoding="utf-8")


def test_the_night_as_the_page_has_it(tmp_path: Path) -> None:
    legacy_newsroom.make(tmp_path / "legacy", articles=120, site=False)
    program = tmp_path / "migrator"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from migrator.cli import main; main()" "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "LANG": "en_US.UTF-8",
        "LEGACY_URL": f"sqlite:///{tmp_path}/legacy/legacy.sqlite",
    }  # fmt: skip
    block = re.search(r"<!-- run by tests/e2e/test_night_page.py -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    assert block
    far = (datetime.now() + timedelta(hours=12)).strftime("%H:%M")  # whatever time it is now
    commands = [
        "migrator init my-paper --preset nukeviet",
        *(line.split("  #")[0].strip().replace("05:00", far) for line in block[1].splitlines()),
    ]
    answers = []
    for command in commands:
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        answers.append((command.split()[1], done.returncode, done.stdout))
    assert [(name, code) for name, code, _ in answers] == [
        ("init", 0), ("doctor", 0), ("run", 3), ("verify", 4), ("report", 0), ("plan", 0), ("doctor", 0), ("run", 3),
        ("status", 0), ("plan", 0),
    ]  # fmt: skip
    planned, modelled = (said for name, _, said in answers if name == "plan")
    assert "It fits, with" in planned
    assert modelled.startswith("A MODEL of 10,000,000 articles")
    last = json.loads((tmp_path / "night.log").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("run_ended", 3)
    assert "migrator_exit_code" in (tmp_path / "migrator.prom").read_text(encoding="utf-8")


def test_the_settings_and_the_platform_of_the_page_are_read(tmp_path: Path) -> None:
    platform, settings = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "migration.yaml").write_text(
        f"sources: {{web: {{url: 'sqlite:///x.sqlite'}}}}\n{settings}", encoding="utf-8"
    )
    read = read_settings(tmp_path)
    assert read.notify is not None
    assert read.notify.email is not None
    assert (read.notify.email.port, read.notify.email.starttls) == (587, True)
    assert read.metrics == Path("/var/lib/node_exporter/textfile/migrator.prom")
    (tmp_path / "platform.yaml").write_text(platform, encoding="utf-8")
    found, origins = platform_of(tmp_path / "nowhere", tmp_path / "platform.yaml", ())
    assert set(origins.values()) == {"file"}
    assert (found.batch, found.requests_per_s, Platform().batch) == (20, 5, 1)

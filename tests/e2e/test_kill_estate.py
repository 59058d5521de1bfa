"""The whole newsroom – databases, a harvested site, files, a vault – killed at work and resumed: as if nothing had happened."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from tests.e2e.outcome import Left, files_of, left_by, migrator
from tests.e2e.test_kill import kill_and_resume

pytestmark = pytest.mark.slow

ARTICLES = 300
KILLS = 2
POINTS = [
    ("media.bring:after", 30),
    ("media._write:before", 9),
    ("vault.keep:after", 1),
    ("ledger.confirm:before", 60),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's project before its run, with the evidence gathered."""
    folder = tmp_path_factory.mktemp("prepared") / "demo"
    migrator("demo", folder, "--articles", str(ARTICLES), "--prepare-only")
    return folder


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What a run leaves behind that nobody disturbs."""
    project = copytree(prepared, tmp_path_factory.mktemp("undisturbed") / "demo")
    migrator("run", "--project", project, "--batch", "25")
    left = left_by(project)
    assert len(left.withheld) > 10
    assert len(left.files) > 50
    assert left.open_intents == 0
    return left


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_a_run_killed_at_a_point_is_resumed(
    point: str, number: int, prepared: Path, undisturbed: Left, tmp_path: Path
) -> None:
    project = copytree(prepared, tmp_path / "demo")
    killed = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_run.py"), project, point, str(number), "25"],
        check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert files_of(project).items() <= undisturbed.files.items(), "half a file lies in the store"
    migrator("run", "--project", project, "--batch", "25")
    assert left_by(project) == undisturbed


def test_a_run_killed_at_random_moments_is_resumed(prepared: Path, undisturbed: Left, tmp_path: Path) -> None:
    chance = random.Random(11)
    assert kill_and_resume(prepared, undisturbed, tmp_path, KILLS, chance, make=copytree, batch=25) >= KILLS

"""The demo: the bundled legacy newsroom made in a folder, and its outcome compared with the maker's manifest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from migrator.errors import ConfigurationError, MigratorError
from migrator.ports import Progress
from migrator.project import twins
from migrator.project.compose import Project
from migrator.project.examination import FOLDER
from migrator.project.harvest import Wishes, harvest_project
from migrator.project.share import presets_folder, shared_folder
from migrator.verify import manifest

PRESET = "demo"
HARVESTED = ("web", "print")
LEGACY = "legacy"
_MARK = ".migrator-demo"
_WRITTEN = ("crosswalks", LEGACY, "evidence", "media", "verification", "report", "target.sqlite", "vault.sqlite", "ledger.sqlite",
            "ledger.sqlite-wal", "ledger.sqlite-shm", _MARK)  # fmt: skip


def prepare_demo(folder: Path, articles: int) -> None:
    """Make the folder a demo project. A folder that holds an earlier demo is made anew; any other must be empty."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).is_file())):
        raise ConfigurationError(f"{folder} is not empty and not a demo.", "Name a new folder.")
    for name in (*_WRITTEN, *(path.name for path in (presets_folder() / PRESET).iterdir())):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("This folder is made anew by 'migrator demo'.\n", encoding="utf-8")
    shutil.copytree(presets_folder() / PRESET, folder, dirs_exist_ok=True)
    _make_newsroom(folder / LEGACY, articles)


def _make_newsroom(folder: Path, articles: int) -> None:
    """Run the maker as the stand-alone program it is."""
    environment = {**os.environ, "PYTHONPATH": str(shared_folder("fixtures")), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "legacy_newsroom", str(folder.resolve()), "--articles", str(articles),
               "--estate", "full"]  # fmt: skip
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if made.returncode:
        raise MigratorError(f"The legacy newsroom could not be made: {made.stderr.strip()[-500:]}")


def gather_evidence(folder: Path, progress: Progress) -> None:
    """Read the site and the files of both systems once, and find the articles that stand in both."""
    for source in HARVESTED:
        with Project(folder) as project:
            harvest_project(project, source, Wishes(), progress)
    twins.find(folder, progress)


def compare_with_manifest(project: Project) -> list[str]:
    """Sentences on what did not end where the manifest and the demo's decisions say; none when all did."""
    facts = json.loads((project.folder / LEGACY / "manifest.json").read_text(encoding="utf-8"))
    decisions = yaml.safe_load((project.folder / "expected.yaml").read_text(encoding="utf-8"))
    source = next(iter(project.settings.sources))
    return manifest.compare_with_manifest(facts, decisions, project.ledger, project.folder / FOLDER, source)

"""A small legacy newsroom with its project folder: the web site alone, as the preset takes it over."""

from __future__ import annotations

import shutil
from pathlib import Path

import legacy_newsroom

FILES = ("migration.yaml", "article.yaml", "redirect.yaml", "audit.yaml")


def prepare(folder: Path, articles: int, *, site: bool = True) -> Path:
    """A project folder that has not run yet, with ``legacy/`` in it: database, public site and manifest."""
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copy(Path(__file__).with_name(name), folder / name)
    legacy_newsroom.make(folder / "legacy", articles=articles, site=site)
    return folder

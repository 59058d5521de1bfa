"""Puts a finished folder in the place of an older one, so that nobody ever reads half a report."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrator.errors import ConfigurationError

MARK = "report.json"


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder beside ``out`` that takes its place when the block ends well, and vanishes when it does not.

    Other files that somebody put into the old folder are kept. ConfigurationError where ``out`` holds something that is
    not a report: we do not replace what we did not make.
    """
    _refuse_foreign(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    unique = uuid.uuid4().hex[:12]
    fresh, old = out.parent / f".{out.name}-new-{unique}", out.parent / f".{out.name}-old-{unique}"
    fresh.mkdir()
    try:
        yield fresh
        if out.exists():
            os.rename(out, old)
        try:
            os.rename(fresh, out)
        except OSError:
            if old.exists():
                os.rename(old, out)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    if old.exists():
        _keep_foreign(old, out)
        shutil.rmtree(old)


def _refuse_foreign(out: Path) -> None:
    if not out.exists() or (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        return
    raise ConfigurationError(
        f"{out} is not a report, and would be replaced by one", "Give the report an empty folder of its own."
    )


def _keep_foreign(old: Path, out: Path) -> None:
    for entry in old.iterdir():
        if entry.name != "lists" and not (out / entry.name).exists() and not entry.name.startswith("index."):
            shutil.move(entry, out / entry.name)

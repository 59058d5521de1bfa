"""A staging that kills itself (SIGKILL) at a named point. Called as a program by the tests: DATABASE FOLDER POINT NUMBER."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from migrator.cli.progress import Silence
from migrator.extract.sql import SqlExtractor
from migrator.extract.staged import Plan, Staging, packs, progress, staging

PLACES = {
    "write": (packs, "write_whole"),
    "record": (progress.StagingProgress, "add"),
    "start": (progress.StagingProgress, "start"),
    "catalogue": (staging, "write_catalogue"),
    "remove": (packs.PackStore, "remove_all_but"),
}


def main(database: str, folder: str, point: str, number: str) -> None:
    place, moment = point.split(":")
    home, name = PLACES[place]
    real: Callable[..., Any] = getattr(home, name)
    calls = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == int(number) and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **named)
        if calls == int(number) and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(home, name, counted)
    live = SqlExtractor(f"sqlite:///{database}", "old")
    Staging("old", live, Path(folder), PLAN).carry_out(Silence())


PLAN = Plan(("news", "tag"), {"SELECT id, title FROM news WHERE id % 2 = 0": ("id",)})

if __name__ == "__main__":
    main(*sys.argv[1:])

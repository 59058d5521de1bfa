"""migrator plan --deadline"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.run import next_time
from migrator.errors import ConfigurationError, ExitCode
from migrator.i18n import number, term, text
from migrator.project.compose import Project
from migrator.project.deadline import works_of
from migrator.run.schedule import Schedule, Slot, Work, schedule

_HOUR_S = 3600


def moment_of(said: str, now: datetime) -> datetime:
    """``05:00`` as the next such time, or an ISO date and time; both local unless a zone stands there. Aware.

    ConfigurationError for anything else, and for a moment that has passed.
    """
    try:
        moment = next_time(time.fromisoformat(said), now.replace(tzinfo=None)).astimezone()
    except ValueError:
        try:
            moment = datetime.fromisoformat(said).astimezone()
        except ValueError as error:
            raise ConfigurationError(f"{said!r} is no time.", "Write 05:00, or 2026-12-01T05:00.") from error
    if moment <= now:
        raise ConfigurationError(f"{said} has passed.", "Write a time to come; 05:00 alone means the next one.")
    return moment


def show_schedule(project: Project, deadline: str, measured: int | None, reserve: float, console: Console) -> ExitCode:
    """Stages, hours, sizes and latest starts, and whether it fits."""
    now = datetime.now().astimezone()
    until = moment_of(deadline, now)
    works = works_of(project, measured, Silence() if console.as_json else Bars())
    night = schedule(works, until, now, reserve)
    console.say("deadline_title", deadline=f"{until:%d/%m/%Y %H:%M}", reserve=round(reserve * 100))
    head = ("stage", "what", "rows", "rate", "hours", "size", "start", "basis")
    console.table(
        [term("schedule.head", name, console.language) for name in head],
        [_row(slot, reserve, console.language) for slot in night.slots],
    )
    if measured:
        console.say("deadline_measured", rows=measured)
    for stage in dict.fromkeys(work.stage for work in night.unknown):
        names = [_name(work, console.language) for work in night.unknown if work.stage == stage]
        console.say(f"deadline_unknown_{stage}", name=", ".join(names))
    console.say("deadline_whole", hours=round(night.seconds / _HOUR_S, 2), start=f"{night.latest_start:%d/%m/%Y %H:%M}")
    verdict = {True: "deadline_fits", False: "deadline_too_short", None: "deadline_open"}[night.fits]
    console.say(verdict, hours=round(abs(night.spare_s) / _HOUR_S, 2))
    console.data(_as_json(night, until, reserve))
    return ExitCode.CONFIGURATION if night.fits is False else ExitCode.DONE


def _row(slot: Slot, reserve: float, language: str) -> tuple[str, ...]:
    work = slot.work
    rate = "–" if work.rows_per_s is None else number(round(work.rows_per_s, 1), language)
    hours = "?" if work.seconds is None else number(work.seconds * (1 + reserve) / _HOUR_S, language, 2)
    size = number(work.size_bytes / 1e9, language, 2) if work.size_bytes else ""
    start = f"{slot.latest_start:%d/%m %H:%M}"
    rows = "?" if work.rows is None else number(work.rows, language)
    stage = term("schedule.stage", work.stage, language)
    return stage, _name(work, language), rows, rate, hours, size, start, _basis(work, language)


def _name(work: Work, language: str) -> str:
    return term("entity", work.name, language) if work.stage == "run" else work.name


def _basis(work: Work, language: str) -> str:
    return text(f"schedule.basis.{work.basis}", language, runs=", ".join(map(str, work.of)))


def _as_json(night: Schedule, until: datetime, reserve: float) -> dict[str, Any]:
    stages = [
        {
            "stage": slot.work.stage, "name": slot.work.name, "rows": slot.work.rows, "size_bytes": slot.work.size_bytes,
            "rows_per_s": slot.work.rows_per_s, "seconds": slot.work.seconds, "latest_start": slot.latest_start.isoformat(),
            "basis": slot.work.basis, "runs": list(slot.work.of),
        }
        for slot in night.slots
    ]  # fmt: skip
    return {
        "deadline": until.isoformat(), "reserve": reserve, "fits": night.fits, "seconds": night.seconds,
        "latest_start": night.latest_start.isoformat(), "spare_s": night.spare_s, "stages": stages,
    }  # fmt: skip

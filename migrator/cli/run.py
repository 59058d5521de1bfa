"""migrator run"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from types import FrameType

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.status import bucket_table
from migrator.errors import ConfigurationError, ExitCode
from migrator.project.compose import Project
from migrator.project.engines import ALONE, LEASE_S, EngineWish, engine_of, refuse_contradictions
from migrator.project.night import Night
from migrator.run.loop import Options, Result, run
from migrator.run.parts import Parts
from migrator.watch.watch import Watch


class Interrupt:
    """The first Ctrl-C (or SIGTERM) asks the run to stop after its batch; the second stops it at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.asked = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self._console.warn("interrupt")


@contextmanager
def interruptible(console: Console) -> Iterator[Interrupt]:
    """Listen to Ctrl-C and SIGTERM while the block runs."""
    interrupt = Interrupt(console)
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def carry_out(
    project: Project, console: Console, *, entities: tuple[str, ...] = (), limit: int | None = None,
    only: tuple[str, ...] = (), retry_failed: bool = False, batch: int | None = None, adopt: bool = False,
    until: datetime | None = None, wish: EngineWish = ALONE, parts: Parts | None = None, full: bool = False,
    night: Night | None = None,
) -> Result:  # fmt: skip
    """Run, or go on with the run of the same command that was interrupted. ``until`` is a local time without a zone.

    Rates are measured in any case but a rehearsal's (``parts``); ``night`` also logs, and tells when it is over.
    """
    project.demand(entities, only)
    is_rehearsal = parts is not None  # it leaves nothing in the project's ledger, rates neither
    wish = ALONE if is_rehearsal else wish  # workers would write to the real target
    words = ["run", *entities]
    words += ["--limit", str(limit)] if limit else []
    words += [word for key in only for word in ("--only", key)]
    words += ["--retry-failed"] if retry_failed else []
    newest_first = project.settings.service is not None and project.settings.service.newest_first
    words += ["(newest first)"] if newest_first else []
    words += ["--full"] if full else []
    with interruptible(console) as interrupt, engine_of(project, wish) as engine:
        parts = parts or project.parts()
        options = Options(
            " ".join(words), project.mapping_digest(), entities, limit, only, retry_failed, batch, adopt, newest_first,
            stopping=lambda: interrupt.asked or (until is not None and datetime.now() >= until), full=full,
            engine=engine,
        )  # fmt: skip
        bars = Silence() if console.as_json else Bars()
        if is_rehearsal:
            return run(parts, options, bars)
        alone = engine is None
        watched = Watch(bars, project.ledger, project.settings.name, counts_cpu=alone)
        result = run(parts, options, night.watching(bars, counts_cpu=alone) if night else watched)
        if night:
            night.ended(result)
        return result


def next_time(time_of_day: time, now: datetime) -> datetime:
    """The next moment the clock shows this time, today or tomorrow."""
    moment = datetime.combine(now.date(), time_of_day)
    return moment if moment > now else moment + timedelta(days=1)


@click.command()
@click.argument("entities", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="Carry over so many rows of each entity, then end.")
@click.option(
    "--only",
    multiple=True,
    metavar="KEY",
    help="Carry over this row alone, such as web:article:123, and write it even where nothing changed.",
)
@click.option("--retry-failed", is_flag=True, help="Try again what was set aside.")
@click.option("--batch", type=click.IntRange(min=1), help="Rows a batch. Default: what suits the target.")
@click.option(
    "--until",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    help="Stop after the batch that ends at this time; start again to go on.",
)
@click.option("--dry-run", is_flag=True, help="Say field by field what would change at the target; write nothing.")
@click.option("--full", is_flag=True, help="Read every row and put it on record, whatever `changes:` says.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    show_default="1",
    help="Processes that carry over key ranges at the same time; the outcome is that of one.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who runs the workers: this machine, or a Dask cluster (docs/engines.md).",
)
@click.option("--scheduler", metavar="ADDRESS", help="With --engine dask: where its scheduler is, as tcp://HOST:8786.")
@click.option(
    "--lease",
    "lease_s",
    type=click.FloatRange(min=1),
    default=LEASE_S,
    show_default=True,
    metavar="SECONDS",
    help="With --engine dask: a worker that is silent for so long loses its ranges to others.",
)
@click.option("--adopt", is_flag=True, help="Take over records that a lost ledger wrote under the same keys.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what happens as JSON lines, for machines: counts and codes, no texts. Ten megabytes, then the next file.",
)
@click.option(
    "--metrics",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep a file for Prometheus' node exporter up to date.",
)
@may_run_python
@in_project
@told
def command(
    entities: tuple[str, ...], limit: int | None, only: tuple[str, ...], retry_failed: bool, batch: int | None,
    until: datetime | None, workers: int | None, engine: str, scheduler: str | None, lease_s: float, adopt: bool,
    dry_run: bool, full: bool, log: Path | None, metrics: Path | None,
    allow_python: bool, folder: Path,
    console: Console,
) -> ExitCode:  # fmt: skip
    """Carry the legacy newsroom over. A run that was interrupted goes on where it was.

    \b
    Examples:  migrator run
               migrator run --limit 50
               migrator run section tag
               migrator run --only web:article:123      (writes it again, whatever stands there)
               migrator run --retry-failed
               migrator run --until 05:00               (start it again the next evening: it goes on)
               migrator run --log night.log --metrics /var/lib/node_exporter/textfile/migrator.prom
               migrator run --dry-run                   (what would change at the target, field by field)
               migrator run --workers 4
               migrator run --engine dask --scheduler tcp://10.0.0.5:8786
    """
    if (limit is not None) + bool(only) + retry_failed > 1 or (only and entities):
        raise ConfigurationError(
            "--only names rows, --retry-failed means what was set aside, --limit counts rows.", "Take one of them."
        )
    with Project(folder, allow_python=allow_python) as project:
        wish = EngineWish(engine, workers, scheduler, lease_s)
        refuse_contradictions(project, wish)
        if dry_run:
            # Not at the top: no other run needs them.
            from migrator.cli.dry_run import show
            from migrator.project.rehearsal import rehearsed
            from migrator.run.rehearsal import foreseen

            with rehearsed(project) as parts:
                carry_out(
                    project, console, entities=entities, limit=limit, only=only, retry_failed=retry_failed,
                    batch=batch, adopt=adopt, parts=parts, full=full,
                )  # fmt: skip
                return show(foreseen(parts), console)
        with Night(project, console.language, console.complain, log=log, metrics=metrics) as night:
            result = carry_out(
                project,
                console,
                night=night,
                entities=entities,
                limit=limit,
                only=only,
                retry_failed=retry_failed,
                batch=batch,
                adopt=adopt,
                full=full,
                until=None if until is None else next_time(until.time(), datetime.now()),
                wish=wish,
            )
        counts = project.ledger.counts()
        left_out = project.settings.service.left_out if project.settings.service is not None else {}
    for entity, why in left_out.items():
        console.say("left_out", entity=entity, why=why)
    console.say(f"run_{result.ended}", run=result.run.id)
    if result.lost_workers:
        console.warn("lost_workers", count=result.lost_workers)
    console.table(*bucket_table(counts, console))
    if result.set_aside:
        console.say("set_aside", count=result.set_aside)
    console.data({"run": result.run.id, "ended": result.ended, "set_aside": result.set_aside, "buckets": counts})
    if result.ended == "stopped":
        return ExitCode.INTERRUPTED
    return ExitCode.SET_ASIDE if result.set_aside else ExitCode.DONE

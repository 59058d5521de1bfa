"""migrator demo"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.run import carry_out
from migrator.cli.verify import show
from migrator.errors import ExitCode
from migrator.project.compose import Project
from migrator.project.demo import compare_with_manifest, gather_evidence, prepare_demo
from migrator.project.examination import examine_project
from migrator.project.reporting import REPORT, report_project


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--articles", type=click.IntRange(min=300), default=800, show_default=True, help="Size of the legacy newsroom."
)
@click.option(
    "--prepare-only",
    is_flag=True,
    help="Make the project folder, with its evidence, and stop: `migrator run` can follow.",
)
@told
def command(folder: Path, articles: int, prepare_only: bool, console: Console) -> ExitCode:
    """Carry the bundled legacy newsroom over, verify it and write the report, all in FOLDER.

    Exits with 0 if and only if every planted trouble ended where the demo project's decisions say.

    \b
    Example:  migrator demo build/demo
    """
    console.say("demo_making", articles=articles)
    progress = Silence() if console.as_json else Bars()
    prepare_demo(folder, articles)
    gather_evidence(folder, progress)
    if prepare_only:
        console.say("demo_ready", path=folder)
        console.data({"project": str(folder)})
        return ExitCode.DONE
    with Project(folder) as project:
        result = carry_out(project, console)
        examination = examine_project(project, progress)
        report_project(project, progress)
        problems = compare_with_manifest(project)
    if not console.as_json:
        show(examination, console)
    console.say("report_done", path=folder / REPORT / "index.html")
    console.say("demo_bad" if problems else "demo_good")
    console.lines(f"  {problem}" for problem in problems)
    console.data({"ended": result.ended, "verdict": examination.verdict, "problems": problems})
    if result.ended == "stopped":
        return ExitCode.INTERRUPTED
    return ExitCode.DIFFERENCES if problems else ExitCode.DONE

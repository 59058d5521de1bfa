"""migrator init"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import told
from migrator.cli.console import Console
from migrator.project.scaffold import make_project


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--preset", required=True, help="Legacy system: nukeviet, nukeviet40 or wordpress.")
@told
def command(folder: Path, preset: str, console: Console) -> None:
    """Make FOLDER a project folder from a preset.

    \b
    Example:  migrator init my-paper --preset nukeviet
    """
    make_project(folder, preset)
    console.say("init_done", path=folder)
    console.data({"project": str(folder), "preset": preset})

"""migrator mapping docs"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.project.compose import Project
from migrator.project.workbench import benches
from migrator.workbench.guide import guide
from migrator.workbench.markup import as_html, as_markdown
from migrator.workbench.table import put_in_place


@click.command("docs")
@click.option("--format", "form", type=click.Choice(["md", "html"]), help="Default: as FILE ends, else md.")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Default: standard output.",
)  # fmt: skip
@may_run_python
@in_project
@told
def docs_command(form: str | None, target: Path | None, allow_python: bool, folder: Path, console: Console) -> None:
    """Write the mapping as a document for the newsroom: what becomes of each field, and what is left out and why.

    \b
    Example:  migrator mapping docs --lang vi -o mapping.html
    """
    with Project(folder, allow_python=allow_python) as project, benches(project) as found:
        if project.faults():
            console.warn("mapping.faults")
        blocks = guide(project.settings.name, found, console.language)
    is_html = form == "html" or (form is None and target is not None and target.suffix.lower() in (".html", ".htm"))
    document = as_html(blocks, console.language) if is_html else as_markdown(blocks)
    if target is None:
        console.lines([document])
    else:
        with put_in_place(target) as new:
            new.write_text(document, encoding="utf-8", errors="backslashreplace")
        console.say("mapping.docs_done", path=target)
    console.data({"path": target and str(target), "format": "html" if is_html else "md", "language": console.language})

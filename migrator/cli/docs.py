"""Generated reference pages: ``python -m migrator.cli.docs`` writes them, ``--check`` says whether they are fresh."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import migrator
from migrator.model.content import ENTITIES
from migrator.report.schema import report_schema
from migrator.transform.reference import render_steps
from migrator.transform.schema import json_schema

FOLDER = Path("docs/reference")


def pages() -> Mapping[str, str]:
    """File name -> content of every generated page."""
    return {
        "commands.md": "\n".join(_commands()) + "\n",
        "steps.md": render_steps(),
        "content.md": "\n".join(_content()) + "\n",
        "mapping.schema.json": _json(json_schema()),
        "report.schema.json": _json(report_schema()),
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _commands() -> Iterator[str]:
    yield "# Commands\n\nGenerated from the program; `migrator COMMAND --help` says the same.\n"
    context = click.Context(migrator, info_name="migrator", max_content_width=100, terminal_width=100)
    for name in migrator.list_commands(context):
        command = migrator.get_command(context, name)
        assert command is not None
        yield from _command(command, click.Context(command, info_name=name, parent=context, terminal_width=100))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from _command(child, click.Context(child, info_name=name, parent=context, terminal_width=100))


def _content() -> Iterator[str]:
    yield "# Content model\n\nThe fields a mapping can fill. A reference holds a legacy key.\n"
    for entity in ENTITIES.values():
        yield f"## {entity.name}\n\n| field | kind | required | at most | meaning |\n|---|---|---|---|---|"
        for field in entity.fields:
            kind = f"{field.kind.value} → {field.to}" if field.to else field.kind.value
            doc = field.doc + (f" ({', '.join(sorted(field.choices))})" if field.choices else "")
            yield f"| {field.name} | {kind} | {'yes' if field.required else ''} | {field.max_length or ''} | {doc} |"
        yield ""


def main() -> int:
    """Write the pages, or compare them; 1 where one is stale."""
    stale = [name for name, text in pages().items() if _read(FOLDER / name) != text]
    if "--check" in sys.argv:
        for name in stale:
            print(f"{FOLDER / name} is stale: run 'make docs'", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote {FOLDER / name}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())

"""What a command says: sentences in the reader's language, or JSON for machines; errors with what to do next."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click
import orjson

from migrator.errors import ConfigurationError, MigratorError
from migrator.i18n import language_of_environment, text

FAULTS_SHOWN = 200


class Console:
    """Speaks for one command."""

    def __init__(self, *, as_json: bool, language: str | None) -> None:
        self.as_json = as_json
        self.language = language or language_of_environment(os.environ)

    def say(self, key: str, **values: Any) -> None:
        """A sentence for people; nothing in JSON mode."""
        if not self.as_json:
            click.echo(text(f"cli.{key}", self.language, **values))

    def warn(self, key: str, **values: Any) -> None:
        """A sentence on standard error, in either mode."""
        click.echo(text(f"cli.{key}", self.language, **values), err=True)

    def complain(self, said: str) -> None:
        """A sentence that somebody else has put together, on standard error, in either mode."""
        click.echo(said, err=True)

    def lines(self, lines: Iterable[str]) -> None:
        """Lines for people; nothing in JSON mode."""
        if not self.as_json:
            for line in lines:
                click.echo(line)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A plain table for people: text left, numbers right."""
        if self.as_json:
            return
        cells = [[str(cell) for cell in row] for row in rows]
        numeric = [all(row[i].replace(".", "").replace(",", "").isdigit() for row in cells) for i in range(len(head))]
        widths = [max(len(line[i]) for line in [list(head), *cells]) for i in range(len(head))]
        for line in [list(head), *cells]:
            click.echo(
                "  ".join(
                    c.rjust(w) if n else c.ljust(w) for c, w, n in zip(line, widths, numeric, strict=True)
                ).rstrip()
            )

    def data(self, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """One JSON document on standard output; nothing for people."""
        if self.as_json:
            sys.stdout.write(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode() + "\n")

    def fail(self, error: MigratorError) -> None:
        """An error with all its faults and the next step."""
        faults = error.faults if isinstance(error, ConfigurationError) else ()
        if self.as_json:
            body = {"code": error.code, "message": error.message, "next_step": error.next_step}
            self.data({"error": {**body, "faults": [asdict(fault) for fault in faults]}})
            return
        for fault in faults[:FAULTS_SHOWN]:
            click.echo(str(fault), err=True)
        if len(faults) > FAULTS_SHOWN:
            click.echo(f"… {len(faults) - FAULTS_SHOWN} more", err=True)
        click.echo(f"{text('cli.error', self.language)}: {error.message}", err=True)
        if error.next_step:
            click.echo(f"{text('cli.next', self.language)}: {error.next_step}", err=True)

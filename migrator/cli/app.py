"""The command group: what all commands share, and how errors become exit codes."""

from __future__ import annotations

import functools
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from migrator import __version__
from migrator.cli.console import Console
from migrator.errors import ExitCode, MigratorError

F = TypeVar("F", bound=Callable[..., Any])


class Commands(click.Group):
    """Commands in the order of the work, found in the module of their name when they are needed."""

    ORDER = (
        "demo",
        "init",
        "mapping",
        "harvest",
        "stage",
        "twins",
        "doctor",
        "plan",
        "run",
        "status",
        "messages",
        "stop",
        "rollback",
        "verify",
        "report",
        "text",
        "page",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order they are used."""
        return list(self.ORDER)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in self.ORDER:
            return None
        module = __import__(f"migrator.cli.{cmd_name}", fromlist=["command"])
        command: click.Command = module.command
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, with our exit codes."""
        try:
            return super().main(*args, **kwargs)
        except click.exceptions.Exit as error:
            return error.exit_code
        except click.ClickException as error:
            error.show()
            return ExitCode.CONFIGURATION
        except click.Abort:
            return ExitCode.INTERRUPTED


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="migrator")
def migrator() -> None:
    """Bring a newspaper's archive onto a new platform, and prove that nothing was lost.

    \b
    See it work:      migrator demo build/demo
    Your own paper:   migrator init my-paper --preset nukeviet
    """


def told(function: F) -> F:
    """Give a command a ``console`` (--json, --lang) and turn errors into messages and exit codes."""

    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for machines.")
    @click.option("--lang", type=click.Choice(["vi", "en"]), help="Language of messages. Default: MIGRATOR_LANG, LANG.")
    @functools.wraps(function)
    def command(*args: Any, as_json: bool, lang: str | None, **options: Any) -> None:
        console = Console(as_json=as_json, language=lang)
        try:
            code = function(*args, console=console, **options)
        except MigratorError as error:
            console.fail(error)
            code = error.exit_code
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
        except BrokenPipeError:
            sys.stderr.close()
            code = ExitCode.DONE
        except OSError as error:
            console.fail(_disk_error(error))
            code = ExitCode.UNEXPECTED
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # a mistake of ours: one sentence for the person, the trace for whoever mends it
            console.fail(MigratorError(f"{type(error).__name__}: {error}", f"Report it, with {_trace()}."))
            code = ExitCode.UNEXPECTED
        raise click.exceptions.Exit(code or 0)

    return command  # type: ignore[return-value]


def _trace() -> str:
    """Write the trace of the present error into a file; its path."""
    with tempfile.NamedTemporaryFile("w", prefix="migrator-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(traceback.format_exc())
    return file.name


def _disk_error(error: OSError) -> MigratorError:
    """The sentence for a file or folder that cannot be read or written."""
    where = f"{error.filename}: " if error.filename else ""
    return MigratorError(
        f"{where}{error.strerror or error}.", "Look at rights and free space, then start the same command again."
    )


def in_project(function: F) -> F:
    """Give a command the ``folder`` of a project (--project)."""
    option = click.option(
        "--project", "folder", type=click.Path(path_type=Path), default=Path(), show_default="current folder",
        help="The project folder.",
    )  # fmt: skip
    return option(function)


def may_run_python(function: F) -> F:
    """Give a command the flag ``allow_python``."""
    option = click.option(
        "--allow-python", is_flag=True, help="Let `python:` steps of this project run. They are code: read them first."
    )
    return option(function)

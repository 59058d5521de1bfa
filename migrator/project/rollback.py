"""What a rollback of a project works with, and which runs it takes back. The sources are not opened."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from migrator.errors import ConfigurationError
from migrator.load.media import MediaFolder
from migrator.load.sql import SqlLoader, SqlVault
from migrator.load.sql.restore import SqlRestorer
from migrator.load.wordpress import WordPressLoader, WordPressRestorer
from migrator.ports import UndoLedger
from migrator.project.compose import Project
from migrator.run.rollback import Store, Tools, Wanted

COMMAND = "rollback"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: one run, all since a run, or – with neither – the newest. ``entities`` empty for all."""

    run: int | None = None
    since: int | None = None
    entities: tuple[str, ...] = ()
    even_edited: bool = False

    def words(self) -> str:
        """As a command of the ledger. The same words go on with a rollback that was interrupted."""
        words = [COMMAND]
        words += ["--run", str(self.run)] if self.run is not None else []
        words += ["--since", str(self.since)] if self.since is not None else []
        words += [word for entity in self.entities for word in ("--entity", entity)]
        words += ["--even-edited"] if self.even_edited else []
        return " ".join(words)


@contextmanager
def rollback_tools(project: Project) -> Iterator[Tools]:
    """The tools, open while the block runs."""
    settings = project.settings
    loader = project.loader()
    loader.prepare()
    with ExitStack() as stack:
        vault = stack.enter_context(closing(SqlVault(settings.vault_url))) if settings.vault_url else None
        if vault is not None:
            vault.prepare()
        if isinstance(loader, WordPressLoader):
            yield Tools(project.ledger, loader, WordPressRestorer(loader), project.reader, vault)
            return
        restorer = stack.enter_context(closing(SqlRestorer(settings.target_url)))
        store = Store(MediaFolder(settings.media_folder, []), restorer) if settings.media_folder else None
        fences = [written.fence for written in (loader, vault) if isinstance(written, (SqlLoader, SqlVault))]
        yield Tools(project.ledger, loader, restorer, project.reader, vault, store, fences)


def settled(ledger: UndoLedger, asked: Asked) -> tuple[Asked, Wanted]:
    """What is asked for in full, and the runs it means, newest first. ConfigurationError where nothing can be taken back.

    With neither run nor since, a rollback that was interrupted goes on; otherwise the newest run is meant.
    """
    open_run = ledger.latest_run()
    interrupted = open_run.command if open_run and not open_run.result else ""
    if asked.run is None and asked.since is None and interrupted.split(" ")[0] == COMMAND:
        asked = _read(interrupted)
    undoable = ledger.undoable()
    if asked.run is None and asked.since is None:
        if not undoable:
            raise ConfigurationError("There is nothing to take back.", "Look at the runs with 'migrator status'.")
        asked = Asked(max(undoable), None, asked.entities, asked.even_edited)
    runs: Sequence[int]
    if asked.run is not None:
        runs = [asked.run] if asked.run in undoable else []
    else:
        runs = [run for run in sorted(undoable, reverse=True) if run >= (asked.since or 0)]
    if not runs and asked.words() != interrupted:
        can = ", ".join(map(str, undoable)) or "none"
        raise ConfigurationError(
            "Of these runs nothing can be taken back.", f"Runs of which something can be taken back: {can}."
        )
    return asked, Wanted(tuple(runs), asked.entities, asked.even_edited)


def _read(command: str) -> Asked:
    """The words of a command of the ledger, read back."""
    words = command.split(" ")
    values = {"--run": None, "--since": None} | {
        name: int(value) for name, value in itertools.pairwise(words) if name in {"--run", "--since"}
    }
    entities = tuple(value for name, value in itertools.pairwise(words) if name == "--entity")
    return Asked(values["--run"], values["--since"], entities, "--even-edited" in words)

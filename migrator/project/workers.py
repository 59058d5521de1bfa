"""How a worker process makes the parts of a project for itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.project.compose import Project
from migrator.project.settings import FILE
from migrator.run.parts import Parts

FOLDER_VARIABLE = "MIGRATOR_PROJECT"


@dataclass(frozen=True, slots=True)
class ProjectRecipe:
    """A project folder and what its mappings were when the run began. Secrets are looked up where they are needed.

    ``is_remote``: the worker may be on a machine where the folder stands elsewhere; MIGRATOR_PROJECT says where.
    """

    folder: Path
    mapping_digest: str
    allow_python: bool = False
    is_remote: bool = False

    def check(self) -> None:
        """ConfigurationError where the folder cannot be read, or somebody changed the mappings since."""
        with self._project():
            pass

    @contextmanager
    def open(self) -> Iterator[Parts]:
        """The project's parts. ConfigurationError where somebody changed the mappings since."""
        with self._project() as project:
            yield project.worker_parts()

    @contextmanager
    def _project(self) -> Iterator[Project]:
        with Project(self._folder(), allow_python=self.allow_python) as project:
            if project.mapping_digest() != self.mapping_digest:
                raise self._other_mappings(project.folder)
            yield project

    def _folder(self) -> Path:
        folder = Path(os.environ.get(FOLDER_VARIABLE) or self.folder) if self.is_remote else self.folder
        if self.is_remote and not (folder / FILE).is_file():
            raise ConfigurationError(
                f"A worker on {socket.gethostname()} finds no project in {folder}.",
                f"Make the folder readable there under the same path, or start the worker with {FOLDER_VARIABLE} set.",
            )
        return folder

    def _other_mappings(self, folder: Path) -> ConfigurationError:
        if self.is_remote:
            return ConfigurationError(
                f"A worker on {socket.gethostname()} has other mappings in {folder} than this run.",
                "Bring the same files to all machines, then start 'migrator run' again.",
            )
        return ConfigurationError("A mapping was changed while the run began.", "Start 'migrator run' again.")

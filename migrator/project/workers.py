"""How a worker process makes the parts of a project for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.project.compose import Project
from migrator.run.parts import Parts


@dataclass(frozen=True, slots=True)
class ProjectRecipe:
    """A project folder and what its mappings were when the run began. Secrets are looked up where they are needed."""

    folder: Path
    mapping_digest: str
    allow_python: bool = False

    @contextmanager
    def open(self) -> Iterator[Parts]:
        """The project's parts. ConfigurationError where somebody changed the mappings since."""
        with Project(self.folder, allow_python=self.allow_python) as project:
            parts = project.worker_parts()
            if project.mapping_digest() != self.mapping_digest:
                raise ConfigurationError("A mapping was changed while the run began.", "Start 'migrator run' again.")
            yield parts

"""Which engine carries a run over, and what it asks of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from migrator.db import parse_url, shown
from migrator.errors import ConfigurationError
from migrator.project.compose import Project
from migrator.project.workers import ProjectRecipe
from migrator.run.engine import Engine
from migrator.run.engine.local import LocalEngine

LEASE_S = 30.0


@dataclass(frozen=True, slots=True)
class EngineWish:
    """What somebody asked for. ``workers`` None: nothing was said. ``lease_s``: a remote worker silent for so long is lost."""

    name: str = "local"
    workers: int | None = None
    scheduler: str | None = None
    lease_s: float = LEASE_S


ALONE = EngineWish()

_ADDRESS = re.compile(r"(\w+://)?[^/\s]+:\d+")


def refuse_contradictions(project: Project, wish: EngineWish) -> None:
    """ConfigurationError where the project or the wish itself does not allow it."""
    if wish.name == "local":
        if wish.scheduler is not None:
            raise ConfigurationError("--scheduler goes with --engine dask.", "Add it, or leave --scheduler out.")
        several = (wish.workers or 1) > 1
    else:
        if wish.workers is not None:
            raise ConfigurationError(
                "--workers starts processes of this machine; with --engine dask the workers are those of the scheduler.",
                "Leave --workers out, and start as many Dask workers as you want (docs/engines.md).",
            )
        if wish.scheduler is None:
            raise ConfigurationError(
                "--engine dask needs the address of a scheduler.", "Add it: --scheduler tcp://HOST:8786"
            )
        if not _ADDRESS.fullmatch(wish.scheduler):
            raise ConfigurationError(
                f"{wish.scheduler!r} is not the address of a scheduler.", "Write it like tcp://HOST:8786"
            )
        several = True
    if several and project.settings.service is not None:
        raise ConfigurationError(
            f"{project.settings.service.platform.name} is written by one process.",
            "It keeps all calls under way, and more processes would wait for the same server. Say with `calls:` under "
            "target how many calls at once it can bear.",
        )
    if wish.name != "local":
        _demand_servers(project)


def _demand_servers(project: Project) -> None:
    """ConfigurationError where something that is written is a file of one machine."""
    settings = project.settings
    written = {"ledger": settings.ledger_url, "target": settings.target_url, "vault": settings.vault_url}
    for name, url in written.items():
        if url is not None and parse_url(url).get_backend_name() == "sqlite":
            server = "PostgreSQL" if name == "ledger" else "PostgreSQL or MariaDB"
            raise ConfigurationError(
                f"The {name} is an SQLite file ({shown(url)}): workers of several machines cannot write it.",
                f"Name a {server} database under {name} in migration.yaml (docs/engines.md).",
            )


@contextmanager
def engine_of(project: Project, wish: EngineWish) -> Iterator[Engine | None]:
    """The engine, ready to make teams; None where this process does the work. The mappings must have been checked."""
    if wish.name == "local":
        recipe = ProjectRecipe(project.folder, project.mapping_digest(), project.allows_python)
        yield LocalEngine(recipe, wish.workers) if wish.workers and wish.workers > 1 else None
        return
    try:
        from migrator.run.engine.dask import DaskEngine  # an extra
    except ImportError as error:
        raise ConfigurationError(
            f"Dask is not installed ({error}).", "Install it here and at the workers: pip install 'migrator[dask]'"
        ) from error
    recipe = ProjectRecipe(project.folder.absolute(), project.mapping_digest(), project.allows_python, is_remote=True)
    with DaskEngine(recipe, str(wish.scheduler), wish.lease_s) as engine:
        yield engine

"""A source of the project is harvested: its site, its media, and a comparison with what its database has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.extract.site import Evidence, EvidenceStore, FileStore, Harvest, Options, Patience
from migrator.extract.site.lock import locked
from migrator.extract.site.reckoning import compare, inventory_paths, reckon, take_inventory
from migrator.extract.site.rereading import reread
from migrator.extract.site.rules import Judge
from migrator.extract.site.summary import Summary, summary_of
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.project.harvest_database import database_of
from migrator.project.harvest_site import SiteMaker, addresses_of, pages_of, profiles_of
from migrator.project.settings import Source
from migrator.project.settings_site import evidence_path


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for. ``paths`` are files wanted besides those that are found."""

    limit: int | None = None
    refresh: bool = False
    reread: bool = False
    paths: Iterable[str] = ()
    patience: Patience = field(default_factory=Patience)
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Harvested:
    """What is there afterwards. ``ended`` is done, limited, stopped or reread."""

    source: str
    ended: str
    database: Path
    summary: Summary


def harvest_project(project: Project, name: str | None, wishes: Wishes, progress: Progress) -> Harvested:
    """Harvest a source into its evidence database, or go on where an earlier harvest was stopped."""
    source = harvestable(project, name)
    database = _database(project, source)
    with locked(database.with_suffix(".lock")), ExitStack() as stack:
        store = EvidenceStore(database)
        stack.callback(store.close)
        legacy = stack.enter_context(database_of(project, source))
        if wishes.reread:
            ended = _reread(project, source, store, progress)
        else:
            if legacy is not None:
                take_inventory(store, source.name, legacy.asset_paths())
            ended = _harvest(project, source, store, wishes, progress)
        if ended != "stopped":
            compare(store, source.name, legacy.articles if legacy is not None else None)
        summary = summary_of(store)
        if ended == "done":
            store.end(summary.as_json())
        return Harvested(source.name, ended, database, summary)


def harvestable(project: Project, name: str | None) -> Source:
    """The source that is meant: the only one with a site or media, where none is named. ConfigurationError."""
    able = {source.name: source for source in project.settings.sources.values() if source.site or source.media}
    if name in able:
        return able[name]
    if name is None and len(able) == 1:
        return next(iter(able.values()))
    if not able:
        raise ConfigurationError(
            "No source has a site or media to harvest.",
            'Write `site: {url: "https://…", profile: nukeviet}` below the source in migration.yaml.',
        )
    message = f"There is no site or media of {name!r}." if name else "Several sources have a site or media."
    raise ConfigurationError(message, f"Name one of them: {', '.join(able)}.")


def damaged_files(project: Project, source: Source) -> Iterator[str]:
    """Paths of kept files that are gone, or no longer what they were. Reads every one of them."""
    evidence = Evidence(_database(project, source))
    try:
        yield from evidence.damaged()
    finally:
        evidence.close()


def _database(project: Project, source: Source) -> Path:
    return project.folder / evidence_path(source.name, source.site)


def _reread(project: Project, source: Source, store: EvidenceStore, progress: Progress) -> str:
    addresses, profiles = addresses_of(source), profiles_of(project.folder, source)
    if not profiles.read_by:
        raise ConfigurationError(f"The site of {source.name} has no profile.", "Write `profile: …` below `site:`.")
    reread(store, pages_of(addresses, profiles), Judge(addresses, profiles.rules), progress)
    return "reread"


def _harvest(project: Project, source: Source, store: EvidenceStore, wishes: Wishes, progress: Progress) -> str:
    folder = _database(project, source).parent
    profiles = profiles_of(project.folder, source)
    files = FileStore(folder, folder / f".{source.name}.tmp")
    with ExitStack() as stack:
        files.prepare()
        stack.callback(files.close)
        site = SiteMaker(source, profiles, wishes.patience, wishes.stopping, stack).make(files)
        options = Options("harvest", wishes.limit, wishes.refresh, profiles.names, wishes.patience, wishes.stopping)
        paths = inventory_paths(store) if source.media is not None else ()
        ended = Harvest(store, site, options, progress).run(chain(paths, wishes.paths))
    if ended != "stopped":
        reckon(store)
    return ended

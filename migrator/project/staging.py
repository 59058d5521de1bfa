"""Staging a project's sources: what to copy, carrying it out, checking it, and taking it away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from migrator.errors import AccessError, ConfigurationError, EvidenceError
from migrator.extract.sql import SqlExtractor
from migrator.extract.staged import Catalogue, Plan, Staged, Staging, packs_in, read_catalogue
from migrator.model.audit import Audit
from migrator.model.source import TableInfo
from migrator.model.staged import StagedCopy
from migrator.ports import Progress
from migrator.project.compose import Project, staging_folder
from migrator.project.settings import FILE, Source
from migrator.project.settings_staging import StagingPolicy
from migrator.project.workbench import another
from migrator.transform.shape import nearest
from migrator.workbench.personal import looks_personal


@dataclass(frozen=True, slots=True)
class Drift:
    """Rows of a table in the copy, and in the live source now; None where the table is gone."""

    table: str
    staged: int
    live: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a copy found: packs that are not whole, and how the live source has moved since.

    ``drift`` is None where the live source was not reached; ``unreached`` then says why.
    """

    catalogue: Catalogue
    damaged: Sequence[str]
    drift: Sequence[Drift] | None
    unreached: str = ""


def stageable(project: Project, name: str | None) -> list[Source]:
    """The source of a name, or all that have a database. ConfigurationError where there is none."""
    sources = {key: source for key, source in project.settings.sources.items() if source.evidence is None}
    if name is None:
        return list(sources.values())
    if name not in sources:
        raise ConfigurationError(f"There is no database source {name!r}.", nearest(name, sources))
    return [sources[name]]


def stage_source(
    project: Project, source: Source, progress: Progress, *, rate: int | None, stopping: Callable[[], bool]
) -> Staged:
    """Copy what the mappings and the audit statement read, and what staging.also names. The mappings must be right."""
    if not source.url:
        raise ConfigurationError(f"The url of '{source.name}' leads nowhere.", "Set the variable it names.")
    policy = source.staging or StagingPolicy()
    with another(project, {source.name: replace(source, staging=None)}) as live:
        live.mappings()
        extractor = SqlExtractor(source.url, source.name)
        try:
            plan = _plan(live, live.settings.sources[source.name], policy, extractor)
            folder = staging_folder(project.folder, source.name)
            staging = Staging(
                source.name, extractor, folder, plan, rate=rate or policy.rate, stopping=stopping
            )  # fmt: skip
            return staging.carry_out(progress)
        finally:
            extractor.close()


def _plan(project: Project, source: Source, policy: StagingPolicy, extractor: SqlExtractor) -> Plan:
    tables = extractor.tables()
    audit = next(audit for audit in project.audits() if audit.source == source.name)
    unknown = [name for name in (*policy.also, *policy.leave_out) if name not in tables]
    if unknown:
        raise ConfigurationError(
            f"{source.name}.staging names tables that are not there: {', '.join(unknown)}.",
            nearest(unknown[0], tables),
        )
    _refuse_left_out(source, policy, tables)
    named = [name for name in tables if name in policy.also or not _is_out_of_scope(name, audit)]
    queries: dict[str, tuple[str, ...]] = {}
    for sql, order in _queries(project, audit):
        queries[sql] = queries.get(sql) or order
    plan = Plan(tuple(sorted(named)), queries, policy.leave_out)
    if policy.personal_data is None:
        _refuse_personal(source, plan, tables)
    return plan


def _refuse_left_out(source: Source, policy: StagingPolicy, tables: Mapping[str, TableInfo]) -> None:
    """ConfigurationError for columns to leave out that are not there (a slip would copy them), or make up the key."""
    for table, names in policy.leave_out.items():
        for name in names:
            if name not in tables[table].columns:
                message = f"{source.name}.staging.leave_out: {table} has no column {name!r}."
                raise ConfigurationError(message, nearest(name, tables[table].columns))
            if name in tables[table].primary_key:
                message = f"{source.name}.staging.leave_out: {table}.{name} is part of its primary key."
                raise ConfigurationError(message, "Rows cannot be told apart without it.")


def _is_out_of_scope(table: str, audit: Audit) -> bool:
    """Whether nothing of a table is carried over. What only a part is declared out of, another part is read of."""
    read = {audited.table for audited in audit.entities.values()}
    wholly = any(fnmatchcase(table, out.table) and not out.where for out in audit.out_of_scope)
    consumed = any(fnmatchcase(table, pattern) for pattern in audit.consumed)
    return wholly and not consumed and table not in read


def _queries(project: Project, audit: Audit) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every declared query asked of a source, by mappings of any source and by the statement, with its order."""
    for name, declarations in project.declarations.items():
        for declaration in declarations.values():
            if declaration.sql is not None and name == audit.source:
                yield declaration.sql, declaration.key
            for side in declaration.sides.values():
                if side.side.sql is not None and (side.side.source or name) == audit.source:
                    yield side.side.sql, side.side.order
    for audited in audit.entities.values():
        if audited.sql is not None:
            yield audited.sql, audited.key
        for _, place in (*audited.single_places(), *audited.list_places()):
            if place.sql is not None:
                yield place.sql, ()


def _refuse_personal(source: Source, plan: Plan, tables: Mapping[str, TableInfo]) -> None:
    """ConfigurationError while there are columns that look personal and nobody has said what becomes of them."""
    columns = {name: tables[name].columns for name in plan.tables}
    found = {
        table: [name for name in names if looks_personal(name) and name not in plan.left_out.get(table, ())]
        for table, names in columns.items()
    }
    found = {table: names for table, names in found.items() if names}
    if found:
        listed = ", ".join(f"{table}: [{', '.join(names)}]" for table, names in found.items())
        raise ConfigurationError(
            f"Columns of '{source.name}' look like data of persons, and a copy of them needs a reason: {listed}",
            f"Name them under sources.{source.name}.staging.leave_out in {FILE}, or say purpose and legal_basis under "
            "staging.personal_data (docs/staging.md).",
        )


def staged_copies(project: Project) -> Mapping[str, Catalogue]:
    """What is staged whole, by source."""
    found = {name: read_catalogue(staging_folder(project.folder, name)) for name in project.settings.sources}
    return {name: catalogue for name, catalogue in found.items() if catalogue is not None}


def check_staged(project: Project, source: Source) -> Checked:
    """Read every pack and compare it with its name; count the live source where it is there."""
    folder = staging_folder(project.folder, source.name)
    catalogue = read_catalogue(folder)
    if catalogue is None:
        raise ConfigurationError(f"Nothing of '{source.name}' is staged.", "Stage it: 'migrator stage'.")
    packs, damaged = packs_in(folder), []
    for relation in catalogue.copy.relations:
        for pack in relation.packs:
            try:
                packs.content(pack.digest, pack.size)
            except EvidenceError as error:
                damaged.append(f"{relation.name}: {error.message}")
    try:
        return Checked(catalogue, damaged, _drift(source, catalogue.copy))
    except AccessError as error:
        return Checked(catalogue, damaged, None, error.message)


def _drift(source: Source, copy: StagedCopy) -> list[Drift]:
    """Tables whose rows are no longer as many as in the copy."""
    if not source.url:
        raise AccessError(f"The url of '{source.name}' leads nowhere.")
    extractor = SqlExtractor(source.url, source.name)
    try:
        tables = extractor.tables()
        found = [
            Drift(relation.name, relation.rows, extractor.count(relation.name) if relation.name in tables else None)
            for relation in copy.relations
            if relation.sql is None
        ]
    finally:
        extractor.close()
    return [drift for drift in found if drift.live != drift.staged]


def remove_staged(project: Project, source: Source) -> Path | None:
    """Delete the copy of a source, and what is left of one under way; the folder it was in, None where there was none."""
    folder = staging_folder(project.folder, source.name)
    if not folder.is_dir():
        return None
    (folder / "catalogue.json").unlink(missing_ok=True)  # first: what follows may be killed
    shutil.rmtree(folder)
    return folder

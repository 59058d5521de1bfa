"""The consultant's bench, from a project: each source with its mapping, and the same project with another mapping."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from migrator.errors import ConfigurationError, Fault
from migrator.model.audit import Audit
from migrator.ports import EntityMapping, Survey
from migrator.project.audits import AUDIT_FILE, read_source_audit
from migrator.project.compose import Project
from migrator.project.personal import without_personal
from migrator.project.presets import preset_folders, preset_variables
from migrator.project.settings import FILE, Source
from migrator.project.share import presets_folder
from migrator.transform.compile import compile_mapping
from migrator.transform.document import read_document
from migrator.transform.shape import nearest
from migrator.workbench.bench import Bench


@contextmanager
def benches(project: Project, source: str | None = None) -> Iterator[list[Bench]]:
    """A bench for each source, or for the one that is named. ConfigurationError where there is no such source."""
    sources = project.settings.sources
    if source is not None and source not in sources:
        raise ConfigurationError(f"There is no source {source!r}.", nearest(source, sources))
    surveys: list[Survey] = []
    try:
        found = []
        for name in [source] if source else sources:
            surveys.append(project.survey(name))
            found.append(_bench(project, sources[name], surveys[-1]))
        yield found
    finally:
        for survey in surveys:
            survey.close()


def _bench(project: Project, source: Source, survey: Survey) -> Bench:
    def faults_with(folder: Path | None) -> Sequence[Fault]:
        if folder is not None and project.allows_python:
            for path in source.folders[0].glob("*.py"):  # they are looked for beside the mapping
                shutil.copy(path, folder)
        folders = source.folders if folder is None else (folder, *source.folders)
        with another(project, {source.name: replace(source, folders=folders)}) as other:
            return other.faults()

    return Bench(
        source=source.name,
        folders=source.folders,
        presets=presets_folder(),
        variables=source.variables,
        declarations=project.declarations[source.name],
        audit=_audit(project, source),
        extractor=project.extractors[source.name],
        survey=survey,
        faults_with=faults_with,
    )


def _audit(project: Project, source: Source) -> Audit | None:
    try:
        return without_personal(read_source_audit(source), project.settings.personal_data)
    except ConfigurationError:
        return None


@contextmanager
def another(project: Project, sources: Mapping[str, Source]) -> Iterator[Project]:
    """The project with other settings for some sources; it reads the same databases."""
    other = Project(project.folder, allow_python=project.allows_python)
    other.settings = replace(project.settings, sources={**project.settings.sources, **sources})
    with other:
        yield other


@contextmanager
def older_version(project: Project, folder: Path, label: str) -> Iterator[Mapping[tuple[str, str], EntityMapping]]:
    """The mappings in an older state of the project folder, on the sources of today. ``label`` names it in faults.

    What the presets say is what they say today. ConfigurationError with every mistake.
    """
    with another(project, _older_sources(project, folder)) as other:
        faults = [fault for fault in other.faults() if _is_about_a_mapping(fault)]
        if faults:
            named = [replace(fault, file=fault.file.replace(str(folder), label)) for fault in faults]
            raise ConfigurationError(f"The mapping of {label} has {len(faults)} mistake(s).", "Name another.", named)
        yield {
            (source, entity): compile_mapping(declaration)
            for source, declarations in other.declarations.items()
            for entity, declaration in declarations.items()
        }


def _is_about_a_mapping(fault: Fault) -> bool:
    """What the settings and the statement of then lacked does not matter here."""
    path = Path(fault.file)
    return path.suffix in (".yaml", ".csv") and path.name not in (FILE, AUDIT_FILE)


def _older_sources(project: Project, folder: Path) -> dict[str, Source]:
    """The sources of today with the folders and variables of then; all of today's where there is no ``migration.yaml``."""
    sources = project.settings.sources
    if not (folder / FILE).is_file():
        return {name: replace(source, folders=(folder, *source.folders[1:])) for name, source in sources.items()}
    faults: list[Fault] = []
    tree = read_document(folder / FILE, FILE, faults)
    said = tree.plain() if tree is not None else {}
    then = said.get("sources") if isinstance(said, dict) else None
    if faults or not isinstance(then, dict):
        raise ConfigurationError(f"The {FILE} of then cannot be read.", "Name another revision.", faults)
    return {name: _older_source(source, then.get(name), folder) for name, source in sources.items()}


def _older_source(source: Source, said: object, folder: Path) -> Source:
    if not isinstance(said, dict):
        return replace(source, folders=(folder / "no such source then",))
    preset, own = str(said.get("preset") or ""), said.get("variables")
    variables = {key: str(value) for key, value in own.items()} if isinstance(own, dict) else {}
    folders = (folder / str(said.get("mapping") or "."), *preset_folders(preset))
    return replace(source, folders=folders, variables={**preset_variables(preset, []), **variables})

"""Reading the mappings of a project: files → declarations, with every mistake in their form as a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from migrator.errors import Fault
from migrator.model.content import ENTITIES
from migrator.transform.arguments import crosswalks_named
from migrator.transform.crosswalk import Shelf
from migrator.transform.declaration import EntityDeclaration
from migrator.transform.inherit import Inheritance, fill_variables
from migrator.transform.outside import Outside
from migrator.transform.parse import parse_entity
from migrator.transform.shape import Shapes, closest, nearest

__all__ = ["EntityDeclaration", "read_mappings"]


def read_mappings(
    folders: Sequence[Path],
    presets: Path,
    source: str,
    variables: Mapping[str, str],
    entities: Sequence[str] | None,
    outside: Outside | None = None,
) -> tuple[dict[str, EntityDeclaration], list[Fault]]:
    """Declarations by entity, in load order, and all faults, by file and line.

    ``folders`` are searched in order for ``<entity>.yaml`` and ``crosswalks/<name>.csv``; ``presets`` is what
    ``extends`` is looked up in. ``source`` names the source in legacy keys; ``variables`` fill ``{name}`` in texts.
    ``entities`` None means every entity that has a file; ``outside`` is what steps may use besides. A declaration with
    faults has what could be read and must not be compiled.
    """
    faults: list[Fault] = _misnamed_files(folders) if entities is None else []
    shelf = Shelf(folders)
    declarations: dict[str, EntityDeclaration] = {}
    for entity in _wanted(entities, folders, faults):
        path = _find(entity, folders)
        if path is None:
            continue
        tree = Inheritance(presets, faults).read(path)
        if tree is None:
            continue
        shapes = Shapes()
        filled = fill_variables(tree, variables, shapes.faults)
        declaration = parse_entity(filled, entity, source, shapes)
        faults.extend(shapes.faults)
        declarations[entity] = replace(_with_crosswalks(declaration, shelf), outside=outside or Outside())
    return declarations, in_reading_order([*faults, *shelf.faults])


def in_reading_order(faults: Sequence[Fault]) -> list[Fault]:
    """Faults by file and line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line, fault.message))


def _wanted(entities: Sequence[str] | None, folders: Sequence[Path], faults: list[Fault]) -> list[str]:
    if entities is None:
        return [entity for entity in ENTITIES if _find(entity, folders)]
    places = ", ".join(str(folder) for folder in folders)
    for entity in entities:
        if entity not in ENTITIES:
            faults.append(Fault(places, 0, f"there is no entity {entity!r}", nearest(entity, ENTITIES)))
        elif _find(entity, folders) is None:
            faults.append(Fault(places, 0, f"there is no mapping for {entity!r}", f"write {entity}.yaml"))
    return [entity for entity in ENTITIES if entity in entities]


def _find(entity: str, folders: Sequence[Path]) -> Path | None:
    paths = (folder / f"{entity}.yaml" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def _misnamed_files(folders: Sequence[Path]) -> list[Fault]:
    """Files that look like mappings but would be passed over in silence: ``articles.yaml``, ``article.yml``."""
    faults = []
    for folder in folders:
        for path in sorted(folder.glob("*.y*ml")):
            meant = closest(path.stem, ENTITIES, cutoff=0.85)
            if meant and path.name != f"{meant}.yaml":
                faults.append(Fault(str(path), 0, "is not read", f"rename it to {meant}.yaml"))
    return faults


def _with_crosswalks(declaration: EntityDeclaration, shelf: Shelf) -> EntityDeclaration:
    found = {name: shelf.get(name) for name in crosswalks_named(declaration)}
    readable = {name: crosswalk for name, crosswalk in sorted(found.items()) if crosswalk}
    return replace(declaration, crosswalks=readable, crosswalk_names=shelf.names)

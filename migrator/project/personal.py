"""Personal data are denied by default.

An entity that *is* personal data (a field it must have is) is left out of a project that does not allow it: its table
is out of scope, and the report says so with a count. A field that *may* hold personal data is a mistake of the mapping
until the project allows it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from migrator.errors import Fault
from migrator.model.audit import Audit, OutOfScope
from migrator.model.content import ENTITIES
from migrator.transform.syntax import EntityDeclaration

REASON = "personal data: denied by default; allow it under personal_data in migration.yaml"


def is_personal(entity: str) -> bool:
    """Whether the entity cannot be carried over without personal data."""
    return any(field.personal and field.required for field in ENTITIES[entity].fields)


def permitted(declarations: Mapping[str, EntityDeclaration], allowed: Collection[str]) -> dict[str, EntityDeclaration]:
    """The declarations without entities that are personal data and not allowed."""
    return {name: each for name, each in declarations.items() if name in allowed or not is_personal(name)}


def is_denied(fault: Fault, allowed: Collection[str]) -> bool:
    """Whether the fault is in the mapping of an entity that is left out: what it lacks is not missed."""
    entity = Path(fault.file).stem
    return entity in ENTITIES and is_personal(entity) and entity not in allowed


def personal_faults(declarations: Mapping[str, EntityDeclaration], allowed: Collection[str]) -> list[Fault]:
    """A fault for each personal field that is filled without permission."""
    return [
        declaration.fields[field.name].place.fault(
            f"{name}.{field.name} is personal data", "leave it out, or allow it under personal_data in migration.yaml"
        )
        for name, declaration in declarations.items()
        if name not in allowed
        for field in ENTITIES[name].fields
        if field.personal and field.name in declaration.fields
    ]


def without_personal(audit: Audit, allowed: Collection[str]) -> Audit:
    """The statement without entities that are not allowed; their tables are out of scope as a whole."""
    entities = {name: each for name, each in audit.entities.items() if name in allowed or not is_personal(name)}
    tables = {each.table: None for name, each in audit.entities.items() if name not in entities and each.table}
    kept = tuple(out for out in audit.out_of_scope if out.table not in tables)
    return replace(audit, entities=entities, out_of_scope=kept + tuple(OutOfScope(table, REASON) for table in tables))

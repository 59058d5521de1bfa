"""The audit statement of a source, and the tables that neither it nor the mappings account for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from migrator.errors import ConfigurationError, Fault
from migrator.model.audit import Audit
from migrator.project.settings import FILE, Source
from migrator.transform.check import read_tables
from migrator.transform.syntax import EntityDeclaration
from migrator.verify.declaration import read_audit

AUDIT_FILE = "audit.yaml"


def read_source_audit(source: Source) -> Audit:
    """The first ``audit.yaml`` in the source's folders. ConfigurationError where there is none, or it has mistakes.

    The site is a witness only where the project says where it is.
    """
    for folder in source.folders:
        if (folder / AUDIT_FILE).is_file():
            audit = read_audit(folder / AUDIT_FILE, source.name, source.variables, source.folders)
            return audit if source.site else replace(audit, site=None)
    places = ", ".join(str(folder) for folder in source.folders)
    fault = Fault(places, 0, f"there is no {AUDIT_FILE}", "copy one from a preset and correct it")
    raise ConfigurationError("Nothing says what the target is to be held to.", "Write audit.yaml.", [fault])


def audit_files(source: Source) -> list[Path]:
    """The statements of a source's folders, the overlaying one first."""
    return [path for folder in source.folders if (path := folder / AUDIT_FILE).is_file()]


def unaccounted_tables(
    source: Source, declarations: Mapping[str, EntityDeclaration], audit: Audit, tables: Iterable[str]
) -> list[Fault]:
    """A fault for each table of the source that is neither mapped, nor consumed, nor a copy, nor out of scope."""
    names = list(tables)
    read = read_tables(declarations, names)
    copies = [entity.copies.tables for entity in audit.entities.values() if entity.copies]
    patterns = [*audit.consumed, *(entry.table for entry in audit.out_of_scope), *dict(audit.kept_beside())]
    return [
        Fault(
            FILE, 0, f"source {source.name}: table {name} is neither mapped nor declared out of scope",
            f"map it, or name it under out_of_scope in {AUDIT_FILE} with a reason",
        )
        for name in names
        if name not in read
        and not any(fnmatchcase(name, pattern) for pattern in patterns)
        and not any(re.fullmatch(pattern, name) for pattern in copies)
    ]  # fmt: skip

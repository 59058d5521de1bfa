"""What is known of every source of a project, for checking mappings that look into another one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from migrator.model.source import TableInfo


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source: its tables, the columns of a declared query (or AccessError), and the entities that have a mapping."""

    tables: Mapping[str, TableInfo]
    columns_of: Callable[[str], tuple[str, ...]]
    entities: Collection[str] = ()


Estate = Mapping[str, SourceFacts]
"""Sources by name."""

"""What the tools work on: one source with its mapping, its audit statement and somebody who counts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.errors import Fault
from migrator.model.audit import Audit
from migrator.model.source import Selection
from migrator.ports import Extractor, Survey
from migrator.transform.compile import selection_of
from migrator.transform.declaration import EntityDeclaration


@dataclass(frozen=True, slots=True)
class Bench:
    """A source on the consultant's bench.

    ``folders`` are searched in order for mapping files and crosswalks; the first is the paper's own and the only one
    written to. ``declarations`` are as far as they could be read. ``audit`` is None where the statement has mistakes.
    ``faults_with`` gives every mistake of the mapping as it is (None), or as it would be with the files of a folder.
    """

    source: str
    folders: tuple[Path, ...]
    presets: Path
    variables: Mapping[str, str]
    declarations: Mapping[str, EntityDeclaration]
    audit: Audit | None
    extractor: Extractor
    survey: Survey
    faults_with: Callable[[Path | None], Sequence[Fault]]

    @property
    def own_folder(self) -> Path:
        """The paper's own folder."""
        return self.folders[0]

    def main(self, entity: str) -> Selection:
        """The rows of an entity without its sides."""
        selection = selection_of(self.declarations[entity])
        return Selection(self.source, entity, selection.key, selection.table, selection.sql, selection.where)

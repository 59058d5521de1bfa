"""An edited matrix becomes mapping files: only what was edited, in the paper's own folder, and all of it or nothing."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from migrator.errors import ConfigurationError, Fault, MigratorError
from migrator.i18n import VIETNAM
from migrator.transform.document import read_document
from migrator.transform.shape import nearest
from migrator.transform.vocabulary import FIELD_KEYS
from migrator.workbench.bench import Bench
from migrator.workbench.field_blocks import Decided, with_field
from migrator.workbench.fields import EntityFields, Written, overlay, read_fields
from migrator.workbench.matrix import COLUMNS, EDITED, FACTS, SAID, FieldRow, cells_of, rows_of
from migrator.workbench.spreadsheet import is_workbook, read_tables
from migrator.workbench.table import Line, Table, demand_columns, put_in_place
from migrator.workbench.xlsx_write import sheet_names

_NAMES = ("entity", "field")


@dataclass(frozen=True, slots=True)
class Edit:
    """A field that is to be another one. ``wanted`` None: nothing fills it."""

    row: FieldRow
    line: Line
    wanted: Written | None
    decided: Decided

    @property
    def is_new(self) -> bool:
        """Whether the field itself changes, and not only what is said about it."""
        return self.wanted != self.row.written


@dataclass(frozen=True, slots=True)
class Changed:
    """What an import changed: the files written, and entity.field of every field in them that is another one or says more."""

    files: tuple[Path, ...]
    fields: tuple[str, ...]


def import_matrix(benches: Sequence[Bench], path: Path, who: str) -> Changed:
    """Take over what was edited. ConfigurationError with every fault, by sheet and row; then nothing is written."""
    faults: list[Fault] = []
    now = datetime.now(VIETNAM).isoformat(timespec="minutes")
    with tempfile.TemporaryDirectory() as folder:
        written: dict[Path, Path] = {}
        fields: list[str] = []
        for number, (bench, table) in enumerate(_matched(benches, path)):
            drafts = Path(folder) / str(number)
            drafts.mkdir()
            edits = _edits(bench, table, who, now, drafts, faults)
            if not faults:
                files = _drafted(bench, edits, drafts)
                faults += _mistakes(bench, edits, files, drafts)
                written |= files
            fields += [f"{edit.row.entity}.{edit.row.target.name}" for edit in edits]
        if faults:
            raise ConfigurationError(f"{path} cannot be imported.", "Correct it and import it again.", faults)
        for target, draft in written.items():
            with put_in_place(target) as new:
                new.write_bytes(draft.read_bytes())
    return Changed(tuple(written), tuple(fields))


def _matched(benches: Sequence[Bench], path: Path) -> list[tuple[Bench, Table]]:
    """Which table is which source's."""
    tables = read_tables(path, _NAMES)
    if len(benches) == 1 and len(tables) == 1:
        return [(benches[0], tables[0])]
    if not is_workbook(path):
        raise ConfigurationError("A .csv file does not say which source it is about.", "Name it: --source NAME")
    titles = {title.lower(): source for source, title in sheet_names([bench.source for bench in benches]).items()}
    by_name = {bench.source: bench for bench in benches}
    found = [(by_name[titles[t.name.lower()]], t) for t in tables if t.name.lower() in titles]
    if not found:
        raise ConfigurationError(f"{path} has no sheet of a source.", f"Name it {', '.join(titles.values())}.")
    return found


# --- what was edited ---
def _edits(bench: Bench, table: Table, who: str, now: str, drafts: Path, faults: list[Fault]) -> list[Edit]:
    if not demand_columns(table, (*_NAMES, *EDITED), COLUMNS, faults):
        return []
    rows = {(row.entity, row.target.name): row for row in rows_of(bench)}
    seen: dict[tuple[str, str], int] = {}
    edits = []
    for line in table.lines:
        name = (line.cells["entity"].strip(), line.cells["field"].strip())
        if name not in rows:
            faults.append(line.fault(f"there is no field {'.'.join(name)}", _known(name, rows)))
        elif name in seen:
            faults.append(line.fault(f"{'.'.join(name)} stands twice", f"first in row {seen[name]}; keep one"))
        else:
            seen[name] = line.row
            edit = _edit(rows[name], line, who, now, drafts, faults)
            edits += [edit] if edit else []
    return edits


def _known(name: tuple[str, str], rows: Mapping[tuple[str, str], FieldRow]) -> str:
    return nearest(".".join(name), (".".join(other) for other in rows))


def _edit(row: FieldRow, line: Line, who: str, now: str, drafts: Path, faults: list[Fault]) -> Edit | None:
    """What a line changes; None where it says what is already there."""
    given = {column: text.strip() for column, text in line.cells.items()}
    before = {column: row.cell(column) for column in (*EDITED, *SAID)}
    for column in FACTS:
        if column in given and given[column] != row.cell(column):
            hint = f"it is {row.cell(column)!r}; edit {', '.join(EDITED[:4])} …"
            faults.append(line.fault(f"column {column!r} is not read back", hint))
    wanted = row.written
    if any(given[column] != before[column] for column in EDITED):
        wanted = _written(given, before, row.written, line, drafts, faults)
    if wanted is None and row.written is not None and row.target.required:
        faults.append(line.fault(f"{row.entity}.{row.target.name} is required", "say where it comes from"))
    said = {column: " ".join(given.get(column, before[column]).split()) for column in SAID}
    by = said["decided by"] if said["decided by"] != before["decided by"] else ""
    if (
        wanted == row.written
        and cells_of(wanted) == cells_of(row.written)
        and not by
        and said["note"] == before["note"]
    ):
        return None
    return Edit(row, line, wanted, Decided(by or who, now, said["note"]))


def _written(
    given: Mapping[str, str], before: Mapping[str, str], written: Written | None, line: Line, drafts: Path,
    faults: list[Fault],
) -> Written | None:  # fmt: skip
    """The field the cells make; a cell that was not touched keeps its value."""
    wanted: dict[str, object] = {}
    for column in EDITED[:-1]:
        if given[column] == before[column]:
            if written is not None and column in written:
                wanted[column] = written[column]
        elif given[column]:
            wanted[column] = _value(column, given[column], line, drafts, faults)
    if given["other"] == before["other"]:
        return {**wanted, **{key: value for key, value in (written or {}).items() if key not in EDITED}} or None
    other = _value("other", given["other"] or "{}", line, drafts, faults)
    if not isinstance(other, dict):
        faults.append(line.fault("column 'other' must be a mapping", "write {key: value}"))
        return None
    for key in other.keys() - FIELD_KEYS.keys() | other.keys() & set(EDITED):
        hint = "it has a column of its own" if key in EDITED else nearest(key, FIELD_KEYS)
        faults.append(line.fault(f"column 'other': {key!r} cannot stand here", hint))
    return {**wanted, **other} or None


def _value(column: str, text: str, line: Line, drafts: Path, faults: list[Fault]) -> object:
    """The value of a cell, which is written as behind the colon in a mapping file."""
    path = drafts / "cell.txt"
    path.write_text(f"cell: {' '.join(text.split())}\n", encoding="utf-8", errors="surrogatepass")
    found: list[Fault] = []
    tree = read_document(path, column, found)
    faults += [line.fault(f"column {column!r}: {fault.message}", fault.hint) for fault in found]
    if tree is None or found or not isinstance(tree.value, dict):
        return None
    if list(tree.value) != ["cell"]:
        faults.append(line.fault(f"column {column!r} holds more than a value", "put it between quotes"))
        return None
    return tree.value["cell"].plain()


# --- what the files become ---
def _drafted(bench: Bench, edits: Sequence[Edit], drafts: Path) -> dict[Path, Path]:
    """The paper's own files with the edits in them, written to a folder of drafts: file -> its draft."""
    files: dict[Path, Path] = {}
    for entity in dict.fromkeys(edit.row.entity for edit in edits):
        fields = read_fields(bench, entity)
        assert fields is not None  # its rows were there
        text = fields.text
        wanted = dict(fields.resolved)
        for edit in (edit for edit in edits if edit.row.entity == entity):
            text = _with_edit(text, edit, fields)
            wanted.pop(edit.row.target.name, None)
            wanted |= {edit.row.target.name: edit.wanted} if edit.wanted is not None else {}
        draft = drafts / f"{entity}.yaml"
        draft.write_bytes(text.encode())
        after = read_fields(replace(bench, folders=(drafts, *bench.folders[1:])), entity)
        if after is None or after.resolved != wanted or after.tables != fields.tables:
            names = ", ".join(edit.row.target.name for edit in edits if edit.row.entity == entity)
            raise MigratorError(f"{fields.own} cannot be edited without changing more.", f"Write by hand: {names}.")
        files[fields.own] = draft
    return files


def _with_edit(text: str, edit: Edit, fields: EntityFields) -> str:
    """The text with one edit. A field that only got a decision keeps its own entry, or needs none."""
    name = edit.row.target.name
    base = fields.base.get(name)
    if edit.wanted is None:
        return with_field(text, name, None, stands=base is not None, decided=edit.decided)
    own = overlay(base, edit.wanted)
    return with_field(text, name, own, stands=bool(own) or base is None, decided=edit.decided)


def _mistakes(bench: Bench, edits: Sequence[Edit], files: Mapping[Path, Path], drafts: Path) -> list[Fault]:
    """What is wrong now and was not before, at the row that was edited; where several could be meant, at the first."""
    at: dict[tuple[str, int], Edit] = {}
    for draft in files.values():
        names = _lines_of(draft)
        mine = [edit for edit in edits if edit.row.entity == draft.stem]
        at |= {(draft.name, 0): mine[0]}
        at |= {(draft.name, line): edit for edit in mine for line in names.get(edit.row.target.name, ())}
    before = Counter((Path(fault.file).name, fault.message) for fault in bench.faults_with(None))
    found = []
    for fault in bench.faults_with(drafts):
        name = Path(fault.file).name
        before[name, fault.message] -= 1
        if before[name, fault.message] < 0:
            edit = at.get((name, fault.line)) or at.get((name, 0)) or edits[0]
            found.append(edit.line.fault(f"{edit.row.entity}.{edit.row.target.name}: {fault.message}", fault.hint))
    return found


def _lines_of(draft: Path) -> Mapping[str, range]:
    """The lines of each field's entry."""
    tree = read_document(draft, draft.name, [])
    node = tree.value.get("fields") if tree is not None and isinstance(tree.value, dict) else None
    members = node.value if node is not None and isinstance(node.value, dict) else {}
    starts = sorted((member.place.line, name) for name, member in members.items())
    ends = [*(line for line, _ in starts[1:]), draft.read_bytes().count(b"\n") + 2]
    return {name: range(line, end) for (line, name), end in zip(starts, ends, strict=False)}

"""A small project on disk: files written by a test, read and compiled as a run would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from migrator.errors import AccessError, Fault
from migrator.model.source import TableInfo
from migrator.transform.check import check
from migrator.transform.compile import CompiledMapping, compile_mapping
from migrator.transform.estate import SourceFacts
from migrator.transform.outside import Outside
from migrator.transform.syntax import EntityDeclaration, read_mappings

VARIABLES = {"prefix": "nv4", "lang": "vi"}

TABLES = {
    name: TableInfo(name, columns, columns[:1])
    for name, columns in {
        "nv4_rows": ("id", "title", "hometext", "status", "catid", "listcatid", "alias", "publtime", "author"),
        "nv4_cat": ("catid", "title", "alias", "parentid"),
        "nv4_tags": ("tid", "keywords"),
        "nv4_detail": ("id", "bodyhtml"),
        "nv4_tags_id": ("id", "tid"),
        "nv4_body_1": ("id", "bodyhtml"),
        "nv4_body_2": ("id", "bodyhtml"),
    }.items()
}


OTHERS = {
    "evidence": {"twin": TableInfo("twin", ("web_id", "print_id", "decision"), ())},
    "print": {"bai_viet": TableInfo("bai_viet", ("ma_bai", "tieu_de", "sapo", "ngay"), ("ma_bai",))},
    "web": {"rows": TableInfo("rows", ("id",), ("id",))},
}
"""Tables of the project's other sources. All but evidence map articles and sections."""


def columns_of(sql: str) -> tuple[str, ...]:
    """The one query this source understands gives three columns."""
    if "nonsense" in sql:
        raise AccessError("syntax error near nonsense")
    return ("id", "title", "status")


@dataclass
class Project:
    """A project folder and the presets beside it."""

    folder: Path
    presets: Path
    outside: Outside = field(default_factory=Outside)

    def write(self, files: Mapping[str, str]) -> None:
        """Files by path below the project folder; `presets/...` goes to the presets."""
        for name, text in files.items():
            inside_presets = name.startswith("presets/")
            path = self.presets / name.removeprefix("presets/") if inside_presets else self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def read(self, entities: list[str] | None = None) -> tuple[dict[str, EntityDeclaration], list[Fault]]:
        return read_mappings([self.folder], self.presets, "bao", VARIABLES, entities, self.outside)

    def faults(self) -> list[str]:
        """Every fault as `file:line: message – hint`, paths relative to the project."""
        declarations, faults = self.read()
        others = {
            name: SourceFacts(tables, columns_of, () if name == "evidence" else ("article", "section"))
            for name, tables in OTHERS.items()
        }
        found = [*faults, *check(declarations, TABLES, columns_of, others)]
        return [str(fault).replace(f"{self.folder}/", "").replace(f"{self.presets}/", "presets/") for fault in found]

    def compile(self, entity: str = "article") -> CompiledMapping:
        declarations, faults = self.read([entity])
        assert faults == []
        return compile_mapping(declarations[entity])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    (tmp_path / "project").mkdir()
    (tmp_path / "presets").mkdir()
    return Project(tmp_path / "project", tmp_path / "presets")


@pytest.fixture
def compiled(project: Project) -> Callable[..., CompiledMapping]:
    """Compiles an article mapping from the text of its fields and, optionally, other top-level lines."""

    def build(fields: str, top: str = "", **files: str) -> CompiledMapping:
        text = f"entity: article\ntable: rows\nkey: id\n{top}\nfields:\n"
        text += "".join(f"  {line.strip()}\n" for line in fields.strip().splitlines())
        project.write({"article.yaml": text, **{f"crosswalks/{name}.csv": body for name, body in files.items()}})
        return project.compile()

    return build

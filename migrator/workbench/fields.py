"""The fields of an entity as a mapping writes them: what the preset says, what the paper's own file makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.errors import Fault
from migrator.transform.document import Node, read_document
from migrator.transform.inherit import Inheritance
from migrator.transform.vocabulary import SOURCES
from migrator.workbench.bench import Bench

Written = Mapping[str, object]
"""A field as it is written: plain values by key, variables not filled in."""


@dataclass(frozen=True, slots=True)
class EntityFields:
    """Where an entity's fields are written. ``extends`` is what the own file extends, or would extend if there were one.

    ``base`` has the fields below the own file, ``resolved`` those that count. ``tables`` is the resolved tree as plain
    values, without its fields.
    """

    entity: str
    own: Path
    extends: str
    base: Mapping[str, Written]
    resolved: Mapping[str, Written]
    tables: Mapping[str, object]

    @property
    def text(self) -> str:
        """The own file; what it would begin with where there is none."""
        if self.own.is_file():
            return self.own.read_bytes().decode("utf-8")
        extends = f"extends: {self.extends}\n" if self.extends else ""
        return f"# What this paper decided, over and above the preset.\n{extends}entity: {self.entity}\n"


def read_fields(bench: Bench, entity: str, folder: Path | None = None) -> EntityFields | None:
    """The fields of an entity; None where its file cannot be read. ``folder`` stands for the paper's own one."""
    own = (folder or bench.own_folder) / f"{entity}.yaml"
    below = next((path for f in bench.folders[1:] if (path := f / f"{entity}.yaml").is_file()), None)
    faults: list[Fault] = []
    if own.is_file():
        extends = _extends(own, faults)
        below = bench.presets / f"{extends}.yaml" if extends else None
    else:
        extends = below.relative_to(bench.presets).with_suffix("").as_posix() if below else ""
    base = Inheritance(bench.presets, faults).read(below) if below is not None else None
    resolved = Inheritance(bench.presets, faults).read(own) if own.is_file() else base
    if faults or resolved is None:
        return None
    tree = resolved.plain()
    assert isinstance(tree, dict)
    tables = {key: value for key, value in tree.items() if key != "fields"}
    return EntityFields(entity, own, extends, _fields(base), _fields(resolved), tables)


def _extends(path: Path, faults: list[Fault]) -> str:
    tree = read_document(path, path.name, faults)
    node = tree.value.get("extends") if tree is not None and isinstance(tree.value, dict) else None
    return node.value if node is not None and isinstance(node.value, str) else ""


def _fields(tree: Node | None) -> dict[str, Written]:
    node = tree.value.get("fields") if tree is not None and isinstance(tree.value, dict) else None
    members = node.value if node is not None and isinstance(node.value, dict) else {}
    return {name: plain for name, member in members.items() if isinstance(plain := member.plain(), dict)}


def overlay(base: Written | None, wanted: Written) -> Written:
    """What the own file has to say for ``wanted`` to come out over ``base``: only what differs."""
    if base is None or _is_another_source(base, wanted):
        return dict(wanted)
    own: dict[str, object] = {}
    for key, value in wanted.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            if value != below:
                own[key] = _members(below, value)
        elif key not in base or not _is_same(value, below):
            own[key] = value
    return {**own, **{key: None for key in base if key not in wanted}}


def _members(base: Written, wanted: Written) -> Written:
    own = {key: value for key, value in wanted.items() if key not in base or not _is_same(value, base[key])}
    return {**own, **{key: None for key in base if key not in wanted}}


def _is_another_source(base: Written, wanted: Written) -> bool:
    return not any(key in base for key in SOURCES if key in wanted)


def _is_same(one: object, other: object) -> bool:
    """1 and true are equal in Python, but not in a mapping."""
    return type(one) is type(other) and one == other

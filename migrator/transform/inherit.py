"""``extends`` and ``{variables}``: from a file and the presets below it to one tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from migrator.errors import Fault
from migrator.transform.document import Node, read_document
from migrator.transform.shape import describe, nearest
from migrator.transform.vocabulary import SOURCES

_VARIABLE = re.compile(r"(?<!\{)\{([a-z_][a-z0-9_]*)\}(?!\})")
_PARTITION_NUMBER = "n"
_TABLE_OR_QUERY = ("table", "sql")


class Inheritance:
    """Reads files and lays them over the presets they extend."""

    def __init__(self, presets: Path, faults: list[Fault]) -> None:
        self._presets = presets
        self._faults = faults

    def read(self, path: Path) -> Node | None:
        """The tree of a file with everything it extends; None where one of the files cannot be read."""
        return self._read(path, ())

    def _read(self, path: Path, above: tuple[Path, ...]) -> Node | None:
        tree = read_document(path, self._name(path), self._faults)
        if tree is None or not isinstance(tree.value, dict):
            return None
        extends = tree.value.pop("extends", None)
        if extends is None:
            return _without_nulls(tree, self._faults)
        base_path = self._find(extends)
        if base_path is None:
            return None
        if base_path in (*above, path):
            self._faults.append(extends.place.fault(f"`extends: {extends.value}` goes round in a circle"))
            return None
        base = self._read(base_path, (*above, path))
        return None if base is None else _overlay(base, tree, (), self._faults)

    def _name(self, path: Path) -> str:
        if path.is_relative_to(self._presets):
            return path.relative_to(self._presets).as_posix()
        return path.name

    def _find(self, extends: Node) -> Path | None:
        if not isinstance(extends.value, str):
            message = f"extends must be a text, not {describe(extends)}"
            self._faults.append(extends.place.fault(message, "write <preset>/<entity>"))
            return None
        known = {
            file.relative_to(self._presets).with_suffix("").as_posix(): file for file in self._presets.glob("*/*.yaml")
        }
        if extends.value not in known:
            hint = nearest(extends.value, known)
            self._faults.append(extends.place.fault(f"there is no preset {extends.value!r}", hint))
        return known.get(extends.value)


def _without_nulls(node: Node, faults: list[Fault]) -> Node:
    """A mapping whose members all have values. Nothing stands below this file, so a null removes nothing."""
    if not isinstance(node.value, dict):
        return node
    members = {}
    for key, member in node.value.items():
        if member.value is None:
            faults.append(member.place.fault(f"{key!r} has no value", "write one, or remove the line"))
        else:
            members[key] = _without_nulls(member, faults)
    return Node(members, node.place)


def _overlay(base: Node, above: Node, path: tuple[str, ...], faults: list[Fault]) -> Node:
    """``above`` laid over ``base``: mappings merge, anything else is replaced, null removes what ``base`` has."""
    if not isinstance(base.value, dict) or not isinstance(above.value, dict):
        return _without_nulls(above, faults)
    members = _kept(base.value, above.value, path)
    for key, member in above.value.items():
        below = base.value.get(key)
        if member.value is None and below is not None:
            members.pop(key, None)
        elif member.value is None:
            hint = "write a value, or remove the line"
            faults.append(member.place.fault(f"{key!r} has no value, and the preset has no {key!r} to remove", hint))
        elif key in members and below is not None:
            members[key] = _overlay(below, member, (*path, key), faults)
        else:
            members[key] = _without_nulls(member, faults)
    return Node(members, above.place)


def _kept(base: Mapping[str, Node], above: Mapping[str, Node], path: tuple[str, ...]) -> dict[str, Node]:
    """What stays of the preset: a new kind of source for a field, or a query for a table, replaces the old one."""
    named = {key for key in SOURCES if key in above and above[key].value is not None}
    if len(path) == 2 and path[0] == "fields" and named and not named & base.keys():
        return {}
    if (not path or (len(path) == 2 and path[0] == "sides")) and above.keys() & set(_TABLE_OR_QUERY):
        return {key: member for key, member in base.items() if key not in _TABLE_OR_QUERY or key in above}
    return dict(base)


def has_unfilled(text: str) -> bool:
    """Whether a text still holds a variable that nobody knows (which is a fault already)."""
    return bool(_VARIABLE.search(text))


def fill_variables(node: Node, variables: Mapping[str, str], faults: list[Fault]) -> Node:
    """The tree with every ``{name}`` in its texts replaced. ``{0}``, ``{2,4}``, ``{{name}}`` and ``{n}`` stay."""
    if isinstance(node.value, dict):
        return Node({key: fill_variables(member, variables, faults) for key, member in node.value.items()}, node.place)
    if isinstance(node.value, list):
        return Node([fill_variables(member, variables, faults) for member in node.value], node.place)
    if not isinstance(node.value, str) or "{" not in node.value:
        return node

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in variables and name != _PARTITION_NUMBER:
            hint = nearest(name, variables) or "the source in migration.yaml declares no variables"
            faults.append(node.place.fault(f"unknown variable {{{name}}}", hint))
        return variables.get(name, match[0])

    return Node(_VARIABLE.sub(value_of, node.value), node.place)

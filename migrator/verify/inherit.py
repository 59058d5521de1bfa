"""``extends`` in an audit statement: a statement laid over the one of a preset.

A fault in a line taken over is reported under the file that takes it over; presets are tested by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from migrator.verify.document import Document, Node


def with_base(document: Document, folders: Sequence[Path]) -> dict[str, Node]:
    """The members of a statement with those of the statement it extends, if any."""
    members = document.read()
    extends = members.pop("extends", None)
    if extends is None:
        return members
    paths = (folder / document.path.name for folder in folders if folder.name == extends.value)
    path = next((path for path in paths if path.is_file() and path != document.path), None)
    if path is None:
        known = ", ".join(folder.name for folder in folders if (folder / document.path.name).is_file())
        document.fault(extends.line, f"there is no statement '{extends.value}' to extend", f"known: {known}")
        return members
    base = Document(path, document.variables)
    below = with_base(base, [folder for folder in folders if folder != document.path.parent])
    document.faults += base.faults
    return _overlay(below, members)


def _overlay(below: Mapping[str, Node], above: Mapping[str, Node]) -> dict[str, Node]:
    """Mappings merge, anything else is replaced, null removes."""
    merged = dict(below)
    for name, node in above.items():
        old = below.get(name)
        if node.value is None and old is not None:
            del merged[name]
        elif old is not None and isinstance(old.value, dict) and isinstance(node.value, dict):
            merged[name] = Node(_overlay(old.value, node.value), node.line)
        else:
            merged[name] = node
    return merged

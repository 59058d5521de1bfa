"""Packaged presets: their folders, one over the other, and their variables."""

from __future__ import annotations

from pathlib import Path

from migrator.errors import Fault
from migrator.project.share import presets_folder
from migrator.transform.document import read_document


def preset_folders(name: str) -> list[Path]:
    """The folder of a preset, then those of the presets it extends."""
    folders = []
    while name:
        folder = presets_folder() / name
        folders.append(folder)
        tree = read_document(folder / "preset.yaml", f"{name}/preset.yaml", [])
        extends = tree.value.get("extends") if tree is not None and isinstance(tree.value, dict) else None
        name = str(extends.value) if extends is not None else ""
    return folders


def preset_variables(name: str, faults: list[Fault]) -> dict[str, str]:
    """The variables of a preset, those it inherits included."""
    variables: dict[str, str] = {}
    for folder in reversed(preset_folders(name)):
        tree = read_document(folder / "preset.yaml", f"{folder.name}/preset.yaml", faults)
        own = tree.value.get("variables") if tree is not None and isinstance(tree.value, dict) else None
        if own is not None and isinstance(own.value, dict):
            variables |= {key: str(member.plain()) for key, member in own.value.items()}
    return variables

"""Where the packaged presets and the fixture maker lie: in the wheel below ``migrator/share``, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shared_folder(name: str) -> Path:
    """The folder ``mappings`` or ``fixtures``, installed or checked out."""
    installed = _PACKAGE / "share" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def presets_folder() -> Path:
    """The folder with a folder a preset."""
    return shared_folder("mappings")

"""Functions out of the project's own Python files, for `python:` steps."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from migrator.transform.shape import nearest

_REFERENCE = re.compile(r"([A-Za-z_]\w*):([A-Za-z_]\w*)")


class CodeError(ValueError):
    """Why a function cannot be had, and what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class ProjectFunction:
    """A function of a file. ``digest`` is the SHA-256 (hex) of the file's bytes as they were run."""

    call: Callable[..., Any]
    digest: str


def load_function(reference: str, folder: Path) -> ProjectFunction:
    """The function ``module:function`` names, from ``module.py`` in the folder itself. CodeError.

    The file is run once for each content. It may use the standard library and what is installed beside the tool, not
    other files of the project: those would change the result without anybody seeing it.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise CodeError(
            f"{reference!r} does not name a function", "write module:function, for module.py in the project"
        )
    stem, name = match.groups()
    path = folder / f"{stem}.py"
    if not path.is_file():
        raise CodeError(
            f"there is no file {path.name} in {folder}", nearest(stem, (p.stem for p in folder.glob("*.py")))
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CodeError(f"{path.name} leads out of {folder}", "put the file itself there")
    content = path.read_bytes()
    module = _module(stem, str(path), content)
    call = getattr(module, name, None)
    if not callable(call):
        names = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise CodeError(f"{path.name} has no function {name!r}", nearest(name, names))
    return ProjectFunction(call, hashlib.sha256(content).hexdigest())


@lru_cache(maxsize=64)
def _module(stem: str, path: str, content: bytes) -> ModuleType:
    """The module these bytes make; nothing is cached on disk."""
    module = ModuleType(f"migrator_project.{stem}_{hashlib.sha256(content).hexdigest()[:12]}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and pickle look their module up by name
    try:
        exec(compile(content, path, "exec"), module.__dict__)
    except Exception as error:  # whatever the file raises is a mistake in the file
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CodeError(f"{stem}.py cannot be run: {type(error).__name__}{line}: {error}") from error
    return module

"""Secrets by reference: ``env:NAME`` and ``file:PATH`` stand for a value that is nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

from migrator.errors import ConfigurationError


def resolve(text: str, folder: Path) -> str:
    """The value a reference stands for, or the text itself. ConfigurationError where the reference leads nowhere."""
    kind, _, rest = text.partition(":")
    if kind == "env":
        value = os.environ.get(rest)
        if not value:
            raise ConfigurationError(f"The environment variable {rest} is not set.", f"Set it: export {rest}=…")
        return value
    if kind == "file" and not rest.startswith("//"):
        path = folder / rest
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    return text

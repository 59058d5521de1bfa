"""What a mapping may use from outside itself: the project's own Python files, and secrets by reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHORTEST_SECRET = 16
"""Characters a secret has at least: a short one can be found by trying all."""


@dataclass(frozen=True, slots=True)
class Outside:
    """``python``: the folder of the project's Python files; None where nobody allowed them to run.

    ``secret`` gives the value of a reference (``env:NAME``, ``file:PATH``), or raises ConfigurationError; None where
    there are none to be had.
    """

    python: Path | None = None
    secret: Callable[[str], str] | None = None

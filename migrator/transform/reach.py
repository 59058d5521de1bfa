"""Walking into data of lists and mappings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def reach(value: Any, path: Sequence[str]) -> Any:
    """What a path of keys and list positions (from 0) leads to; null where it leads nowhere."""
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value

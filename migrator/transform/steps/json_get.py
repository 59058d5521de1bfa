"""A value out of JSON text, by a path of keys and list positions (from 0) with dots between them; without a path all of it.

Null where the path leads nowhere; empty text and null give null. Text that is not JSON is rejected as ``bad-json``.
"""

from __future__ import annotations

import json
from typing import Any

from migrator.errors import SetAside
from migrator.transform.reach import reach
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("path", "text", "such as sizes.large.file or authors.0", default=""),)
GIVES = "any"
WHOLE = True
EXAMPLES = (
    ("a.b.1", '{"a": {"b": ["x", "y"]}}', "y"),
    ("a.c", '{"a": {}}', None),
    (None, '["x", "y"]', ["x", "y"]),
    ("a", "", None),
    ("a", "{a}", Refused("bad-json")),
    ("a", None, None),
)


def make(path: str) -> Plain:
    """The step."""
    parts = path.split(".") if path else []

    def step(value: Any) -> Any:
        return reach(_parsed(value), parts)

    return step


def _parsed(value: Any) -> Any:
    """What JSON text says; drivers give some columns already parsed."""
    if isinstance(value, dict | list):
        return value
    text = as_text(value)
    try:
        return json.loads(text) if text.strip() else None
    except ValueError as error:
        raise SetAside("bad-json", str(error)) from error

"""Values as the mapping language writes them behind a colon, in one line: ``[unescape, {split: ","}]``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_RESOLVED = re.compile(r"~|null|true|false|[-+]?[0-9][0-9.]*", re.ASCII)
_BEGINS = frozenset("-?:,[]{}#&*!|>'\"%@`=<")
_IN_FLOW = frozenset(",[]{}?:")
_LINE_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def in_flow(value: object) -> str:
    """A value inside brackets: a scalar, a list or a mapping of them."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_flow(str(key))}: {in_flow(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    return _text(value, inside=True) if isinstance(value, str) else _other(value)


def as_cell(value: object) -> str:
    """A value that stands alone; nothing for null."""
    if value is None:
        return ""
    return _text(value, inside=False) if isinstance(value, str) else in_flow(value)


def _other(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else _text(str(value), inside=True)


def _text(text: str, *, inside: bool) -> str:
    if _LINE_BREAKS.search(text):
        return _LINE_BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
    if _is_plain(text, inside=inside):
        return text
    if "\\" in text or '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_plain(text: str, *, inside: bool) -> bool:
    """Whether YAML reads the text as itself without quotes."""
    return (
        text != ""
        and text == text.strip()
        and text[0] not in _BEGINS
        and not _RESOLVED.fullmatch(text)
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not (inside and _IN_FLOW & set(text))
    )

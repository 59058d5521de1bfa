"""References: from legacy ids to legacy keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from migrator.errors import SetAside
from migrator.model.content import PLURAL, Kind
from migrator.model.record import record_key
from migrator.transform.conditions import comparable
from migrator.transform.declaration import FieldDeclaration
from migrator.transform.pipeline import Context
from migrator.transform.values import as_text

Refer = Callable[[Any, Context], Any]


def compile_reference(field: FieldDeclaration, kind: Kind, source: str) -> Refer:
    """A function from id(s) to key(s). Null and ``none`` point nowhere; a repeated key is kept once, and noted."""
    key = _key_maker(field, field.source or source)
    if kind not in PLURAL:
        return lambda value, _context: key(value)

    def many(value: Any, context: Context) -> list[str] | None:
        if value is None:
            return None
        keys = [each for entry in (value if isinstance(value, list) else [value]) if (each := key(entry))]
        unique = list(dict.fromkeys(keys))
        if len(unique) < len(keys):
            context.note("repeated-reference", f"{len(keys) - len(unique)} of {len(keys)}")
        return unique

    return many


def _key_maker(field: FieldDeclaration, source: str) -> Callable[[Any], str | None]:
    none = frozenset(comparable(value) for value in field.none)
    entity, start = field.to, record_key(source, field.to, "")
    if field.whole:
        return lambda value: _whole_key(value, none, field)
    if field.compound:
        return lambda value: _compound_key(value, none, source, entity)

    def key(value: Any) -> str | None:
        if value is None or (text := as_text(value)) in none:
            return None
        return start + text if text.isascii() and text.isalnum() else record_key(source, entity, text)

    return key


def _compound_key(value: Any, none: frozenset[str], source: str, entity: str) -> str | None:
    if value is None:
        return None
    parts = [None if part is None else as_text(part) for part in value]
    if any(part is None or part in none for part in parts):
        return None
    return record_key(source, entity, parts)


def _whole_key(value: Any, none: frozenset[str], field: FieldDeclaration) -> str | None:
    """The value itself. SetAside for one that is no key of the entity."""
    if value is None or (text := as_text(value)) in none:
        return None
    if not re.fullmatch(rf"[^:]+:{field.to}:.+", text, re.DOTALL):
        raise SetAside("bad-key", f"{text[:80]!r} is no key of an entity {field.to!r}", field.name)
    return text

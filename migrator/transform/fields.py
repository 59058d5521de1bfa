"""The end of every pipeline: whatever steps gave becomes a value of the field's kind, or the record is set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

import orjson

from migrator.errors import SetAside
from migrator.model.content import Field, Kind, Value
from migrator.transform.objects import JsonObject, is_objects, json_text

Finish = Callable[[Any], Value]


def compile_finish(field: Field) -> Finish:
    """A function from a pipeline's result to a value of the field, or SetAside. References are done elsewhere."""
    convert = _KINDS[field.kind](field)
    return _required(field, convert) if field.required else convert


def _required(field: Field, convert: Finish) -> Finish:
    def finish(value: Any) -> Value:
        if value is None or value == "" or value == []:
            raise missing(field.name)
        result = convert(value)
        if result is None or result == "" or result == ():
            raise missing(field.name)
        return result

    return finish


def missing(name: str) -> SetAside:
    """The error for a required field without a value."""
    return SetAside(f"missing-{name}", "the field is required and has no value", name)


def checked_text(value: Any, field: Field) -> str:
    """The text as it may stand at the target: NFC, no NUL, no lone surrogate, not too long, one of the choices."""
    if type(value) is not str:
        value = json_text(value) if isinstance(value, JsonObject) else _number_as_text(value, field)
    if "\0" in value:
        raise SetAside("bad-text", "holds a NUL character", field.name)
    if not value.isascii():
        _check_unicode(value, field)
    if field.max_length is not None and len(value) > field.max_length:
        raise SetAside("too-long", f"{len(value)} characters, at most {field.max_length}", field.name)
    if field.choices and value not in field.choices:
        raise SetAside("unknown-value", f"{value[:80]!r} is none of {', '.join(sorted(field.choices))}", field.name)
    return str(value)


def _check_unicode(value: str, field: Field) -> None:
    _check_surrogates(value, field)
    if not is_normalized("NFC", value):
        raise SetAside("bad-text", "is not in Unicode form NFC; add the step nfc", field.name)


def _check_surrogates(value: str, field: Field) -> None:
    try:
        orjson.dumps(value)  # unlike encode() it leaves its UTF-8 with the text: whoever writes it finds it made
    except TypeError as error:
        place = next(place for place, letter in enumerate(value) if "\ud800" <= letter <= "\udfff")
        raise SetAside("bad-text", f"lone surrogate at character {place}", field.name) from error


def _number_as_text(value: Any, field: Field) -> str:
    """Numbers have one obvious text; anything else needs a step that says how."""
    if isinstance(value, str) or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
        return str(value)
    raise wrong_type(field, "a text", value)


def wrong_type(field: Field, wanted: str, value: Any) -> SetAside:
    """The error for a value of another kind than the field's."""
    return SetAside("wrong-type", f"{wanted} is needed, not {type(value).__name__} {str(value)[:80]!r}", field.name)


def _text(field: Field) -> Finish:
    def finish(value: Any) -> Value:
        if value is None:
            return None
        if type(value) is not str and is_objects(value):
            value = json_text(value)
        return checked_text(value, field)

    return finish


def _integer(field: Field) -> Finish:
    def finish(value: Any) -> Value:
        if value is None or type(value) is int:
            return value
        raise wrong_type(field, "a whole number", value)

    return finish


def _boolean(field: Field) -> Finish:
    def finish(value: Any) -> Value:
        if value is None or type(value) is bool:
            return value
        raise wrong_type(field, "true or false", value)

    return finish


def _instant(field: Field) -> Finish:
    def finish(value: Any) -> Value:
        if value is None:
            return None
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value if value.tzinfo is UTC else value.astimezone(UTC)
        raise wrong_type(field, "an instant", value)

    return finish


def _texts(field: Field) -> Finish:
    """Null entries and empty ones are nothing, except where an empty one has a meaning: there null is empty text too."""

    def finish(value: Any) -> Value:
        if value is None:
            return ()
        entries = value if isinstance(value, list | tuple) else [value]
        if field.keeps_empty:
            return tuple(checked_text("" if entry is None else entry, field) for entry in entries)
        return tuple(checked_text(entry, field) for entry in entries if entry is not None and entry != "")

    return finish


def _reference(field: Field) -> Finish:
    def finish(value: Any) -> Value:
        for key in value if isinstance(value, list) else (value or "",):
            _check_surrogates(key, field)
        return tuple(value or ()) if field.kind is Kind.REFS else value

    return finish


_KINDS: dict[Kind, Callable[[Field], Finish]] = {
    Kind.TEXT: _text,
    Kind.HTML: _text,
    Kind.REF: _reference,
    Kind.REFS: _reference,
    Kind.TEXTS: _texts,
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.INSTANT: _instant,
}
"""References come here as legacy keys already. A key has the legacy id letter by letter, in its own Unicode form."""

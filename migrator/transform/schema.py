"""A JSON Schema of mapping files, for editors that complete and underline while a person types.

It is made from the same tables the parser uses, so it knows every key, step and field. It is laxer than ``check``
where a schema cannot look: tables, columns, crosswalks, and what a preset already says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from migrator.model.content import ENTITIES
from migrator.transform import vocabulary as words
from migrator.transform.arguments import SOURCE
from migrator.transform.registry import verbs
from migrator.transform.verb import Argument, Verb

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_INTEGER: Schema = {"type": "integer"}
_BOOLEAN: Schema = {"type": "boolean"}
_ENTITY: Schema = {"enum": list(ENTITIES)}


def _one_or_more(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


SHAPES: Mapping[str, Schema] = {
    "text": _TEXT,
    "texts": _one_or_more(_TEXT),
    "scalar": _SCALAR,
    "scalars": _one_or_more(_SCALAR),
    "integer": _INTEGER,
    "boolean": _BOOLEAN,
    "entity": _ENTITY,
    "verdict": {"enum": list(words.VERDICTS)},
    "policy": {"enum": list(words.POLICIES)},
    "columns": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
    "where": {"type": "object", "additionalProperties": {"anyOf": [_reference("condition"), {"type": "null"}]}},
    "when": _reference("when"),
    "partition": _reference("partition"),
    "pivot": _reference("pivot"),
    "into": _reference("into"),
    "value": _reference("value"),
    "values": {"type": "array", "items": _reference("value"), "minItems": 1},
    "members": {"type": "object", "minProperties": 1, "additionalProperties": _reference("value")},
    "sides": {"type": "object", "additionalProperties": {"anyOf": [_reference("side"), {"type": "null"}]}},
    "rules": {"type": "array", "items": _reference("rule")},
    "merge": _reference("merge"),
    "fields": {"type": "object", "additionalProperties": {"anyOf": [_reference("field"), {"type": "null"}]}},
    "steps": {"type": "array", "items": _reference("step")},
}
"""Schema of every shape named in :mod:`migrator.transform.vocabulary`."""

ARGUMENTS: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "texts": _one_or_more(_TEXT),
    "integer": _INTEGER,
    "boolean": _BOOLEAN,
    "scalar": _SCALAR,
    "scalars": _one_or_more(_SCALAR),
    "map": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}},
    "pattern": {"type": "string", "minLength": 1},
    "links": {"type": "object", "propertyNames": _ENTITY, "additionalProperties": _one_or_more(_TEXT)},
    "zone": _TEXT,
    "number": {"type": "number"},
    "crosswalk": _TEXT,
    "secret": {"type": "string", "pattern": r"^(env:|file:|\{)"},
    "python": {"type": "string", "pattern": r"^([A-Za-z_]\w*:[A-Za-z_]\w*$|\{)"},
}
"""Schema of every type an argument can have."""


def json_schema() -> Schema:
    """The schema (draft 2020-12) of a mapping file, plugin steps included."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping of one entity",
        **_keys(words.ENTITY_KEYS, required=["entity"], nullable=True),
        "anyOf": [{"required": ["extends"]}, {"required": ["key", "fields"]}],
        "allOf": [_fields_of(name) for name in ENTITIES],
        "$defs": {
            "side": _keys(words.SIDE_KEYS, nullable=True),
            "partition": _keys(words.PARTITION_KEYS),
            "pivot": _keys(words.PIVOT_KEYS),
            "rule": _keys(words.RULE_KEYS, required=["name", "when", "then"]),
            "merge": _keys(words.MERGE_KEYS, nullable=True),
            "field": _keys(words.FIELD_KEYS, nullable=True),
            "into": _keys(words.INTO_KEYS, required=["to"]),
            "value": {"anyOf": [_TEXT, _keys(words.ALTERNATIVE_KEYS)]},
            "condition": _condition(words.WHERE_OPERATORS),
            "rule_condition": _condition(words.RULE_OPERATORS),
            "when": _when(),
            "step": _step(),
        },
    }


def _keys(keys: words.Keys, required: Iterable[str] = (), *, nullable: bool = False) -> Schema:
    """A mapping with these keys. ``nullable``: a key may be emptied, which removes what the preset says."""
    properties = {}
    for key, (shape, meaning) in keys.items():
        schema = SHAPES[shape]
        if nullable and key not in required:
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[key] = {**schema, "description": meaning}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _fields_of(entity: str) -> Schema:
    fields = {field.name: {"description": field.doc} for field in ENTITIES[entity].fields}
    known = {"properties": fields, "propertyNames": {"enum": list(fields)}}
    return {"if": {"properties": {"entity": {"const": entity}}}, "then": {"properties": {"fields": known}}}


def _condition(operators: Iterable[str]) -> Schema:
    operands: dict[str, Schema] = {
        **dict.fromkeys(words.LISTS, _one_or_more(_SCALAR)),
        **dict.fromkeys(words.PATTERNS, _TEXT),
        **dict.fromkeys(words.COMPARISONS, _SCALAR),
        **dict.fromkeys(("empty", "missing"), _BOOLEAN),
        "matches": _TEXT,
    }
    properties = {operator: operands[operator] for operator in operators}
    mapping = {"type": "object", "minProperties": 1, "properties": properties, "additionalProperties": False}
    return {"anyOf": [_one_or_more(_SCALAR), mapping]}


def _when() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "any": {"type": "array", "items": _reference("when"), "minItems": 1},
            "not": _reference("when"),
        },
        "additionalProperties": _reference("rule_condition"),
    }


def _step() -> Schema:
    bare = [name for name, verb in verbs().items() if not any(argument.required for argument in verb.arguments)]
    with_arguments = {name: _arguments(verb) for name, verb in verbs().items() if _writable(verb)}
    mapping = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": with_arguments,
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": bare}, mapping]}


def _writable(verb: Verb) -> list[Argument]:
    return [argument for argument in verb.arguments if argument.type != SOURCE]


def _arguments(verb: Verb) -> Schema:
    arguments = _writable(verb)
    named = {
        "type": "object",
        "properties": {each.name: {**ARGUMENTS[each.type], "description": each.doc} for each in arguments},
        "required": [each.name for each in arguments if each.required],
        "additionalProperties": False,
    }
    return {"description": verb.doc.split("\n", 1)[0], "anyOf": [named, ARGUMENTS[arguments[0].type]]}

"""The words of the mapping language: which keys stand where, of what shape, meaning what.

The parser refuses any other key, the JSON Schema is made from the same tables, and so is the reference.
"""

from __future__ import annotations

from collections.abc import Mapping

from migrator.model.outcome import Bucket
from migrator.ports import MissingPolicy

Keys = Mapping[str, tuple[str, str]]
"""Key -> (shape, meaning). The shapes are explained in :mod:`migrator.transform.schema`."""

ENTITY_KEYS: Keys = {
    "extends": ("text", "preset this file changes, as <preset folder>/<file name without .yaml>"),
    "entity": ("entity", "entity the rows become; the same as the file's name"),
    "table": ("text", "table with one row a record"),
    "sql": ("text", "a query used instead of a table"),
    "key": ("texts", "column or columns that identify a row"),
    "where": ("where", "which rows of the table are meant at all"),
    "sides": ("sides", "other tables joined to a row, by name"),
    "rules": ("rules", "rows that are not loaded, and why; the first rule that matches decides"),
    "merge": ("merge", "records with equal values in these fields are one record"),
    "fields": ("fields", "how each field of the record is made"),
}

SIDE_KEYS: Keys = {
    "table": ("text", "the side table; with `partition` its name holds {n}"),
    "sql": ("text", "a query used instead of a table"),
    "on": ("columns", "side column: main column"),
    "many": ("boolean", "true: all matching rows; false: the first"),
    "order": ("texts", "columns that sort the side rows"),
    "where": ("where", "which side rows are meant"),
    "partition": ("partition", "the table is cut into numbered ones"),
    "source": ("text", "the source the table is in, where it is another one"),
    "pivot": ("pivot", "each row is a name and a value; side.name is the value of that name"),
}

PIVOT_KEYS: Keys = {
    "key": ("text", "side column that holds the name"),
    "value": ("text", "side column that holds the value"),
}

PARTITION_KEYS: Keys = {
    "column": ("text", "main column that decides the number"),
    "size": ("integer", "rows a table: value v lives in table number ceil(v / size)"),
}

RULE_KEYS: Keys = {
    "name": ("text", "name of the rule, as reports show it"),
    "when": ("when", "conditions that must all hold"),
    "then": ("verdict", "what becomes of the row"),
    "reason": ("text", "why, in words"),
    "into": ("into", "with `then: merge`: the record the row is one with"),
}

MERGE_KEYS: Keys = {
    "on": ("texts", "fields of the record that must be equal"),
    "name": ("text", "name of the rule, as reports show it"),
}

VALUE_KEYS: Keys = {
    "from": ("texts", "column, side.column (first row), side[].column (list of all rows), or a list of columns"),
    "constant": ("scalar", "the same value for every record"),
    "same": ("text", "takes over what another field's steps gave, computed once"),
    "choose": ("values", "values with `when`: the first whose conditions hold counts, filled or not"),
    "first": ("values", "the first of these values that is filled"),
    "longest": ("values", "the longest of these values"),
    "newest": ("values", "the filled one of these values that is the latest, or that has the latest `at`"),
    "oldest": ("values", "the filled one of these values that is the earliest, or that has the earliest `at`"),
    "object": ("members", "a record inside the record: values by name, JSON text in the end"),
    "of": ("text", "with `object`: the side with many rows of which each gives one object"),
    "when": ("when", "null where these conditions do not hold"),
    "steps": ("steps", "what happens to the value, in order"),
    "part": ("text", "part of the result that is meant, such as html, text or words"),
    "default": ("scalar", "value where the result is null"),
}

REFERENCE_KEYS: Keys = {
    "to": ("entity", "the value is the id of a record of this entity"),
    "source": ("text", "the source whose ids these are, where it is another one"),
    "none": ("scalars", "values that mean: no reference"),
    "compound": ("boolean", "true: the columns in `from` are one id together"),
    "whole": ("boolean", "true: the value is a whole legacy key, `source:entity:id`"),
}

ALTERNATIVE_KEYS: Keys = {
    **VALUE_KEYS,
    "at": ("value", "in `newest` and `oldest`: the moment the value is from"),
}

INTO_KEYS: Keys = {**{key: what for key, what in VALUE_KEYS.items() if key != "same"}, **REFERENCE_KEYS}

FIELD_KEYS: Keys = {
    **VALUE_KEYS,
    **REFERENCE_KEYS,
    "missing": ("policy", "what to do where that record does not stand at the target"),
}

PICKS = ("choose", "first", "longest", "newest", "oldest")
"""Sources that are lists of values, of which one counts."""

BY_AGE = ("newest", "oldest")

SOURCES = ("from", "constant", "same", *PICKS, "object")
"""A value has exactly one of these."""

VERDICTS: Mapping[str, Bucket] = {
    "drop": Bucket.DROPPED,
    "withhold": Bucket.WITHHELD,
    "reject": Bucket.REJECTED,
    "merge": Bucket.MERGED,
}

MERGE_VERDICT = "merge"
"""The verdict that needs to know into which record."""

POLICIES: tuple[MissingPolicy, ...] = ("reject", "drop", "follow")

COMPARISONS = ("lt", "le", "gt", "ge")
LISTS = ("in", "not_in")
PATTERNS = ("like", "not_like")
WHERE_OPERATORS = (*LISTS, *PATTERNS, *COMPARISONS, "empty")
RULE_OPERATORS = (*WHERE_OPERATORS, "matches", "missing")

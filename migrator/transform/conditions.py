"""Conditions: how they are written, and how a rule's conditions are tested on a source row in Python.

Values are compared as text, so that ``4`` meets a column that holds ``"4"``; a date compares with an ISO text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from migrator.model.record import SourceRow
from migrator.transform.declaration import ColumnPath, Condition, Operand, When
from migrator.transform.document import Node, Scalar
from migrator.transform.paths import Pivots, compile_path, parse_path
from migrator.transform.shape import Shapes, nearest
from migrator.transform.vocabulary import COMPARISONS, LISTS, PATTERNS, RULE_OPERATORS

Holds = Callable[[SourceRow], bool]
Accepts = Callable[[Any], bool]


def parse_operators(node: Node, operators: Sequence[str], what: str, shapes: Shapes) -> list[tuple[str, Any]]:
    """The (operator, operand) pairs of a condition: a scalar or a list is short for ``in``."""
    if not isinstance(node.value, dict):
        return [("in", _alternatives(node, what, shapes))]
    if not node.value:
        shapes.fault(node, f"{what} is empty")
    pairs: list[tuple[str, Any]] = []
    for operator, child in node.value.items():
        if operator not in operators:
            hint = (
                "`matches` and `missing` are for rules" if operator in RULE_OPERATORS else nearest(operator, operators)
            )
            shapes.fault(child, f"unknown operator {operator!r}", hint)
            continue
        pairs.append((operator, _operand(operator, child, shapes)))
    return pairs


def _alternatives(node: Node, what: str, shapes: Shapes) -> tuple[Scalar, ...]:
    children = node.value if isinstance(node.value, list) else [node]
    if not children:
        shapes.fault(node, f"{what} is an empty list")
    for child in children:
        if child.value is None:
            shapes.fault(child, f"{what} compares with nothing", "write {empty: true} for null or empty text")
        elif isinstance(child.value, list | dict):
            shapes.scalar(child, what)
    return tuple(child.value for child in children if not isinstance(child.value, list | dict | None))


def _operand(operator: str, node: Node, shapes: Shapes) -> Operand:
    if operator in LISTS:
        return _alternatives(node, operator, shapes)
    if operator in PATTERNS:
        return shapes.text(node, operator)
    if operator in COMPARISONS:
        return shapes.scalar(node, operator)
    if operator == "matches":
        return parse_pattern(node, operator, shapes)
    return shapes.boolean(node, operator)


def parse_pattern(node: Node, what: str, shapes: Shapes) -> re.Pattern[str] | None:
    """A compiled regular expression; None, with a fault, where it does not compile."""
    text = shapes.text(node, what)
    try:
        return re.compile(text) if text else None
    except (re.error, OverflowError, RecursionError) as error:
        shapes.fault(node, f"the pattern {text!r} does not compile: {error}")
        return None


def parse_when(node: Node, shapes: Shapes, pivots: Pivots, matches: str = "the rule would match every row") -> When:
    """Conditions. ``any`` holds alternatives, ``not`` what must not hold, each of them conditions again.

    ``matches`` says what would happen without a condition.
    """
    members = dict(shapes.mapping(node, "when", "write {column: value}"))
    if isinstance(node.value, dict) and not members:
        shapes.fault(node, f"when is empty: {matches}")
    either, excluded = members.pop("any", None), members.pop("not", None)
    conditions = []
    for text, child in members.items():
        path = _condition_path(text, child, shapes, pivots)
        tests = parse_operators(child, RULE_OPERATORS, f"the condition on {text!r}", shapes)
        if path:
            conditions.append(Condition(path, tuple(tests)))
    alternatives = shapes.sequence(either, "any", "write any: [{…}, {…}]") if either else []
    return When(
        tuple(conditions),
        tuple(parse_when(child, shapes, pivots, matches) for child in alternatives),
        parse_when(excluded, shapes, pivots, "`not` would exclude every row") if excluded else None,
    )


def _condition_path(text: str, node: Node, shapes: Shapes, pivots: Pivots) -> ColumnPath | None:
    if isinstance(node.value, dict) and "missing" in node.value:
        if len(node.value) > 1:
            shapes.fault(node, "`missing` stands alone", "put other conditions on side.column")
        return ColumnPath("", text, False, node.place)
    return parse_path(text, node.place, shapes, pivots)


def compile_when(when: When) -> Holds:
    """A function that says whether all conditions hold for a row."""
    tests = [_compile_condition(condition) for condition in when.conditions]
    if when.alternatives:
        alternatives = [compile_when(alternative) for alternative in when.alternatives]
        tests.append(lambda row: any(holds(row) for holds in alternatives))
    if when.excluded:
        excluded = compile_when(when.excluded)
        tests.append(lambda row: not excluded(row))
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(holds(row) for holds in tests)


def _compile_condition(condition: Condition) -> Holds:
    path = condition.path
    if not path.column:
        side, missing = path.side, condition.tests[0][1]
        return lambda row: (not row.sides.get(side)) is missing
    fetch = compile_path(path)
    checks = [compile_test(operator, operand) for operator, operand in condition.tests]
    accepts = checks[0] if len(checks) == 1 else lambda value: all(check(value) for check in checks)
    if path.many:
        return lambda row: any(accepts(value) for value in fetch(row))
    return lambda row: accepts(fetch(row))


def comparable(value: Any) -> str:
    """A raw value as the text that conditions compare: true is 1, bytes are UTF-8, 4.00 is 4."""
    match value:
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case bytes() | bytearray():
            return bytes(value).decode("utf-8", "replace")
        case Decimal() if value.is_finite() and value == value.to_integral_value():
            return str(int(value))
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def compile_test(operator: str, operand: Any) -> Accepts:
    """A function that says whether a value passes. Null passes ``empty: true``, ``not_in`` and ``not_like`` only."""
    match operator:
        case "in" | "not_in":
            texts = frozenset(comparable(each) for each in operand)
            if operator == "in":
                return lambda value: value is not None and comparable(value) in texts
            return lambda value: value is None or comparable(value) not in texts
        case "empty":
            return lambda value: (value is None or value == "") is operand
        case "matches":
            return lambda value: value is not None and operand.search(comparable(value)) is not None
        case "like" | "not_like":
            return _like(operand, wanted=operator == "like")
    return _compare(operator, operand)


def _like(pattern: str, *, wanted: bool) -> Accepts:
    expression = "".join({"%": ".*", "_": "."}.get(sign) or re.escape(sign) for sign in pattern)
    search = re.compile(expression, re.DOTALL | re.IGNORECASE).fullmatch

    def accepts(value: Any) -> bool:
        return (value is not None and search(comparable(value)) is not None) is wanted

    return accepts


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda value, limit: value < limit,
    "le": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "ge": lambda value, limit: value >= limit,
}


def _compare(operator: str, operand: Any) -> Accepts:
    order = _ORDERS[operator]
    if isinstance(operand, str):
        return lambda value: value is not None and order(comparable(value), operand)
    limit = Decimal(str(operand)) if not isinstance(operand, bool) else Decimal(int(operand))

    def accepts(value: Any) -> bool:
        if value is None:
            return False
        try:
            number = Decimal(comparable(value))
            return order(number, limit)
        except InvalidOperation:
            return False

    return accepts

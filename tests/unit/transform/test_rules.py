"""Rules: which rows they catch, what becomes of them, and what their operators mean."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from migrator.model.outcome import Bucket
from migrator.model.record import SourceRow
from migrator.model.source import Test
from migrator.ports import Decided, Transformed
from migrator.transform.conditions import compile_test
from migrator.transform.vocabulary import RULE_OPERATORS

FIELDS = "headline: {constant: a}\nstatus: {constant: draft}"
SIDES = "sides: {note: {table: n, on: {id: id}}, tags: {table: t, on: {id: id}, many: true}}\n"


def row(values: dict[str, Any], **sides: list[dict[str, Any]]) -> SourceRow:
    return SourceRow("bao:article:1", (1,), values, sides)


@pytest.mark.parametrize(
    ("operator", "operand", "passing", "failing"),
    [
        ("in", (4, "x"), [4, "4", Decimal("4.00"), b"4", "x", 4.0], [None, "", 5, "X", Decimal("4.5")]),
        ("in", (True,), [1, True, "1"], [0, False, None]),
        ("not_in", (4,), [None, 5, ""], [4, "4"]),
        ("like", "%lũ\nlụt_", ["Mưa lũ\nlụt!", "MƯA LŨ\nLỤT."], [None, "lũ\nlụt", "xlũ lụt!"]),
        ("like", "a.b", ["a.b"], ["axb"]),
        ("not_like", "a%", ["b", None], ["abc"]),
        ("lt", 3, [2, "2", Decimal("2.5"), -1], [3, None, "x", "", "NaN"]),
        ("le", 3, [3, "3.0"], [4, None]),
        ("gt", 3, [3.5, "10"], [3, None, "x"]),
        ("ge", "2020-01-01", ["2020-01-01", datetime(2021, 5, 1)], ["2019-12-31", None]),
        ("ge", True, [1, 2], [0, None]),
        ("empty", True, [None, ""], [" ", 0, False]),
        ("empty", False, [" ", 0, False], [None, ""]),
        ("matches", re.compile(r"^\d+$"), ["12", 12], [None, "a1", ""]),
    ],
)
def test_an_operator_passes_and_fails(operator: str, operand: Any, passing: list[Any], failing: list[Any]) -> None:
    accepts = compile_test(operator, operand)
    assert [value for value in passing if not accepts(value)] == []
    assert [value for value in failing if accepts(value)] == []


def test_every_operator_of_rules_is_tested_above() -> None:
    marks = test_an_operator_passes_and_fails.pytestmark
    assert {case[0] for case in marks[0].args[1]} | {"missing"} == set(RULE_OPERATORS)


def test_the_first_rule_that_matches_decides(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        FIELDS,
        "rules:\n"
        "  - {name: blank, when: {status: 4, title: {empty: true}}, then: drop, reason: draft without text}\n"
        "  - {name: hidden, when: {status: [4, 5]}, then: withhold}\n"
        "  - {name: old, when: {year: {ge: 1990, lt: 2000}}, then: reject, reason: before the archive}\n",
    )
    assert mapping.transform(row({"status": 4, "title": "", "year": 1})) == Decided(
        Bucket.DROPPED, "blank", "article.yaml:5", "draft without text"
    )
    hidden = mapping.transform(row({"status": 4, "title": "a", "year": 1}))
    assert replace(hidden, record=None) == Decided(Bucket.WITHHELD, "hidden", "article.yaml:6", "hidden")
    assert hidden.record.fields["headline"] == "a", "what is withheld is kept for the vault"
    assert mapping.transform(row({"status": 1, "title": "", "year": "1999"})).bucket is Bucket.REJECTED
    assert isinstance(mapping.transform(row({"status": 1, "title": "", "year": 2000})), Transformed)


@pytest.mark.parametrize(
    ("when", "caught", "passed"),
    [
        ("{note: {missing: true}}", [{}], [{"note": [{"text": None}]}]),
        ("{note: {missing: false}}", [{"note": [{"text": ""}]}], [{}, {"note": []}]),
        ("{note.text: {empty: false}}", [{"note": [{"text": "x"}]}], [{}, {"note": [{"text": ""}]}]),
        ("{note.text: {empty: true}}", [{}, {"note": [{"text": ""}]}], [{"note": [{"text": "x"}]}]),
        ("{'tags[].tid': 7}", [{"tags": [{"tid": 3}, {"tid": 7}]}], [{}, {"tags": [{"tid": 3}]}]),
        ("{tags.tid: 7}", [{"tags": [{"tid": 7}, {"tid": 3}]}], [{"tags": [{"tid": 3}, {"tid": 7}]}]),
        ("{any: [{status: 2}, {note.text: x}]}", [{"note": [{"text": "x"}]}], [{}]),
        ("{status: 2, any: [{note.text: x}]}", [], [{"note": [{"text": "x"}]}]),
        ("{any: [{status: 1, note.text: x}, {tags: {missing: false}}]}", [{"tags": [{"tid": 1}]}], [{}]),
    ],
)
def test_conditions_on_sides_and_alternatives(
    compiled: Callable[..., Any], when: str, caught: list[Any], passed: list[Any]
) -> None:
    mapping = compiled(FIELDS, SIDES + f"rules:\n  - {{name: r, when: {when}, then: drop}}")
    assert all(isinstance(mapping.transform(row({"status": 1}, **sides)), Decided) for sides in caught)
    assert all(isinstance(mapping.transform(row({"status": 1}, **sides)), Transformed) for sides in passed)


def test_a_rule_that_stumbles_keeps_the_row_out(compiled: Callable[..., Any]) -> None:
    mapping = compiled(FIELDS, "rules:\n  - {name: r, when: {gone: 1}, then: drop}")
    decided = mapping.transform(row({}))
    assert (decided.bucket, decided.reason, decided.rule) == (Bucket.REJECTED, "step-failed", "article.yaml:5")
    assert [note.code for note in decided.notes] == ["step-failed"]


def test_where_is_left_to_the_database(compiled: Callable[..., Any]) -> None:
    mapping = compiled(FIELDS, "where: {type: post, status: [1, 4], year: {ge: 1990, lt: 2000}, title: {empty: false}}")
    assert mapping.selection.where == (
        Test("type", "in", ("post",)),
        Test("status", "in", (1, 4)),
        Test("year", "ge", 1990),
        Test("year", "lt", 2000),
        Test("title", "empty", False),
    )

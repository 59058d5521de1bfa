"""The preview shows what transform does, move by move."""

from collections.abc import Callable
from typing import Any

from migrator.model.record import SourceRow
from migrator.ports import Decided, Led, Transformed
from migrator.transform.preview import Change, preview

FIELDS = """headline: {from: title, steps: [unescape, squeeze]}
status: {constant: draft}
body_html: {from: body, steps: [clean_html], part: html}
word_count: {same: body_html, part: words}
byline: {same: headline}
section: {from: cat, to: section}
"""
RULES = "rules:\n  - {name: a, when: {cat: 9}, then: drop}\n  - {name: b, when: {cat: 8}, then: withhold}"


def row(**values: Any) -> SourceRow:
    return SourceRow("bao:article:1", (1,), {"title": " A &amp;  B", "body": "<p>x y</p>", "cat": 3, **values})


def test_every_step_is_shown_with_the_value_before_and_after(compiled: Callable[..., Any]) -> None:
    mapping = compiled(FIELDS, RULES)
    traces = preview(mapping, row())
    assert [(trace.kind, trace.name, trace.value) for trace in traces[:2]] == [
        ("rule", "a", False),
        ("rule", "b", False),
    ]
    by_name = {trace.name: trace for trace in traces}
    headline = by_name["headline"]
    assert headline.changes == (
        Change("unescape", " A &amp;  B", " A &  B"),
        Change("squeeze", " A &  B", "A & B"),
        Change("text", "A & B", "A & B"),
    )
    assert (headline.place, [note.code for note in headline.notes]) == ("article.yaml:8", ["entities"])
    assert by_name["word_count"].value == 2
    assert by_name["section"].changes[0] == Change("to section", 3, "bao:section:3")
    assert traces[-1].kind == "record"
    assert traces[-1].decision == mapping.transform(row())


def test_the_preview_agrees_with_the_record(compiled: Callable[..., Any]) -> None:
    traces = preview(compiled(FIELDS), row())
    outcome = traces[-1].decision
    assert isinstance(outcome, Transformed)
    shown = {trace.name: trace.value for trace in traces if trace.kind == "field"}
    assert shown == {name: outcome.record.fields[name] for name in shown}


def test_the_rule_that_decides_is_the_last_one_shown(compiled: Callable[..., Any]) -> None:
    traces = preview(compiled(FIELDS, RULES), row(cat=9))
    rules = [trace for trace in traces if trace.kind == "rule"]
    assert [(trace.name, trace.value) for trace in rules] == [("a", True)]
    assert isinstance(rules[0].decision, Decided)
    assert traces[-1].decision == rules[0].decision


def test_a_rule_that_leads_elsewhere_is_shown(compiled: Callable[..., Any]) -> None:
    rules = RULES + "\n  - {name: c, when: {cat: 7}, then: merge, into: {from: twin, to: article}}"
    traces = preview(compiled(FIELDS, rules), row(cat=7, twin=5))
    led = Led("bao:article:5", "c", "article.yaml:7", "c")
    assert [(trace.name, trace.value, trace.decision) for trace in traces[:3]] == [
        ("a", False, None),
        ("b", False, None),
        ("c", True, led),
    ]
    assert traces[-1].decision == led
    assert {trace.name: trace.value for trace in traces}["headline"] == "A & B", "the fields are shown all the same"


def test_a_step_that_fails_is_shown_up_to_the_failure_and_the_other_fields_too(compiled: Callable[..., Any]) -> None:
    traces = {trace.name: trace for trace in preview(compiled(FIELDS), row(title={"x": 1}))}
    decision = traces["headline"].decision
    assert isinstance(decision, Decided)
    assert (decision.reason, traces["headline"].changes) == ("step-failed", ())
    assert traces["section"].value == "bao:section:3"

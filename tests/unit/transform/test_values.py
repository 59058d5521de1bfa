"""Values by case: conditions, picks, objects, and the notes they leave."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from migrator.model.outcome import Note
from migrator.model.record import SourceRow
from migrator.ports import Decided, Transformed

BASE = "headline: {from: title}\nstatus: {constant: draft}\n"
SIDES = (
    "sides:\n"
    "  print: {table: bai_viet, on: {id: id}}\n"
    "  images: {table: images, on: {id: id}, many: true, order: [n]}\n"
)


def result(mapping: Any, sides: dict[str, Any] | None = None, **values: Any) -> Any:
    return mapping.transform(SourceRow("bao:article:1", (1,), {"title": "Tin", **values}, sides or {}))


def field(mapping: Any, name: str, sides: dict[str, Any] | None = None, **values: Any) -> Any:
    found = result(mapping, sides, **values)
    assert isinstance(found, Transformed), found
    return found.record.fields[name]


@pytest.mark.parametrize(
    ("line", "values", "expected"),
    [
        ("byline: {from: a, when: {kind: 1}}", {"a": "x", "kind": 1}, "x"),
        ("byline: {from: a, when: {kind: 1}}", {"a": "x", "kind": 2}, None),
        ("byline: {from: a, when: {kind: 1}, default: Ban biên tập}", {"a": "x", "kind": 2}, "Ban biên tập"),
        ("byline: {from: a, when: {not: {kind: [1, 2]}}}", {"a": "x", "kind": 3}, "x"),
        ("byline: {from: a, when: {not: {kind: [1, 2]}}}", {"a": "x", "kind": 2}, None),
        ("byline: {choose: [{when: {kind: 1}, from: a}, {from: b}]}", {"a": "x", "b": "y", "kind": 1}, "x"),
        ("byline: {choose: [{when: {kind: 1}, from: a}, b]}", {"a": "x", "b": "y", "kind": 2}, "y"),
        ("byline: {choose: [{when: {kind: 1}, from: a}, b]}", {"a": None, "b": "y", "kind": 1}, None),
        ("byline: {choose: [{when: {kind: 1}, from: a}]}", {"a": "x", "kind": 2}, None),
        ("byline: {first: [a, b, {constant: c}]}", {"a": " ", "b": "y"}, "y"),
        ("byline: {first: [a, b, {constant: c}]}", {"a": "", "b": None}, "c"),
        ("byline: {first: [{from: a, steps: [{split: ','}, first]}, b]}", {"a": "", "b": "y"}, "y"),
        ("byline: {first: [a, {longest: [b, c]}], steps: [trim]}", {"a": None, "b": "y", "c": " zz "}, "zz"),
        ("byline: {longest: [a, b]}", {"a": "x", "b": "y"}, "x"),
        ("byline: {longest: [a, b]}", {"a": None, "b": None}, None),
        ("tags: {choose: [{when: {kind: 1}, from: a, steps: [{split: ','}]}, b], to: tag}", {"a": "1,2", "kind": 1, "b": 3},
         ("bao:tag:1", "bao:tag:2")),
    ],
)  # fmt: skip
def test_a_value_by_case(compiled: Callable[..., Any], line: str, values: dict[str, Any], expected: Any) -> None:
    assert field(compiled(BASE + line), line.split(":")[0], **values) == expected


NEWEST = (
    "standfirst: {newest: [{from: hometext, at: {from: edited, steps: [unix_time]}}, "
    "{from: print.sapo, steps: [trim], at: {from: print.sua, steps: [local_time]}}]}"
)


@pytest.mark.parametrize(
    ("pick", "edited", "sapo", "expected", "noted"),
    [
        ("newest", 1577836800, "in báo", "in báo", "print.sapo, not hometext"),
        ("newest", 1672531200, "in báo", "trên mạng", "hometext, not print.sapo"),
        ("oldest", 1577836800, "in báo", "trên mạng", "hometext, not print.sapo"),
        ("oldest", 1672531200, "in báo", "in báo", "print.sapo, not hometext"),
        ("newest", 0, "in báo", "in báo", "print.sapo, not hometext"),
        ("oldest", 0, "in báo", "in báo", "print.sapo, not hometext"),
        ("newest", 1577836800, " trên mạng ", "trên mạng", None),
        ("newest", 1577836800, "  ", "trên mạng", None),
    ],
)
def test_the_survivor_by_age_is_noted_where_something_is_passed_over(
    compiled: Callable[..., Any], pick: str, edited: int, sapo: str, expected: str, noted: str | None
) -> None:
    mapping = compiled(BASE + NEWEST.replace("newest", pick), SIDES)
    row = {"print": [{"sapo": sapo, "sua": "2021-01-01 00:00:00"}]}
    found = result(mapping, row, hometext="trên mạng", edited=edited)
    assert found.record.fields["standfirst"] == expected
    assert found.notes == ((Note("survivor", "standfirst", noted),) if noted else ())


def test_a_pick_by_age_of_moments_compares_the_values_themselves(compiled: Callable[..., Any]) -> None:
    line = "published_at: {oldest: [{from: a, steps: [unix_time]}, {from: b, steps: [unix_time]}]}"
    assert field(compiled(BASE + line), "published_at", a=1700000000, b=1600000000) == datetime(
        2020, 9, 13, 12, 26, 40, tzinfo=UTC
    )


def test_a_value_that_is_its_own_moment_is_made_and_noted_once(compiled: Callable[..., Any]) -> None:
    line = "published_at: {oldest: [{from: a, steps: [date]}, {from: b, steps: [date]}]}"
    found = result(compiled(BASE + line), a="20/06/24", b="2024-06-21")
    assert found.record.fields["published_at"] == datetime(2024, 6, 19, 17, tzinfo=UTC)
    assert [(note.code, note.detail) for note in found.notes] == [
        ("two-digit-year", "'20/06/24' was read as 2024"),
        ("survivor", "a, not b"),
    ]


def test_an_age_that_is_no_moment_rejects_the_row(compiled: Callable[..., Any]) -> None:
    line = "standfirst: {newest: [{from: a, at: c}, {from: b, at: d}]}"
    found = result(compiled(BASE + line), a="x", b="y", c="2020-01-01", d=Decimal("5.5"))
    assert isinstance(found, Decided)
    assert (found.reason, found.rule) == ("wrong-type", "article.yaml:8")
    assert "an instant is needed, not str '2020-01-01'" in found.detail


def test_the_longest_survives_and_the_others_are_named(compiled: Callable[..., Any]) -> None:
    mapping = compiled(BASE + "standfirst: {longest: [a, print.sapo, {from: c, steps: [trim]}]}", SIDES)
    found = result(mapping, {"print": [{"sapo": "dài hơn"}]}, a="dài", c=" dài hơn ")
    assert found.record.fields["standfirst"] == "dài hơn"
    assert found.notes == (Note("survivor", "standfirst", "print.sapo, not a"),)


def test_a_pick_may_take_over_another_field(compiled: Callable[..., Any]) -> None:
    line = "standfirst: {first: [hometext, {same: body_text, steps: [{split: '.'}, first]}]}\n"
    mapping = compiled(BASE + line + "body_text: {from: body, steps: [squeeze]}")
    assert field(mapping, "standfirst", hometext="", body=" Câu  đầu. Câu sau.") == "Câu đầu"


def test_an_object_is_json_text_without_its_empty_members(compiled: Callable[..., Any]) -> None:
    line = (
        "source_credit: {object: {caption: {from: a, steps: [squeeze]}, credit: b, "
        "at: {from: c, steps: [unix_time]}, size: d, seen: {constant: true}}}"
    )
    mapping = compiled(BASE + line)
    values: dict[str, Any] = {"a": " Lũ  lụt ", "b": None, "c": 1700000000, "d": Decimal("1.5")}
    assert field(mapping, "source_credit", **values) == (
        '{"caption":"Lũ lụt","at":"2023-11-14T22:13:20Z","size":"1.5","seen":true}'
    )


def test_an_object_of_nothing_is_null(compiled: Callable[..., Any]) -> None:
    mapping = compiled(BASE + "source_credit: {object: {caption: a}, default: không có}")
    assert field(mapping, "source_credit", a=None) == "không có"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("synonyms", ('{"src":"a.jpg","alt":"Lũ"}', '{"src":"b.jpg"}')),
        ("description", '[{"src":"a.jpg","alt":"Lũ"},{"src":"b.jpg"}]'),
    ],
)
def test_every_row_of_a_side_gives_an_object(project: Any, name: str, expected: Any) -> None:
    text = "entity: tag\ntable: t\nkey: id\n" + SIDES
    text += (
        f"fields:\n  name: {{from: title}}\n  {name}: {{object: {{src: images.file, alt: images.alt}}, of: images}}\n"
    )
    project.write({"tag.yaml": text})
    rows = [{"file": "a.jpg", "alt": "Lũ"}, {"file": None, "alt": None}, {"file": "b.jpg", "alt": None}]
    assert field(project.compile("tag"), name, {"images": rows}) == expected


def test_what_is_noted_inside_an_object_is_noted_on_its_field(compiled: Callable[..., Any]) -> None:
    line = "source_credit: {object: {alt: {from: images.alt, steps: [unescape]}}, of: images}"
    found = result(compiled(BASE + line, SIDES), {"images": [{"alt": "A &amp; B"}]})
    assert found.record.fields["source_credit"] == '[{"alt":"A & B"}]'
    assert [(note.code, note.field) for note in found.notes] == [("entities", "source_credit")]


def test_json_that_a_step_found_is_no_object(compiled: Callable[..., Any]) -> None:
    found = result(compiled(BASE + "source_credit: {from: a, steps: [{json_get: b}]}"), a='{"b": {"c": 1}}')
    assert isinstance(found, Decided)
    assert found.reason == "wrong-type"

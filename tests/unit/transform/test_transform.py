"""From a row to a record: kinds, references, merging, and every way a row can be refused."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from migrator.errors import ConfigurationError
from migrator.model.content import ARTICLE
from migrator.model.outcome import Bucket, Note
from migrator.model.record import SourceRow, digest, record_key
from migrator.model.source import Partition, Side
from migrator.ports import Decided, EntityMapping, Led, Transformed
from migrator.transform.compile import compile_mapping

BASE = "headline: {from: title}\nstatus: {constant: draft}\n"


def transform(
    mapping: EntityMapping, values: dict[str, Any], **sides: list[dict[str, Any]]
) -> Transformed | Decided | Led:
    return mapping.transform(SourceRow("bao:article:1", (1,), {"title": "Tin", **values}, sides))


def fields(mapping: EntityMapping, values: dict[str, Any], **sides: list[dict[str, Any]]) -> Any:
    result = transform(mapping, values, **sides)
    assert isinstance(result, Transformed), result
    return result.record.fields


def test_a_record_has_every_field_of_its_entity_in_order(compiled: Callable[..., Any]) -> None:
    result = transform(compiled(BASE), {})
    assert isinstance(result, Transformed)
    assert (result.record.key, result.record.entity) == ("bao:article:1", "article")
    assert list(result.record.fields) == [field.name for field in ARTICLE.fields]
    assert {result.record.fields[name] for name in ("tags", "sections", "authors")} == {()}
    assert (result.merge_digest, result.notes, dict(result.missing)) == (None, (), {})


def test_one_pipeline_fills_several_fields(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        BASE
        + "word_count: {same: body_html, part: words}\n"
        + "body_text: {same: body_html, part: text, steps: [trim]}\n"
        + "body_html: {from: body, steps: [clean_html], part: html}\n"
        + "standfirst: {same: body_text}"
    )
    record = fields(mapping, {"body": "<p>Giá xăng</p><script>x()</script>"})
    assert (record["body_html"], record["body_text"], record["word_count"]) == ("<p>Giá xăng</p>", "Giá xăng", 2)
    assert record["standfirst"] == "Giá xăng"
    result = transform(mapping, {"body": "<p>Giá xăng</p><script>x()</script>"})
    assert [note.field for note in result.notes] == ["body_html"], "cleaned, and noted, once"
    assert fields(mapping, {"body": None})["word_count"] is None


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [
        ("byline: {from: x}", 12, "12"),
        ("byline: {from: x}", Decimal("1.50"), "1.50"),
        ("byline: {from: x, default: Ban biên tập}", None, "Ban biên tập"),
        ("word_count: {from: x}", 7, 7),
        ("word_count: {from: x, default: 0}", None, 0),
        ("is_locked: {from: x}", True, True),
        ("published_at: {from: x}", datetime(2020, 1, 1, 7, tzinfo=timezone(timedelta(hours=7))), "utc"),
        ("section: {from: x, to: section, none: [0, '']}", 3, "bao:section:3"),
        ("section: {from: x, to: section, none: [0, '']}", "0", None),
        ("section: {from: x, to: section, none: [0, '']}", "", None),
        ("section: {from: x, to: section}", "a|b:c", record_key("bao", "section", "a|b:c")),
        ("lead_asset: {from: x, to: asset}", "lũ lụt.jpg", record_key("bao", "asset", "lũ lụt.jpg")),
        ("section: {from: x, steps: [{format: 'web:section:{0}'}], to: section, whole: true}", 3, "web:section:3"),
        ("section: {from: [x, x], to: section, compound: true}", 3, record_key("bao", "section", [3, 3])),
        ("section: {from: [x, x], to: section, compound: true, none: [0]}", 0, None),
        ("section: {from: x, to: section, source: web, none: [0]}", 3, "web:section:3"),
        ("section: {from: x, to: section, source: web, none: [0]}", "0", None),
        ("tags: {from: x, to: tag}", None, ()),
        ("tags: {from: x, to: tag}", "e\u0301", ("bao:tag:e\u0301",)),
        ("tags: {from: x, to: tag}", 5, ("bao:tag:5",)),
        ("tags: {from: x, steps: [{split: ','}], to: tag, none: [0]}", "3, 0,5", ("bao:tag:3", "bao:tag:5")),
    ],
)
def test_a_value_becomes_what_its_field_holds(
    compiled: Callable[..., Any], line: str, value: Any, expected: Any
) -> None:
    name = line.split(":")[0]
    wanted = datetime(2020, 1, 1, tzinfo=UTC) if expected == "utc" else expected
    assert fields(compiled(BASE + line), {"x": value})[name] == wanted


@pytest.mark.parametrize(
    ("line", "value", "reason", "detail"),
    [
        ("byline: {from: x}", "a\0b", "bad-text", "byline: holds a NUL character"),
        ("byline: {from: x}", "a\ud800", "bad-text", "byline: lone surrogate at character 1"),
        ("byline: {from: x}", "e\u0301", "bad-text", "byline: is not in Unicode form NFC; add the step nfc"),
        ("byline: {from: x}", "a" * 1001, "too-long", "byline: 1001 characters, at most 1000"),
        ("genre: {from: x}", "poll", "unknown-value", "genre: 'poll' is none of article, page"),
        ("byline: {from: x}", 1.5, "wrong-type", "byline: a text is needed, not float '1.5'"),
        ("word_count: {from: x}", "7", "wrong-type", "word_count: a whole number is needed, not str '7'"),
        ("is_locked: {from: x}", 1, "wrong-type", "is_locked: true or false is needed, not int '1'"),
        ("published_at: {from: x}", datetime(2020, 1, 1), "wrong-type", "an instant is needed, not datetime"),
        ("published_at: {from: x, steps: [unix_time]}", -5, "bad-date", "published_at: -5 s is not between"),
        ("tags: {from: x, to: tag}", "e\ud800", "bad-text", "tags: lone surrogate at character"),
        ("section: {from: x, to: section}", "e\ud800", "bad-text", "section: lone surrogate at character"),
        ("byline: {from: x, steps: [{part: year}]}", 5, "step-failed", "byline: AttributeError: 'int' object"),
        ("byline: {from: y}", 5, "step-failed", "byline: KeyError: 'y'"),
    ],
)
def test_a_value_that_cannot_be_carried_over_rejects_the_row(
    compiled: Callable[..., Any], line: str, value: Any, reason: str, detail: str
) -> None:
    result = transform(compiled(BASE + line), {"x": value})
    assert isinstance(result, Decided)
    assert (result.bucket, result.reason, result.rule) == (Bucket.REJECTED, reason, "article.yaml:8")
    assert detail in result.detail


@pytest.mark.parametrize("title", [None, ""])
def test_a_required_field_without_a_value_rejects_the_row(compiled: Callable[..., Any], title: str | None) -> None:
    result = transform(compiled(BASE), {"title": title})
    assert isinstance(result, Decided)
    assert (result.reason, result.rule) == ("missing-headline", "article.yaml:6")


@pytest.mark.parametrize(
    ("entity", "name", "expected"),
    [("tag", "synonyms", ("lũ", "0")), ("gallery", "captions", ("lũ", "", "", "0"))],
)
def test_an_empty_entry_counts_only_where_it_has_a_meaning(
    project: Any, entity: str, name: str, expected: tuple[str, ...]
) -> None:
    title = "name" if entity == "tag" else "title"
    text = f"entity: {entity}\ntable: t\nkey: id\nsides: {{s: {{table: s, on: {{id: id}}, many: true}}}}\n"
    project.write({f"{entity}.yaml": f'{text}fields: {{{title}: {{from: title}}, {name}: {{from: "s[].c"}}}}\n'})
    sides: list[dict[str, Any]] = [{"c": "lũ"}, {"c": None}, {"c": ""}, {"c": 0}]
    assert fields(project.compile(entity), {}, s=sides)[name] == expected


def test_an_error_in_a_step_is_noted_with_its_field(compiled: Callable[..., Any]) -> None:
    result = transform(compiled(BASE + "byline: {from: x, steps: [trim]}"), {"x": {"a": 1}})
    text = "TypeError: a single value is expected, not dict"
    assert result.notes == (Note("step-failed", "byline", text),)


def test_what_is_missing_at_the_target_has_a_policy_for_each_reference(compiled: Callable[..., Any]) -> None:
    mapping = compiled(BASE + "section: {from: a, to: section}\ntags: {from: b, to: tag, missing: drop}")
    result = transform(mapping, {"a": 1, "b": 2})
    assert isinstance(result, Transformed)
    assert dict(result.missing) == {"section": "reject", "tags": "drop"}


def test_a_repeated_reference_is_kept_once_and_noted(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        BASE + 'tags: {from: "tags[].tid", to: tag}', "sides: {tags: {table: t, on: {id: id}, many: true}}"
    )
    result = transform(mapping, {}, tags=[{"tid": 1}, {"tid": 2}, {"tid": 1}])
    assert isinstance(result, Transformed)
    assert result.record.fields["tags"] == ("bao:tag:1", "bao:tag:2")
    assert result.notes == (Note("repeated-reference", "tags", "1 of 3"),)


def test_equal_records_have_equal_merge_digests_and_empty_ones_none(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        BASE + "standfirst: {from: a, steps: [trim]}\nbyline: {from: b}", "merge: {on: [standfirst, byline]}"
    )

    def merge_digest(a: str | None, b: str | None) -> bytes | None:
        result = transform(mapping, {"a": a, "b": b})
        assert isinstance(result, Transformed)
        return result.merge_digest

    assert merge_digest(" x", "y") == merge_digest("x ", "y") == digest(["x", "y"])
    assert len({merge_digest("x", "y"), merge_digest("xy", ""), merge_digest("xy", None), merge_digest("", "xy")}) == 4
    assert merge_digest("", None) is None


def test_the_selection_has_the_sides_as_declared(compiled: Callable[..., Any]) -> None:
    sides = (
        "sides:\n"
        "  body: {table: 'b_{n}', partition: {column: id, size: 2000}, on: {id: id}}\n"
        "  tags: {sql: SELECT 1, on: {a: id, l: lang}, many: true, order: [tid], where: {x: 1}}\n"
    )
    selection = compiled(BASE, sides).selection
    assert (selection.source, selection.entity, selection.table, selection.key) == ("bao", "article", "rows", ("id",))
    assert selection.sides[0] == Side("body", (("id", "id"),), table="b_{n}", partition=Partition("id", 2000))
    assert (selection.sides[1].sql, selection.sides[1].on) == ("SELECT 1", (("a", "id"), ("l", "lang")))
    assert selection.sides[1].many


def test_the_fingerprint_changes_with_what_decides_and_with_nothing_else(compiled: Callable[..., Any]) -> None:
    line = "genre: {from: x, steps: [{crosswalk: genre}]}"
    first = compiled(BASE + line, genre="a,b\nx,page\n").fingerprint
    assert len(first) == 32
    assert compiled(BASE + "# a comment\n" + line, genre="a,b\nx,page\n").fingerprint == first
    assert compiled(BASE + line, genre="a,b\nx,article\n").fingerprint != first
    assert compiled(BASE + line.replace("from: x", "from: y"), genre="a,b\nx,page\n").fingerprint != first


def test_the_fingerprint_is_the_same_in_another_process(project: Any, tmp_path: Path) -> None:
    text = f"entity: article\ntable: rows\nkey: id\nfields:\n  {BASE.strip().replace(chr(10), chr(10) + '  ')}\n"
    project.write({"article.yaml": text})
    script = (
        "import sys; from pathlib import Path; from migrator.transform.syntax import read_mappings;"
        "from migrator.transform.compile import compile_mapping; folder = Path(sys.argv[1]);"
        "print(compile_mapping(read_mappings([folder], folder, 'bao', {}, None)[0]['article']).fingerprint.hex())"
    )
    command = [sys.executable, "-c", script, str(project.folder)]
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    prints = {subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout for env in seeds}
    assert prints == {project.compile().fingerprint.hex() + "\n"}


def test_a_declaration_with_faults_is_not_compiled(project: Any) -> None:
    project.write(
        {"article.yaml": "entity: article\ntable: rows\nkey: id\nfields: {headline: {from: a, steps: [x]}}\n"}
    )
    with pytest.raises(ConfigurationError) as error:
        compile_mapping(project.read()[0]["article"])
    assert [fault.line for fault in error.value.faults] == [4]

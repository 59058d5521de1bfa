"""The JSON Schema accepts what the parser accepts, and rejects what an editor can underline."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from migrator.model.content import ENTITIES
from migrator.transform.arguments import TYPES
from migrator.transform.registry import verbs
from migrator.transform.schema import ARGUMENTS, SHAPES, json_schema
from migrator.transform.vocabulary import (
    ALTERNATIVE_KEYS,
    ENTITY_KEYS,
    FIELD_KEYS,
    INTO_KEYS,
    MERGE_KEYS,
    PARTITION_KEYS,
    PIVOT_KEYS,
    RULE_KEYS,
    SIDE_KEYS,
)

KEYS = (
    ENTITY_KEYS,
    SIDE_KEYS,
    PARTITION_KEYS,
    PIVOT_KEYS,
    RULE_KEYS,
    INTO_KEYS,
    MERGE_KEYS,
    FIELD_KEYS,
    ALTERNATIVE_KEYS,
)

GOOD = r"""
extends: nv/article
entity: article
sql: SELECT 1
key: [id, lang]
where: {type: post, status: [1, 4], year: {ge: 1990}, old: null}
sides:
  body: {table: "b_{n}", partition: {column: id, size: 2000}, "on": {id: id}}
  tags: {table: t, "on": {id: id}, many: true, order: [tid], where: {x: 1}}
  meta: {table: m, "on": {post_id: id}, pivot: {key: k, value: v}}
  twin: {source: evidence, table: twin, "on": {a: body.b}}
rules:
  - {name: t, when: {not: {x: 1}}, then: merge, into: {first: [a, {from: twin.w}], to: article, source: web}}
  - {name: a, when: {status: 4, title: {empty: true}, any: [{x: 1}, {side: {missing: true}}]}, then: drop, reason: b}
merge: {"on": [headline], name: duplicate}
fields:
  headline: {from: title, steps: [unescape, {split: ";"}, {crosswalk: {name: a, default: b}}, {nth: 1}]}
  status: {constant: draft, default: x}
  section: {from: [a, b], to: section, compound: true, missing: reject, none: [0, ""]}
  word_count: {same: body_html, part: words}
  body_html: {from: body, steps: [{clean_html: {links: {article: ["(?P<id>x)"]}, hosts: [a]}}], part: html}
  byline: null
  standfirst:
    newest: [a, {from: twin.sapo, steps: [nfc], at: {from: twin.d, steps: [unix_time]}}]
    when: {status: 1}
  source_credit: {choose: [{when: {x: 1}, from: a}, {constant: b}]}
  body_text: {object: {src: tags.x, caption: {longest: [tags.a, tags.b]}}, of: tags}
"""


def errors(text: str) -> list[Any]:
    return list(Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(text)))


def test_the_schema_is_one_and_a_good_file_passes() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("from: title", "form: title"),
        ("steps: [unescape,", "steps: [unescap,"),
        ("{nth: 1}", "{nth: one}"),
        ("{nth: 1}", "nth"),
        ("then: drop", "then: discard"),
        ("headline: {", "headlin: {"),
        ("to: section", "to: sektion"),
        ("missing: reject", "missing: keep"),
        ("many: true", "many: often"),
        ("{ge: 1990}", "{more: 1990}"),
        ("{ge: 1990}", "{matches: x}"),
        ("size: 2000", "size: big"),
        ("entity: article", "entity: artcle"),
        ("name: a, when", "when"),
        ('(?P<id>x)"]}', 'x"]}, lnks: 3'),
        ("pivot: {key: k", "pivot: {kye: k"),
        ("to: article, source: web", "source: web"),
        ("{longest: [tags.a, tags.b]}", "{longest: tags.a}"),
        ("newest: [a,", "newest: [{form: a},"),
        ("at: {from:", "at: {form:"),
    ],
)
def test_a_mistake_is_rejected(right: str, wrong: str) -> None:
    assert right in GOOD
    assert errors(GOOD.replace(right, wrong, 1)) != []


def test_a_file_without_a_preset_must_say_what_it_reads() -> None:
    assert errors("entity: tag\ntable: t\nkey: id\nfields: {name: {from: a}}") == []
    assert errors("entity: tag\ntable: t") != []


def test_the_schema_knows_every_word() -> None:
    assert {shape for keys in KEYS for shape, _ in keys.values()} == SHAPES.keys()
    assert ARGUMENTS.keys() == TYPES.keys()


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_field_of_an_entity_may_be_written(entity: str) -> None:
    fields = {field.name: {"constant": "x"} for field in ENTITIES[entity].fields}
    assert errors(yaml.safe_dump({"entity": entity, "table": "t", "key": "id", "fields": fields})) == []


def test_the_examples_of_every_step_are_accepted() -> None:
    for verb in verbs().values():
        for written, _, _ in verb.examples:
            step = verb.name if written is None else {verb.name: written}
            mapping = {"entity": "tag", "extends": "nv/tag", "fields": {"name": {"steps": [step]}}}
            assert errors(yaml.safe_dump(mapping)) == [], step

"""Nothing that can be written in a mapping is missing from its documentation, and the examples there are right."""

import re
from pathlib import Path
from typing import Any

import pytest

from migrator.model.content import ENTITIES
from migrator.transform import vocabulary as words
from migrator.transform.compile import compile_mapping
from migrator.transform.registry import verbs
from tests.unit.transform.trial import OUTSIDE

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
KEYS = {
    *words.ENTITY_KEYS,
    *words.SIDE_KEYS,
    *words.PARTITION_KEYS,
    *words.PIVOT_KEYS,
    *words.ALTERNATIVE_KEYS,
    *words.RULE_KEYS,
    *words.MERGE_KEYS,
    *words.FIELD_KEYS,
    *words.RULE_OPERATORS,
    *words.VERDICTS,
    *words.POLICIES,
    "any",
    "not",
}
FRAGMENTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


PLUGINS = frozenset(
    {
        "array_build",
        "callback",
        "concat",
        "default_value",
        "download",
        "entity_exists",
        "explode",
        "extract",
        "file_copy",
        "flatten",
        "format_date",
        "get",
        "log",
        "machine_name",
        "make_unique_entity_field",
        "menu_link_parent",
        "migration_lookup",
        "null_coalesce",
        "route",
        "skip_on_empty",
        "skip_row_if_not_set",
        "static_map",
        "sub_process",
        "substr",
        "urlencode",
        "array_pop",
        "array_shift",
        "array_template",
        "default_entity_value",
        "dom",
        "dom_apply_styles",
        "dom_migration_lookup",
        "dom_remove",
        "dom_select",
        "dom_str_replace",
        "entity_generate",
        "entity_lookup",
        "entity_value",
        "file_blob",
        "gate",
        "merge",
        "multiple_values",
        "service",
        "single_value",
        "skip_on_value",
        "snippet",
        "str_replace",
        "transliteration",
        "transpose",
    }
)
"""General process plugins of Drupal's module migrate (core 11) and of Migrate Plus 6, by their ids."""

DEFAULTS = {
    "entity": "entity: article\n",
    "table": "table: t\n",
    "key": "key: id\n",
    "fields": "fields: {headline: {from: title}}\n",
}
PRESET = (
    DEFAULTS["entity"]
    + DEFAULTS["table"]
    + DEFAULTS["key"]
    + "fields: {byline: {from: author, steps: [nfc]}, headline: {from: title}, topic: {from: topicid, to: topic}}\n"
)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_word_is_explained(key: str) -> None:
    assert re.search(rf"[`{{ ]{key}[`:]", TEXT)


@pytest.mark.parametrize("example", FRAGMENTS)
def test_an_example_is_understood(example: str, project: Any) -> None:
    whole = bool(re.match(r"(entity|extends|sides|rules):", example))
    project.outside = OUTSIDE
    text = example if whole else "fields:\n" + "".join(f"  {line}\n" for line in example.splitlines())
    if "extends:" not in text:
        text += "".join(
            line
            for key, line in DEFAULTS.items()
            if not re.search(rf"^({'table|sql' if key == 'table' else key}):", text, re.MULTILINE)
        )
    crosswalk = "legacy,target\n1,published\n"
    entity = re.search(r"^entity: (\w+)", text, re.MULTILINE)
    assert entity
    project.write(
        {f"{entity[1]}.yaml": text, "presets/nukeviet/article.yaml": PRESET, "crosswalks/status.csv": crosswalk}
    )
    declarations, faults = project.read()
    assert faults == []
    assert compile_mapping(declarations[entity[1]]).entity == entity[1]


DRUPAL = TEXT[TEXT.index("## Coming from Drupal Migrate") :]
ROWS = re.findall(r"^\| (.+) \| (.+) \|$", DRUPAL, re.MULTILINE)
WORDS = (
    KEYS
    | verbs().keys()
    | {argument.name for verb in verbs().values() for argument in verb.arguments}
    | {entity.name for entity in ENTITIES.values()}
)


def test_every_process_plugin_of_drupal_has_an_answer() -> None:
    answered = {name for plugins, _ in ROWS for name in re.findall(r"`([a-z0-9_]+)`", plugins)}
    assert answered >= PLUGINS, sorted(PLUGINS - answered)


@pytest.mark.parametrize(("plugins", "answer"), [row for row in ROWS if "`" in row[0]])
def test_an_answer_names_only_what_there_is_or_says_why_not(plugins: str, answer: str) -> None:
    named = [word for code in re.findall(r"`([^`]+)`", answer) for word in re.findall(r"^\{?([a-z][a-z0-9_]*)", code)]
    assert set(named) <= WORDS | {"path", "slug"}, plugins
    assert named or answer.startswith(("no: ", "not needed: ")), plugins

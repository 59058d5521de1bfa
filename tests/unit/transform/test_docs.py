"""Nothing that can be written in a mapping is missing from its documentation, and the examples there are right."""

import re
from pathlib import Path
from typing import Any

import pytest

from migrator.transform import vocabulary as words
from migrator.transform.compile import compile_mapping

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
KEYS = {
    *words.ENTITY_KEYS,
    *words.SIDE_KEYS,
    *words.PARTITION_KEYS,
    *words.RULE_KEYS,
    *words.MERGE_KEYS,
    *words.FIELD_KEYS,
    *words.RULE_OPERATORS,
    *words.VERDICTS,
    *words.POLICIES,
    "any",
}
FRAGMENTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


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
    text = example if whole else "fields:\n" + "".join(f"  {line}\n" for line in example.splitlines())
    if "extends:" not in text:
        text += "".join(line for key, line in DEFAULTS.items() if not re.search(rf"^{key}:", text, re.MULTILINE))
    crosswalk = "legacy,target\n1,published\n"
    project.write({"article.yaml": text, "presets/nukeviet/article.yaml": PRESET, "crosswalks/status.csv": crosswalk})
    declarations, faults = project.read()
    assert faults == []
    assert compile_mapping(declarations["article"]).entity == "article"

"""A project changes a preset: mappings merge, lists and values are replaced, null removes."""

from typing import Any

PRESET = """entity: tag
table: "{prefix}_tags"
key: tid
where: {tid: {gt: 0}}
fields:
  name: {from: keywords, steps: [nfc, squeeze]}
  slug: {from: alias, steps: [trim]}
  description: {constant: "{lang}"}
"""


def fields(project: Any, text: str) -> Any:
    project.write({"presets/nv/tag.yaml": PRESET, "tag.yaml": text})
    declarations, faults = project.read()
    assert faults == []
    return declarations["tag"].resolved


def test_what_is_not_said_comes_from_the_preset(project: Any) -> None:
    resolved = fields(project, "extends: nv/tag\n")
    assert resolved["table"] == "nv4_tags"
    assert list(resolved["fields"]) == ["name", "slug", "description"]


def test_mappings_merge_and_lists_are_replaced(project: Any) -> None:
    resolved = fields(project, "extends: nv/tag\nkey: [tid, lang]\nfields: {name: {steps: [trim]}}\n")
    assert resolved["fields"]["name"] == {"from": "keywords", "steps": ["trim"]}
    assert resolved["key"] == ["tid", "lang"]


def test_null_removes(project: Any) -> None:
    resolved = fields(project, "extends: nv/tag\nwhere: ~\nfields: {slug: null, name: {steps: ~}}\n")
    assert "where" not in resolved
    assert resolved["fields"] == {"name": {"from": "keywords"}, "description": {"constant": "vi"}}


def test_another_kind_of_source_replaces_the_whole_field(project: Any) -> None:
    resolved = fields(project, "extends: nv/tag\nfields: {name: {constant: x}, slug: {from: keywords}}\n")
    assert resolved["fields"]["name"] == {"constant": "x"}
    assert resolved["fields"]["slug"] == {"from": "keywords", "steps": ["trim"]}


def test_a_query_replaces_the_table(project: Any) -> None:
    resolved = fields(project, "extends: nv/tag\nsql: SELECT 1\n")
    assert "table" not in resolved
    assert resolved["sql"] == "SELECT 1"


def test_presets_may_extend_presets(project: Any) -> None:
    project.write({"presets/old/tag.yaml": "extends: nv/tag\nfields: {slug: ~}\n"})
    resolved = fields(project, "extends: old/tag\nfields: {description: ~}\n")
    assert list(resolved["fields"]) == ["name"]


def test_a_fault_inherited_from_a_preset_is_reported_there(project: Any) -> None:
    preset = PRESET.replace("nfc, squeeze", "nfk, squeeze")
    project.write({"presets/nv/tag.yaml": preset, "tag.yaml": "extends: nv/tag\nfields: {slug: ~}\n"})
    assert project.faults() == ["presets/nv/tag.yaml:6: unknown step 'nfk' – did you mean 'nfc'?"]


def test_a_rejected_row_names_the_line_of_the_file_that_decided(project: Any) -> None:
    project.write({"presets/nv/tag.yaml": PRESET, "tag.yaml": "extends: nv/tag\nfields:\n  slug: {from: alias}\n"})
    declared = project.read()[0]["tag"].fields
    assert [str(declared[name].place) for name in ("name", "slug")] == ["nv/tag.yaml:6", "tag.yaml:3"]


def test_what_extends_cannot_mean_is_a_fault(project: Any) -> None:
    project.write(
        {
            "presets/nv/tag.yaml": PRESET,
            "presets/a/topic.yaml": "extends: b/topic",
            "presets/b/topic.yaml": "extends: a/topic",
            "tag.yaml": "extends: nv/tags",
            "topic.yaml": "extends: a/topic",
            "section.yaml": "extends: [nv]",
            "person.yaml": "extends: nv/tag\nentity: person\nfields: {biografy: }\n",
        }
    )
    assert [str(fault) for fault in project.read()[1]] == [
        f"{project.presets}/b/topic.yaml:1: `extends: a/topic` goes round in a circle",
        f"{project.folder}/person.yaml:3: 'biografy' has no value, and the preset has no 'biografy' to remove"
        " – write a value, or remove the line",
        f"{project.folder}/section.yaml:1: extends must be a text, not a list – write <preset>/<entity>",
        f"{project.folder}/tag.yaml:1: there is no preset 'nv/tags' – did you mean 'nv/tag'?",
    ]


def test_variables_fill_texts_and_leave_patterns_alone(project: Any) -> None:
    text = "extends: nv/tag\nfields: {slug: {steps: [{replace: '\\d{4}{{lang}}'}, {format: '{lang}/{0}'}]}}\n"
    steps = fields(project, text)["fields"]["slug"]["steps"]
    assert steps == [{"replace": "\\d{4}{{lang}}"}, {"format": "vi/{0}"}]


def test_yaml_reads_words_and_numbers_as_they_are_written(project: Any) -> None:
    text = "extends: nv/tag\nwhere: {tid: {in: [no, on, 007, 2020-01-01, 1.5, true, 12:30, 0x1F]}}\n"
    assert fields(project, text)["where"]["tid"]["in"] == ["no", "on", "007", "2020-01-01", 1.5, True, "12:30", "0x1F"]


def test_a_pick_replaces_a_column_and_members_of_an_object_merge(project: Any) -> None:
    project.write(
        {
            "presets/nv/article.yaml": (
                "entity: article\ntable: t\nkey: id\nfields:\n  headline: {from: title, steps: [nfc]}\n"
                "  status: {constant: draft}\n  source_credit: {object: {a: x, b: y}}\n"
            ),
            "article.yaml": (
                "extends: nv/article\nfields:\n  headline: {first: [title, alias]}\n"
                "  source_credit: {object: {b: z, c: w}}\n"
            ),
        }
    )
    fields = project.read()[0]["article"].fields
    assert (fields["headline"].value.pick, fields["headline"].steps) == ("first", ())
    assert {name: str(value.paths[0]) for name, value in fields["source_credit"].value.members.items()} == {
        "a": "x",
        "b": "z",
        "c": "w",
    }

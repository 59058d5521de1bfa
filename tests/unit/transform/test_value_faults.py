"""Mistakes in values by case: each at its line, with what would be right."""

from typing import Any

import pytest

GOOD = """entity: article
table: nv4_rows
key: id
sides:
  tags: {table: nv4_tags_id, on: {id: id}, many: true}
fields:
  headline: {from: title}
  status: {constant: draft}
  standfirst: {from: hometext}
  section: {from: catid, to: section, source: web}
"""
LINE = "  standfirst: {from: hometext}"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("{first: [hometext, titel]}", ["table 'nv4_rows' has no column 'titel' – did you mean 'title'?"]),
        ("{first: [hometext, {form: title}]}", ["unknown key 'form' in a value of 'first' – did you mean 'from'?"]),
        ("{first: hometext}", ["first must be a list, not the text 'hometext' – write first: [column, {from: …}]"]),
        ("{first: []}", ["first is an empty list"]),
        ("{first: [hometext, 5]}", ["a value of 'first' must be a mapping, not the number 5 – write `key: value` lines below it, "
                                    "indented"]),
        ("{first: [hometext, {from: title, constant: x}]}", ["a value of 'first' has both 'from' and 'constant' – keep one"]),
        ("{first: [hometext, {steps: [nfc]}]}", [
            "a value of 'first' does not say where its value comes from – add `from:`, `constant:` or `same:`"]),
        ("{first: [hometext], from: title}", ["field 'standfirst' has both 'from' and 'first' – keep one"]),
        ("{first: [hometext, {from: title, steps: [nfcc]}]}", ["unknown step 'nfcc' – did you mean 'nfc'?"]),
        ("{first: [hometext, {from: title, at: id}]}", [
            "a value of 'first': 'at' is for picks by age – remove it, or write `newest:` or `oldest:`"]),
        ("{first: [hometext, {from: listcatid, steps: [{split: ','}]}]}", [
            "'standfirst' takes one value, and this gives a list – add the step first, nth, coalesce, join or format"]),
        ("{first: [hometext, {from: publtime, steps: [unix_time]}]}", [
            "'standfirst' is of kind text, and its last step gives instant"]),
        ("{first: [hometext, {same: standfirst}]}", ["`same: standfirst` goes round in a circle – use `from:`"]),
        ("{first: [hometext, {same: hedline}]}", ["`same` names 'hedline', which is not filled – did you mean 'headline'?"]),
        ("{first: [{first: [{first: [{first: [{first: [{first: [hometext]}]}]}]}]}]}", ["values are nested more than 5 deep"]),
        ("{choose: [hometext, {when: {status: 1}, from: title}]}", [
            "a value of 'choose' without `when` ends the choice – put it last"]),
        ("{from: hometext, when: {}}", ["when is empty: the value would never be null"]),
        ("{from: hometext, when: {not: {}}}", ["when is empty: `not` would exclude every row"]),
        ("{from: hometext, when: {state: 1}}", ["table 'nv4_rows' has no column 'state' – did you mean 'status'?"]),
        ("{choose: [{when: {any: [{not: {state: 1}}, {status: 2}]}, from: title}]}", [
            "table 'nv4_rows' has no column 'state' – did you mean 'status'?"]),
        ("{newest: [{from: hometext, at: {from: alias, steps: [trim]}}, title]}", [
            "`at` gives text, not an instant – add the step unix_time, local_time or utc_time"]),
        ("{newest: [{from: hometext, at: 'tags[].tid'}]}", [
            "`at` gives a list, not an instant – add the step unix_time, local_time or utc_time"]),
        ("{from: hometext, of: tags}", ["field 'standfirst': 'of' is for objects – add `object: {…}`"]),
        ("{object: {}}", ["the object has no members"]),
        ("{object: {a: {from: titel}}}", ["table 'nv4_rows' has no column 'titel' – did you mean 'title'?"]),
        ("{object: [title]}", ["object must be a mapping, not a list – write {name: column}"]),
        ("{from: author, steps: [byline]}", [
            "the last step of 'standfirst' gives several parts – add `part: raw`, `part: names`, `part: contributions`, "
            "`part: writers`, `part: photographers` or `part: is_certain`"]),
        ("{from: author, steps: [byline], part: rwa}", ["there is no part 'rwa' – did you mean 'raw'?"]),
        ("{from: author, steps: [byline], part: names}", [
            "'standfirst' takes one value, and this gives a list – add the step first, nth, coalesce, join or format"]),
        ("{from: author, steps: [byline], part: is_certain}", [
            "'standfirst' is of kind text, and its last step gives boolean"]),
        ("{from: hometext, source: web}", ["field 'standfirst': 'source' is for references – add `to: <entity>`"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_value(project: Any, wrong: str, expected: list[str]) -> None:
    project.write({"article.yaml": GOOD})
    assert project.faults() == []
    project.write({"article.yaml": GOOD.replace(LINE, f"  standfirst: {wrong}")})
    assert project.faults() == [f"article.yaml:9: {message}" for message in expected]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("{constant: published, when: {status: 1}, default: drft}", "default does not fit 'status': 'drft' is none of"),
        (
            "{choose: [{when: {status: 1}, constant: publishd}, {constant: draft}]}",
            "constant does not fit 'status': 'publishd'",
        ),
    ],
)
def test_a_constant_inside_a_value_must_fit(project: Any, wrong: str, expected: str) -> None:
    project.write({"article.yaml": GOOD.replace("{constant: draft}", wrong)})
    (fault,) = project.faults()
    assert fault.startswith(f"article.yaml:8: {expected}")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("wob", "article.yaml:10: there is no source 'wob' – did you mean 'web'?"),
        (
            "evidence",
            "article.yaml:10: nothing is mapped to section in source 'evidence', where 'section' points – write section.yaml, "
            "or leave 'section' out",
        ),
    ],
)
def test_a_reference_into_another_source_needs_a_mapping_there(project: Any, source: str, expected: str) -> None:
    project.write({"article.yaml": GOOD.replace("source: web", f"source: {source}")})
    assert project.faults() == [expected]


def test_a_part_of_what_is_taken_over_is_checked_too(project: Any) -> None:
    lines = "  byline: {from: author, steps: [byline], part: raw}\n  contributions: {same: byline, part: names}\n"
    project.write({"article.yaml": GOOD + lines})
    assert project.faults() == []
    project.write({"article.yaml": GOOD + lines.replace("part: names", "part: nams")})
    assert project.faults() == ["article.yaml:12: there is no part 'nams' – did you mean 'names'?"]
    project.write({"article.yaml": GOOD + lines.replace(", part: names", "")})
    (fault,) = project.faults()
    assert fault.startswith("article.yaml:12: the last step of 'contributions' gives several parts – add `part: raw`")

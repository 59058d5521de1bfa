"""The mistakes consultants make: each gives its faults, at their line, with what would be right."""

from typing import Any

import pytest

GOOD = r"""entity: article
table: "{prefix}_rows"
key: id
where: {status: [1, 4]}
sides:
  detail: {table: "{prefix}_detail", on: {id: id}}
  tags: {table: "{prefix}_tags_id", on: {id: id}, many: true, order: [tid]}
  body: {table: "{prefix}_body_{n}", partition: {column: id, size: 2000}, on: {id: id}}
rules:
  - {name: blank, when: {title: {empty: true}}, then: drop, reason: no text}
merge: {on: [headline, status]}
fields:
  headline: {from: title, steps: [unescape, nfc]}
  standfirst: {from: hometext}
  status: {from: status, steps: [{crosswalk: status}]}
  section: {from: catid, to: section, none: [0]}
  sections: {from: listcatid, steps: [{split: ","}], to: section, missing: drop}
  tags: {from: "tags[].tid", to: tag, missing: drop}
  published_at: {from: publtime, steps: [unix_time]}
  body_html: {from: detail.bodyhtml, steps: [clean_html], part: html}
  word_count: {same: body_html, part: words}
  legacy_url: {from: [alias, id], steps: [{format: "/{0}-{1}.html"}]}
"""

OTHERS = {
    "section.yaml": """entity: section
table: nv4_cat
key: catid
fields: {name: {from: title}, parent: {from: parentid, to: section}}""",
    "tag.yaml": "entity: tag\ntable: nv4_tags\nkey: tid\nfields: {name: {from: keywords}}",
    "crosswalks/status.csv": "legacy,target\n1,published\n4,draft",
}


def test_a_good_project_has_no_faults(project: Any) -> None:
    project.write({**OTHERS, "article.yaml": GOOD})
    assert project.faults() == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (
            "  headline: {from: title, steps: [unescape, nfc]}",
            "  headline: {form: title, steps: [unescape, nfc]}",
            ["13: unknown key 'form' in field 'headline' – did you mean 'from'?"],
        ),
        (
            "  standfirst: {from: hometext}",
            "\tstandfirst: {from: hometext}",
            ["14: a tab where only spaces are allowed – indent with spaces"],
        ),
        (
            "  standfirst: {from: hometext}",
            "   standfirst: {from: hometext}",
            ["14: the structure breaks here – check the indentation of this line and the one above"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: hometext",
            ["14: field 'standfirst' must be a mapping, not the text 'hometext' – write {from: hometext}"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst {from: hometext}",
            ["14: a colon is missing behind 'standfirst' – write standfirst: {…}"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst:",
            ["14: 'standfirst' has no value – write one, or remove the line"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  headline: {from: hometext}",
            ["14: key 'headline' stands twice – first in line 13; keep one"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {steps: [nfc]}",
            ["14: field 'standfirst' does not say where its value comes from – add `from:`, `constant:` or `same:`"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, constant: x}",
            ["14: field 'standfirst' has both 'from' and 'constant' – keep one"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {constant: {lang}}",
            ['14: text that begins with { is not quoted – write it as "{lang}"'],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: home text}",
            ["14: 'home text' does not name a column – write column, side.column or side[].column"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: 5}",
            ['14: from must be a text, not the number 5 – put it between quotes: "5"'],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, none: [0]}",
            ["14: field 'standfirst': 'none' is for references – add `to: <entity>`"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, steps: nfc}",
            ["14: steps must be a list, not the text 'nfc' – write [nfc]"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, steps: [{prefix: a, nfc: b}]}",
            ["14: a step has one verb – write {verb: {argument: value}}, each step in brackets of its own"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, steps: [3]}",
            ['14: a step must be a text, not the number 3 – put it between quotes: "3"'],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, steps: [unescap]}",
            ["14: unknown step 'unescap' – did you mean 'unescape'?"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: {column: hometext}}",
            ["14: from must be a text, not a mapping"],
        ),
        (
            "  standfirst: {from: hometext}",
            '  standfirst: {from: hometext, steps: [{replace: {pattern: "\\d", by: x}}]}',
            ["14: a backslash in double quotes – put patterns between single quotes"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext",
            ["15: a bracket is not closed – check { } and [ ] up to this line; quote text with a comma"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: *headline",
            ["14: anchors and aliases (&, *) are not part of the language – write the value out, or use `extends`"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: !!python/name:os.system {from: hometext}",
            ["14: tag 'tag:yaml.org,2002:python/name:os.system' is not part of the language – remove it"],
        ),
        (
            "  standfirst: {from: hometext}",
            '  standfirst: {from: hometext, steps: [{constant: "{langg}"}]}',
            [
                "14: unknown variable {langg} – did you mean 'lang'?",
                "14: unknown step 'constant' – 'constant' stands beside `steps`, not in it",
            ],
        ),
        (
            'table: "{prefix}_rows"',
            "table: {prefix}_rows",
            ['2: text that begins with { is not quoted – write it as "{prefix}_rows"'],
        ),
        ('table: "{prefix}_rows"', 'table: "{prefx}_rows"', ["2: unknown variable {prefx} – did you mean 'prefix'?"]),
        (
            'table: "{prefix}_rows"',
            'tabel: "{prefix}_rows"',
            ["2: unknown key 'tabel' in the mapping – did you mean 'table'?"],
        ),
        ('table: "{prefix}_rows"', "table: nv4_row", ["2: there is no table 'nv4_row' – did you mean 'nv4_rows'?"]),
        (
            'table: "{prefix}_rows"',
            "table: nv4_rows\nsql: SELECT 1",
            ["3: the mapping has both table and sql – keep one"],
        ),
        ('table: "{prefix}_rows"', "sql: nonsense", ["2: the source refuses the query: syntax error near nonsense"]),
        ("entity: article\n", "", ["1: no entity is named – add `entity: article`"]),
        ("entity: article", "entity: artcle", ["1: entity cannot be 'artcle' – did you mean 'article'?"]),
        (
            "entity: article",
            "entity: tag",
            ["1: the file is named article.yaml – write `entity: article` or rename the file"],
        ),
        ("key: id", "key: 5", ['3: key must be a text, not the number 5 – put it between quotes: "5"']),
        ("key: id", "key: [id, idd]", ["3: table 'nv4_rows' has no column 'idd' – did you mean 'id'?"]),
        ("key: id\n", "", ["1: no key is named – add `key:` with the column that identifies a row"]),
        (
            "where: {status: [1, 4]}",
            "where: {status: {ge: 1, grater: 2}}",
            ["4: unknown operator 'grater' – known: empty, ge, gt, in, le, like, lt, not_in, not_like"],
        ),
        (
            "where: {status: [1, 4]}",
            "where: {status: {matches: x}}",
            ["4: unknown operator 'matches' – `matches` and `missing` are for rules"],
        ),
        (
            "where: {status: [1, 4]}",
            "where: {status: null}",
            ["4: 'status' has no value – write one, or remove the line"],
        ),
        ("where: {status: [1, 4]}", "where: {status: []}", ["4: a condition in `where` is an empty list"]),
        (
            "where: {status: [1, 4]}",
            "where: {state: 1}",
            ["4: table 'nv4_rows' has no column 'state' – did you mean 'status'?"],
        ),
        (
            "where: {status: [1, 4]}",
            "where: [status]",
            ["4: where must be a mapping, not a list – write `key: value` lines below it, indented"],
        ),
        (
            "many: true",
            "many: yes",
            [
                "7: many must be true or false, not the text 'yes' – write true",
                "18: side 'tags' gives one row, not a list – write tags.tid, or `many: true` at the side",
            ],
        ),
        (
            "many: true, order: [tid]",
            "order: [tid]",
            ["18: side 'tags' gives one row, not a list – write tags.tid, or `many: true` at the side"],
        ),
        ("order: [tid]", "order: [tidd]", ["7: table 'nv4_tags_id' has no column 'tidd' – did you mean 'tid'?"]),
        (
            '  detail: {table: "{prefix}_detail", on: {id: id}}',
            '  detail: {table: "{prefix}_detail"}',
            ["6: side 'detail' does not say how it is joined – add `on: {side column: main column}`"],
        ),
        (
            '  detail: {table: "{prefix}_detail", on: {id: id}}',
            '  detail: {table: "{prefix}_detail", on: id}',
            ["6: on must be a mapping, not the text 'id' – write {side column: main column}"],
        ),
        (
            '  detail: {table: "{prefix}_detail", on: {id: id}}',
            '  detail: {table: "{prefix}_detail", on: {idd: nid}}',
            [
                "6: table 'nv4_detail' has no column 'idd' – did you mean 'id'?",
                "6: table 'nv4_rows' has no column 'nid' – did you mean 'id'?",
            ],
        ),
        (
            "partition: {column: id, size: 2000}, ",
            "",
            ["8: side 'body': {n} and partition belong together – add `partition: {column: …, size: …}`"],
        ),
        ("size: 2000", "size: 0", ["8: size must be at least 1"]),
        (", size: 2000", "", ["8: partition has no 'size' – write {column: id, size: 2000}"]),
        ("_body_{n}", "_bodyhtml_{n}", ["8: there is no table like 'nv4_bodyhtml_{n}' – did you mean 'nv4_body_1'?"]),
        ("{column: id,", "{column: nid,", ["8: table 'nv4_rows' has no column 'nid' – did you mean 'id'?"]),
        ("when: {title: {empty: true}}", "when: {}", ["10: when is empty: the rule would match every row"]),
        (
            "when: {title: {empty: true}}",
            "when: {title: null}",
            ["10: the condition on 'title' compares with nothing – write {empty: true} for null or empty text"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {title: {empty: yes}}",
            ["10: empty must be true or false, not the text 'yes' – write true"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {titel: x}",
            ["10: table 'nv4_rows' has no column 'titel' – did you mean 'title'?"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {details: {missing: true}}",
            ["10: there is no side 'details' – did you mean 'detail'?"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {detail: {missing: true, empty: true}}",
            ["10: `missing` stands alone – put other conditions on side.column"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {title: {matches: '('}}",
            ["10: the pattern '(' does not compile: missing ), unterminated subpattern at position 0"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {any: {title: x}}",
            ["10: any must be a list, not a mapping – write any: [{…}, {…}]"],
        ),
        (
            "when: {title: {empty: true}}",
            "when: {any: [{titel: x}, {status: 1}]}",
            ["10: table 'nv4_rows' has no column 'titel' – did you mean 'title'?"],
        ),
        (
            "when: {title: {empty: true}}, ",
            "",
            ["10: the rule has no 'when' – write {name: …, when: {…}, then: drop, reason: …}"],
        ),
        ("then: drop", "then: discard", ["10: then cannot be 'discard' – known: drop, merge, reject, withhold"]),
        ("name: blank, ", "", ["10: the rule has no 'name' – write {name: …, when: {…}, then: drop, reason: …}"]),
        ("rules:\n  - {", "rules:\n    {", ["9: rules must be a list, not a mapping – begin each rule with `- `"]),
        (
            "  - {name: blank, when: {title: {empty: true}}, then: drop, reason: no text}",
            "  - {name: blank, when: {title: x}, then: drop}\n  - {name: blank, when: {title: y}, then: drop}",
            ["11: rule 'blank' stands twice – first in line 10"],
        ),
        (
            "merge: {on: [headline, status]}",
            "merge: {on: [headline, byline]}",
            [
                "11: merge names 'byline', which is not filled – known: body_html, headline, legacy_url, "
                "published_at, section, sections, standfirst, status, tags, word_count"
            ],
        ),
        (
            "merge: {on: [headline, status]}",
            "merge: [headline, byline]",
            ["11: merge must be a mapping, not a list – write `key: value` lines below it, indented"],
        ),
        (
            "merge: {on: [headline, status]}",
            "merge: {name: x}",
            ["11: merge does not say on what – add `on: [field, …]`"],
        ),
        ("fields:\n", "felds:\n", ["12: unknown key 'felds' in the mapping – did you mean 'fields'?"]),
        ("  headline: {", "  headlin: {", ["13: article has no field 'headlin' – did you mean 'headline'?"]),
        (
            "  headline: {from: title, steps: [unescape, nfc]}\n",
            "",
            [
                "1: the required field 'headline' of article is not filled – add `headline:` under fields "
                "(headline, plain text)",
                "11: merge names 'headline', which is not filled – known: body_html, legacy_url, published_at, "
                "section, sections, standfirst, status, tags, word_count",
            ],
        ),
        ("crosswalk: status", "crosswalk: statuses", ["15: there is no crosswalk 'statuses' – did you mean 'status'?"]),
        (
            "from: catid, to: section",
            "from: catid, to: tag",
            ["16: 'section' points to a section, not to 'tag' – write `to: section`"],
        ),
        (
            "from: catid, to: section, none: [0]",
            "from: catid",
            ["16: 'section' points to a section – write `to: section`"],
        ),
        (
            "from: catid, to: section",
            "from: catid, to: sektion",
            ["16: to cannot be 'sektion' – did you mean 'section'?"],
        ),
        (
            "from: catid, to: section, none: [0]",
            "from: [catid, id], compound: true",
            [
                "16: field 'section': 'compound' is for references – add `to: <entity>`",
                "16: 'section' points to a section – write `to: section`",
            ],
        ),
        (
            "  standfirst: {from: hometext}",
            "  standfirst: {from: hometext, to: tag}",
            ["14: 'standfirst' is no reference – remove `to:`"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  topic: {from: catid, to: topic}",
            ["14: nothing is mapped to topic, where 'topic' points – write topic.yaml, or leave 'topic' out"],
        ),
        (
            "missing: drop}\n  tags",
            "missing: keep}\n  tags",
            ["17: missing cannot be 'keep' – known: drop, follow, reject"],
        ),
        (
            '"tags[].tid"',
            '"detail[].id"',
            ["18: side 'detail' gives one row, not a list – write detail.id, or `many: true` at the side"],
        ),
        ('"tags[].tid"', '"tag[].tid"', ["18: there is no side 'tag' – did you mean 'tags'?"]),
        ('"tags[].tid"', '"tags[].id_tag"', ["18: table 'nv4_tags_id' has no column 'id_tag' – known: id, tid"]),
        (
            "steps: [unix_time]",
            "steps: [integer]",
            [
                "19: 'published_at' is of kind instant, and its last step gives integer – add the step "
                "unix_time, local_time or utc_time"
            ],
        ),
        (
            ', steps: [{format: "/{0}-{1}.html"}]',
            "",
            [
                "22: 'legacy_url' takes one value, and this gives a list – add the step first, nth, coalesce, join or format"
            ],
        ),
        (
            ", part: html",
            "",
            ["20: the last step of 'body_html' gives several parts – add `part: html`, `part: text` or `part: words`"],
        ),
        (
            "{same: body_html,",
            "{same: body_htm,",
            ["21: `same` names 'body_htm', which is not filled – did you mean 'body_html'?"],
        ),
        ("{same: body_html,", "{same: word_count,", ["21: `same: word_count` goes round in a circle – use `from:`"]),
        (
            "  standfirst: {from: hometext}",
            "  genre: {constant: artikle}",
            ["14: constant does not fit 'genre': 'artikle' is none of article, page"],
        ),
        (
            "  standfirst: {from: hometext}",
            "  is_locked: {constant: yes}",
            ["14: constant does not fit 'is_locked': true or false is needed, not str 'yes'"],
        ),
    ],
)
def test_a_mistake_is_found_at_its_line(project: Any, right: str, wrong: str, expected: list[str]) -> None:
    assert right in GOOD
    project.write({**OTHERS, "article.yaml": GOOD.replace(right, wrong, 1)})
    assert [fault.removeprefix("article.yaml:") for fault in project.faults()] == expected


def test_all_mistakes_are_told_at_once(project: Any) -> None:
    wrong = GOOD.replace("from: title", "from: titel").replace("key: id", "key: idd").replace("unix_time", "unixtime")
    project.write({**OTHERS, "article.yaml": wrong, "section.yaml": OTHERS["section.yaml"].replace("title", "titel")})
    assert project.faults() == [
        "article.yaml:3: table 'nv4_rows' has no column 'idd' – did you mean 'id'?",
        "article.yaml:13: table 'nv4_rows' has no column 'titel' – did you mean 'title'?",
        "article.yaml:19: unknown step 'unixtime' – did you mean 'unix_time'?",
        "section.yaml:4: table 'nv4_cat' has no column 'titel' – did you mean 'title'?",
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("article.yaml", "", "article.yaml: the file holds no mapping – begin with lines like `entity: article`"),
        ("article.yaml", "- a", "article.yaml:1: the file holds no mapping – begin with lines like `entity: article`"),
        ("article.yaml", "a: 1\n---\nb: 2", "article.yaml:2: more than one document – remove the line `---`"),
        ("article.yaml", "a: " + "[" * 5000, "article.yaml: nested too deeply"),
        ("article.yaml", "a: b\0c", "article.yaml:1: not readable as YAML: special characters are not allowed"),
        ("article.yml", "entity: article", "article.yml: is not read – rename it to article.yaml"),
        ("articles.yaml", "entity: article", "articles.yaml: is not read – rename it to article.yaml"),
    ],
)
def test_a_file_that_cannot_be_a_mapping(project: Any, name: str, text: str, expected: str) -> None:
    project.write({name: text})
    assert project.faults() == [expected]


def test_a_file_in_another_encoding_is_a_fault_with_its_line(project: Any) -> None:
    project.write({})
    (project.folder / "tag.yaml").write_bytes("entity: tag\ntable: bài\n".encode("utf-16-le")[:40] + b"\xff")
    (project.folder / "section.yaml").write_bytes(b"entity: section\ntable: b\xe0i\n")
    assert "section.yaml:2: is not UTF-8 – save the file as UTF-8" in project.faults()


def test_an_entity_without_a_mapping_is_a_fault_when_it_was_asked_for(project: Any) -> None:
    project.write({**OTHERS, "article.yaml": GOOD})
    declarations, faults = project.read(["article", "person", "artcle"])
    assert list(declarations) == ["article"]
    assert [(fault.message, fault.hint) for fault in faults] == [
        ("there is no entity 'artcle'", "did you mean 'article'?"),
        ("there is no mapping for 'person'", "write person.yaml"),
    ]


def test_a_query_is_checked_by_the_columns_the_database_gives(project: Any) -> None:
    article = "entity: article\nsql: SELECT\nkey: id\nfields:\n  headline: {from: titel}\n  status: {constant: draft}\n"
    project.write({"article.yaml": article})
    assert project.faults() == ["article.yaml:5: the query has no column 'titel' – did you mean 'title'?"]

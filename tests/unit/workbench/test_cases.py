"""A mapping's own tests hold or say where they do not, with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from migrator.errors import ConfigurationError
from migrator.model.content import ENTITIES
from migrator.ports import Transformed
from migrator.workbench.case import Case, read_cases
from migrator.workbench.cases import Mismatch, check_rows, run_case, write_case
from tests.unit.workbench.conftest import Paper

SOURCES = {"bao": None}


def cases(paper: Paper, text: str) -> list[Case]:
    paper.write({"expected/a.yaml": text})
    return read_cases(paper.folder, SOURCES)


def mistakes(paper: Paper, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        cases(paper, text)
    return [f"{fault.line}: {fault.message}" for fault in error.value.faults]


def run(paper: Paper, text: str) -> list[Mismatch]:
    bench = paper.bench()
    mappings = {("bao", entity): paper.mapping(entity) for entity in ("section", "article")}
    found: Sequence[Case] = cases(paper, text)
    assert check_rows(found, {"bao": bench}, mappings) == []
    return [mismatch for case in found for mismatch in run_case(case, bench, mappings)]


GOOD = """\
cases:
  - key: bao:article:1
    expect: {headline: Tin một, status: published, published_at: 2008-01-11T04:20:00+07:00, section: bao:section:1, tags: [],
             word_count: null, standfirst: Sapo}
  - name: a form somebody opened
    key: bao:article:4
    expect: {bucket: dropped, rule: blank}
  - key: bao:article:2
    expect: {bucket: rejected, reason: unmapped-value}
  - entity: article
    row: {id: 9, title: " Tin  lạ ", status: 1, catid: 0, publtime: 1200000000}
    sides: {detail: [{id: 9, bodyhtml: <p>x</p>}]}
    expect: {headline: Tin lạ, body_html: <p>x</p>, byline: null, section: null}
"""


def test_cases_that_hold(paper: Paper) -> None:
    assert run(paper, GOOD) == []
    assert len(read_cases(paper.folder, SOURCES)) == 4


def test_every_difference_is_told_with_its_line(paper: Paper) -> None:
    found = run(
        paper,
        """\
cases:
  - key: bao:article:1
    expect:
      headline: Tin hai
      status: published
      published_at: 2008-01-11T04:20:01+07:00
  - name: gone
    key: bao:article:99
    expect: {headline: x}
  - key: bao:article:1
    expect: {bucket: dropped}
  - key: bao:article:4
    expect: {headline: x}
  - key: bao:article:4
    expect: {bucket: withheld, reason: blank}
""",
    )
    assert [(m.place.line, m.case, m.field, m.found) for m in found] == [
        (4, "bao:article:1", "headline", "Tin một"),
        (6, "bao:article:1", "published_at", datetime(2008, 1, 10, 21, 20, tzinfo=UTC)),
        (7, "gone", "", "there is no such row in the source"),
        (10, "bao:article:1", "bucket", "a record"),
        (
            12,
            "bao:article:4",
            "bucket",
            {"bucket": "dropped", "reason": "blank", "rule": "blank", "detail": "an empty form"},
        ),
        (15, "bao:article:4", "bucket", "dropped"),
    ]


@pytest.mark.parametrize(("text", "expected"), [
    ("cases:\n  - expect: {headline: x}\n", "2: a case needs either a key or a row"),
    ("cases:\n  - key: bao:article:1\n", "2: the case has no 'expect'"),
    ("cases:\n  - {key: bao:article:1, expect: {headlin: x}}\n", "2: article has no field 'headlin'"),
    ("cases:\n  - {key: bao:article:1, expect: {}}\n", "2: expect is empty: nothing would be compared"),
    ("cases:\n  - {key: nobody:article:1, expect: {headline: x}}\n", "2: 'nobody:article:1' is no key"),
    ("cases:\n  - {key: article, expect: {headline: x}}\n", "2: 'article' is no key"),
    ("cases:\n  - {key: bao:article:1, expect: {word_count: many}}\n", "2: word_count must be a whole number"),
    ("cases:\n  - {key: bao:article:1, expect: {is_locked: 1}}\n", "2: is_locked must be true or false, not the number 1"),
    ("cases:\n  - {key: bao:article:1, expect: {published_at: 2024-05-01}}\n", "2: published_at must be an instant"),
    ("cases:\n  - {key: bao:article:1, expect: {bucket: dropped, headline: x}}\n", "2: a row that is kept out has no fields"),
    ("cases:\n  - {key: bao:article:1, expect: {bucket: lost}}\n", "2: bucket cannot be 'lost'"),
    ("cases:\n  - {key: bao:article:1, entity: tag, expect: {headline: x}}\n", "2: the key is of entity 'article'"),
    ("cases:\n  - {entity: articel, row: {id: 1}, expect: {headline: x}}\n", "2: there is no entity 'articel'"),
    ("case:\n  - x\n", "1: unknown key 'case' in the file"),
])  # fmt: skip
def test_a_mistake_in_a_case_is_found_before_anything_runs(text: str, expected: str, paper: Paper) -> None:
    assert any(mistake.startswith(expected) for mistake in mistakes(paper, text))


def test_all_files_are_read_and_all_mistakes_told(paper: Paper) -> None:
    paper.write({"expected/b.yaml": "cases:\n  - {key: x, expect: {a: 1}}\n"})
    assert len(mistakes(paper, "cases: 1\n")) == 2


def test_a_made_up_row_has_only_columns_the_source_has(paper: Paper) -> None:
    found = cases(paper, "cases:\n  - entity: article\n    row: {titel: x}\n    sides: {detial: []}\n    expect: {headline: x}\n"
                         "  - entity: tag\n    row: {id: 1}\n    expect: {name: x}\n")  # fmt: skip
    faults = check_rows(found, {"bao": paper.bench()}, {("bao", "article"): paper.mapping()})
    assert [f"{fault.line}: {fault}".partition("expected/a.yaml:")[2] for fault in faults] == [
        "3: the source has no column 'titel' – did you mean 'title'?",
        "4: there is no side 'detial' – did you mean 'detail'?",
        "6: there is no mapping of 'tag' – known: article",
    ]


def test_a_case_written_from_a_row_holds(paper: Paper) -> None:
    bench, mapping = paper.bench(), paper.mapping()
    for row in bench.extractor.read(mapping.selection, None, 10):
        path = write_case(row.key, "article", mapping.transform(row), paper.folder)
        assert path.name == row.key.replace(":", "-") + ".yaml"
        (case,) = read_cases_of(paper, path.name)
        assert run_case(case, bench, {("bao", "article"): mapping}) == []
    assert "bucket: dropped, reason: blank" in (paper.folder / "expected" / "bao-article-4.yaml").read_text(
        encoding="utf-8"
    )
    with pytest.raises(ConfigurationError, match="already there"):
        write_case(row.key, "article", mapping.transform(row), paper.folder)


def read_cases_of(paper: Paper, name: str) -> list[Case]:
    return [case for case in read_cases(paper.folder, SOURCES) if case.place.name == f"expected/{name}"]


def test_what_is_personal_is_not_written_into_a_case(paper: Paper) -> None:
    entity, field = next((e.name, f) for e in ENTITIES.values() for f in e.fields if f.personal)
    row = next(iter(paper.bench().extractor.read(paper.mapping().selection, None, 1)))
    made = paper.mapping().transform(row)
    assert isinstance(made, Transformed)
    values = {**made.record.fields, field.name: "an@example.vn", "name": "An"}
    record = type(made.record)("bao:x:1", entity, values)
    path = write_case("bao:x:1", entity, Transformed(record, {}, None, ()), paper.folder)
    text = path.read_text(encoding="utf-8")
    assert "an@example.vn" not in text
    assert "name: An" in text

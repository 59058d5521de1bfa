"""Which source tables a project reads, and who reads them."""

from typing import Any

from migrator.transform.check import read_tables, tables_read_from_elsewhere


def test_tables_sides_and_numbered_tables_have_their_readers(project: Any) -> None:
    sides = (
        "sides:\n"
        "  body: {table: '{prefix}_body_{n}', partition: {column: id, size: 2000}, on: {id: id}}\n"
        "  cat: {table: nv4_cat, on: {catid: catid}}\n"
        "  query: {sql: SELECT 1, on: {id: id}}\n"
    )
    fields = "fields: {headline: {from: title}, status: {constant: draft}}\n"
    project.write({"article.yaml": f"entity: article\ntable: nv4_rows\nkey: id\n{sides}{fields}"})
    project.write({"section.yaml": "entity: section\ntable: nv4_cat\nkey: catid\nfields: {name: {from: title}}\n"})
    declarations, faults = project.read()
    assert faults == []
    names = ["nv4_body_10", "nv4_body_2", "nv4_body_x", "nv4_body_", "nv4_rows", "nv4_cat", "other"]
    assert read_tables(declarations, names) == {
        "nv4_cat": "section, article.cat",
        "nv4_rows": "article",
        "nv4_body_2": "article.body",
        "nv4_body_10": "article.body",
    }


def test_tables_of_another_source_are_told_to_that_source(project: Any) -> None:
    sides = (
        "sides:\n"
        "  twin: {source: evidence, table: twin, on: {web_id: id}}\n"
        "  print: {source: print, table: bai_viet, on: {ma_bai: twin.print_id}}\n"
        "  query: {source: print, sql: SELECT 1, on: {ma_bai: id}}\n"
    )
    fields = "fields: {headline: {from: title}, status: {constant: draft}}\n"
    project.write({"article.yaml": f"entity: article\ntable: nv4_rows\nkey: id\n{sides}{fields}"})
    declarations, faults = project.read()
    assert faults == []
    assert read_tables(declarations, ["nv4_rows", "twin", "bai_viet"]) == {"nv4_rows": "article"}
    for source, expected in {
        "evidence": {"twin": "bao:article.twin"},
        "print": {"bai_viet": "bao:article.print"},
        "bao": {},
    }.items():
        assert tables_read_from_elsewhere(declarations.values(), source, ["twin", "bai_viet"]) == expected

"""Which source tables a project reads, and who reads them."""

from typing import Any

from migrator.transform.check import read_tables


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

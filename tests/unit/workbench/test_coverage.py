"""What a mapping leaves out is counted in the source itself."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from migrator.model.audit import Audit, AuditedEntity, Copies, OutOfScope
from migrator.workbench.bench import Bench
from migrator.workbench.coverage import Coverage, coverage
from migrator.workbench.personal import looks_personal, shown
from tests.unit.workbench.conftest import Paper

AUDIT = Audit(
    "bao",
    {"article": AuditedEntity("article", "nv4_rows", None, ("id",), copies=Copies("nv4_det.*", ("id",)))},
    consumed={"nv4_x*": "a query"},
    out_of_scope=(OutOfScope("nv4_po*", "polls are not taken over"),),
)


def covered(paper: Paper, audit: Audit | None = AUDIT) -> Coverage:
    bench: Bench = replace(paper.bench(), audit=audit)
    return coverage([bench], bench)


def test_every_table_is_accounted_for_or_nobodys(paper: Paper) -> None:
    states = {table.name: (table.state, table.why, table.rows) for table in covered(paper).tables}
    assert states == {
        "nv4_rows": ("mapped", "article", 5),
        "nv4_cat": ("mapped", "section", 1),
        "nv4_detail": ("side", "article", 2),
        "nv4_tags_id": ("side", "article", 3),
        "nv4_polls": ("out of scope", "polls are not taken over", 2),
    }
    assert [t.name for t in covered(paper, None).tables if t.state == "nobody"] == ["nv4_polls"]


def test_a_column_says_who_reads_it_or_what_stands_in_it(paper: Paper) -> None:
    columns = {f"{column.table}.{column.column}": column for column in covered(paper).columns}
    assert columns["nv4_rows.title"].readers == ("article: rule blank", "article.headline")
    assert columns["nv4_rows.id"].readers == ("article: key", "article: side detail", "article: side tags")
    assert columns["nv4_detail.bodyhtml"].readers == ("article.body_html",)
    assert columns["nv4_tags_id.tid"].readers == ("article: side tags",)
    assert (columns["nv4_rows.note"].filled, columns["nv4_rows.note"].samples) == (3, (("b", 2), ("a", 1)))
    assert columns["nv4_rows.zero"].is_constant
    assert not columns["nv4_rows.note"].is_constant
    assert columns["nv4_rows.title"].filled is None


def test_what_looks_personal_is_masked(paper: Paper) -> None:
    (email,) = [column for column in covered(paper).columns if column.column == "email"]
    assert (email.filled, email.samples) == (2, (("xx@xxxxxxx.xx", 1), ("xxxx@xxxxxxx.xx", 1)))


def test_unread_columns_are_those_with_something_in_them(paper: Paper) -> None:
    assert [f"{column.table}.{column.column}" for column in covered(paper).unread] == [
        "nv4_rows.zero", "nv4_rows.note", "nv4_rows.email",
    ]  # fmt: skip


def test_a_declared_query_is_looked_into_by_its_columns(paper: Paper) -> None:
    paper.write({"article.yaml": "extends: nuke/article\nsql: SELECT id, title, status, note FROM nv4_rows\nfields:\n"
                 "  standfirst: null\n  byline: null\n  section: null\n  published_at: null\n"})  # fmt: skip
    found = covered(paper)
    assert {column.column: column.readers for column in found.columns if column.table == "query of article"}[
        "note"
    ] == ()
    assert {table.name: table.state for table in found.tables}["nv4_rows"] == "nobody"


def test_numbered_tables_are_one(paper: Paper) -> None:
    paper.write({"article.yaml": 'extends: nuke/article\nsides:\n  detail: {table: "{prefix}_body_{n}", '
                 "partition: {column: id, size: 2}}\n"})  # fmt: skip
    connection = sqlite3.connect(paper.url.removeprefix("sqlite:///"))
    connection.executescript(
        "CREATE TABLE nv4_body_1 (id, bodyhtml, gid); CREATE TABLE nv4_body_2 (id, bodyhtml, gid);"
        "INSERT INTO nv4_body_1 VALUES (1, 'x', 5); INSERT INTO nv4_body_2 VALUES (3, 'x', 6), (4, '', NULL);"
    )
    connection.close()
    columns = {f"{column.table}.{column.column}": column for column in covered(paper).columns}
    assert columns["nv4_body_{n}.bodyhtml"].readers == ("article.body_html",)
    assert columns["nv4_body_{n}.gid"].filled == 2


def test_values_no_crosswalk_knows_are_counted(paper: Paper) -> None:
    (status,) = covered(paper).crosswalks
    assert status.unknown == {"7": 2, "007": 1}
    paper.write({"crosswalks/status.csv": "legacy,target\n1,published\n4,draft\n7,\n"})
    (status,) = covered(paper).crosswalks
    assert (status.unknown, status.undecided) == ({"007": 1}, {"7": 2})


def test_fields_nobody_fills_and_entities_without_a_mapping(paper: Paper) -> None:
    paper.write({"section.yaml": "extends: nuke/section\nfields: {name: null}\n"})
    found = covered(paper)
    gaps = {(gap.entity, gap.field): gap.is_required for gap in found.gaps}
    assert gaps["section", "name"] is True
    assert gaps["article", "topic"] is False
    assert ("article", "headline") not in gaps
    assert "tag" in found.unmapped
    assert "article" not in found.unmapped


def test_a_source_that_another_ones_mapping_reads(paper: Paper) -> None:
    """A side may be in another source; then its table is read there, not here."""
    paper.write(
        {"article.yaml": "extends: nuke/article\nsides:\n  polls: {table: nv4_polls, on: {pid: id}, source: print}\n"}
    )
    web = paper.bench()
    printed = replace(paper.bench(), source="print", declarations={})
    states = {table.name: table.state for table in coverage([web, printed], printed).tables}
    assert states["nv4_polls"] == "side"
    assert states["nv4_rows"] == "nobody"
    assert {table.name: table.state for table in coverage([web, printed], web).tables}["nv4_polls"] == "nobody"


@pytest.mark.parametrize("column", [
    "email", "user_email", "comment_author_email", "phone", "dien_thoai", "mobile_no", "password", "user_pass", "ip", "author_ip",
    "birthday", "ngay_sinh", "cccd", "dia_chi", "address2", "first_name", "user_login", "session_token",
])  # fmt: skip
def test_names_of_columns_that_speak_of_a_person(column: str) -> None:
    assert looks_personal(column)
    assert shown("rows", column, "Hà 12") == "xx 99"


@pytest.mark.parametrize("table", ["nv4_users", "wp_comments", "jos_contact_details", "query of account", "nv4_rows"])
def test_of_a_table_of_people_only_the_shape_is_shown(table: str) -> None:
    is_shown = table in ("nv4_rows", "query of account")
    assert shown(table, "sig", "Hà 12") == ("Hà 12" if is_shown else "xx 99")


@pytest.mark.parametrize(
    "column", ["title", "description", "shipping", "tid", "hometext", "status", "recipe", "telex_code"]
)
def test_names_of_columns_that_do_not(column: str) -> None:
    assert not looks_personal(column)


@pytest.mark.parametrize(("value", "expected"), [
    ("an.b@example.vn", "xx.x@xxxxxxx.xx"),
    ("0912 345 678", "9999 999 999"),
    ("+84225123456", "+99999999999"),
    ("031090123456", "999999999999"),
    ("192.168.1.20", "999.999.9.99"),
    ("$2y$10$abcdef", "$9x$99$xxxxxx"),
    ("Hải Phòng", "Hải Phòng"),
    ("1200000000", "1200000000"),
    ("2024-05-01", "2024-05-01"),
])  # fmt: skip
def test_values_are_masked_by_what_they_look_like(value: str, expected: str) -> None:
    assert shown("rows", "note", value) == expected

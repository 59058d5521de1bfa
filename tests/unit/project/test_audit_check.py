"""Everything an audit statement names is there at the source, or is a fault at its line."""

from pathlib import Path

import pytest

from migrator.model.source import TableInfo
from migrator.project.audit_check import audit_faults
from migrator.verify.declaration import read_audit

TABLES = {
    info.name: info
    for info in (
        TableInfo("bai", ("ma", "tieu_de", "noi_dung", "ngay_sua"), ("ma",)),
        TableInfo("nhuan_but", ("ma_nb", "ma_bai", "ma_ns", "ky", "so_tien"), ("ma_nb",)),
        TableInfo("tong_hop", ("ma_ns", "ky", "tong", "so_bai", "loai"), ("ma_ns", "ky")),
        TableInfo("bai_tag", ("ma_bai", "tag"), ()),
        TableInfo("trang", ("duong_dan", "ma", "loai"), ()),
    )
}
STATEMENT = """
article:
  table: bai
  key: ma
  identity: {headline: tieu_de}
  body: noi_dung
  changed: {column: ngay_sua, read: [local-time]}
  addresses: [{path: "/{0}.html", from: [ma]}]
royalty:
  table: nhuan_but
  key: ma_nb
  identity: {amount_vnd: {column: so_tien, read: [integer]}}
  belongs_to: {table: bai, on: {ma_bai: ma}}
  totals:
    - sum: {amount_vnd: so_tien}
      by: {period: ky}
      against: {table: tong_hop, on: {ky: ky}, sum: {tong: so_tien}, count: so_bai, where: {loai: 1}}
consumed:
  bai_tag: {why: tags of articles, belongs_to: {table: bai, on: {ma_bai: ma}}}
addresses: [{table: trang, column: duong_dan, to: article, id: ma, where: {loai: bai}}]
"""


def faults(folder: Path, statement: str) -> list[tuple[int, str]]:
    path = folder / "audit.yaml"
    path.write_text(statement, encoding="utf-8")
    audit = read_audit(path, "toasoan", {}, [folder])
    return [(fault.line, fault.message) for fault in audit_faults(audit, [path], TABLES, lambda sql: ())]


def test_a_statement_of_what_is_there_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, STATEMENT) == []


@pytest.mark.parametrize(
    ("there", "written", "line", "message"),
    [
        ("column: ngay_sua", "column: ngay_sửa", 7, "bai has no column 'ngay_sửa'"),
        ("from: [ma]", "from: [alias]", 8, "bai has no column 'alias'"),
        ("table: bai, on: {ma_bai: ma}}\n  totals", "table: bài, on: {ma_bai: ma}}\n  totals", 13, "there is no table 'bài'"),
        ("on: {ma_bai: ma}}\n  totals", "on: {mabai: ma}}\n  totals", 13, "nhuan_but has no column 'mabai'"),
        ("on: {ma_bai: ma}}\n  totals", "on: {ma_bai: id}}\n  totals", 13, "bai has no column 'id'"),
        ("amount_vnd: so_tien}\n", "amount_vnd: sotien}\n", 15, "nhuan_but has no column 'sotien'"),
        ("against: {table: tong_hop", "against: {table: tonghop", 17, "there is no table 'tonghop'"),
        ("{tong: so_tien}", "{tong_tien: so_tien}", 17, "tong_hop has no column 'tong_tien'"),
        ("count: so_bai", "count: dem", 17, "tong_hop has no column 'dem'"),
        ("where: {loai: 1}", "where: {kieu: 1}", 17, "tong_hop has no column 'kieu'"),
        ("  bai_tag:", "  baitag:", 19, "there is no table 'baitag'"),
        ("of articles, belongs_to: {table: bai, on: {ma_bai", "of articles, belongs_to: {table: bai, on: {id_bai", 19,
         "bai_tag has no column 'id_bai'"),
        ("of articles, belongs_to: {table: bai,", "of articles, belongs_to: {table: rows,", 19, "there is no table 'rows'"),
        ("table: trang", "table: trangs", 20, "there is no table 'trangs'"),
        ("column: duong_dan", "column: url", 20, "trang has no column 'url'"),
        ("id: ma, where", "id: so, where", 20, "trang has no column 'so'"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_fault_at_its_line(
    tmp_path: Path, there: str, written: str, line: int, message: str
) -> None:
    assert STATEMENT.count(there) == 1
    statement = STATEMENT.replace(there, written)
    if "so_tien}\n" in there:  # the sums kept by the source speak of the same column
        statement = statement.replace("{tong: so_tien}", "{tong: sotien}")
    assert (line, message) in faults(tmp_path, statement)

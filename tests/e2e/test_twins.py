"""Two databases that hold some of the same articles: found, decided, carried over as one, and parted again."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli import main as _main  # noqa: F401  # the command line is what is tested
from migrator.cli.app import migrator
from migrator.project.compose import Project

FILES = {
    "migration.yaml": r"""
name: Báo Thử
sources:
  web: {url: "sqlite:///web.sqlite", mapping: web}
  print: {url: "sqlite:///print.sqlite", mapping: print}
evidence: {twins: evidence/twins.sqlite}
twins: {left: web, right: print, links: ['-(?P<id>\d+)\.html$']}
""",
    "web/article.yaml": """
entity: article
table: news
key: id
sides:
  twin: {source: twins, table: twin, on: {left_id: id}, where: {decision: same}}
  print: {source: print, table: bai_viet, on: {ma_bai: twin.right_id}}
fields:
  headline: {from: title}
  standfirst: {first: [lead, print.sapo]}
  body_text: {from: body}
  status: {constant: published}
  published_at: {from: at, steps: [unix_time]}
""",
    "print/article.yaml": """
entity: article
table: bai_viet
key: ma_bai
sides:
  twin: {source: twins, table: twin, on: {right_id: ma_bai}, where: {decision: same}}
rules:
  - name: twin-of-web
    when: {twin.decision: same}
    then: merge
    into: {from: twin.left_id, to: article, source: web}
    reason: the web has the same article
fields:
  headline: {from: tieu_de}
  standfirst: {from: sapo}
  body_text: {from: noi_dung}
  status: {constant: published}
  published_at: {from: ngay, steps: [unix_time]}
  legacy_url: {from: url_web}
""",
    "web/audit.yaml": "article: {table: news, key: id, identity: {headline: title}}",
    "print/audit.yaml": "article: {table: bai_viet, key: ma_bai, identity: {headline: tieu_de}}",
}
PORT = (
    "Sáng nay cảng Cửa Biển đón chuyến tàu đầu tiên của năm với hơn hai nghìn công-te-nơ. Ông Phạm Quang, giám đốc cảng,"
    " cho biết lượng hàng quý này tăng mười hai phần trăm so với cùng kỳ năm trước, bến số ba sẽ mở thêm hai cầu cẩu."
)
SCHOOL = (
    "Trường tiểu học Hoa Sữa khai giảng lớp bơi miễn phí cho học sinh vùng ven. Cô giáo Lê Thị Mận nói rằng mỗi em sẽ học"
    " mười buổi có huấn luyện viên đi cùng, phụ huynh góp công sửa lại hồ cũ của xã và lắp thêm mái che."
)
MARKET = (
    "Chợ hoa ven sông họp từ ba giờ sáng, người bán trải chiếu dọc bờ kè và thắp đèn pin chờ xe từ huyện lên. Bà Tư Lành"
    " bán cúc đã hai mươi năm, bà bảo năm nay mưa nhiều nên hoa nở muộn, giá nhích lên đôi chút mà khách vẫn đông."
)
DAY = 1_678_000_000


def make(path: Path, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"CREATE TABLE {table} ({columns})")
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    make(
        tmp_path / "web.sqlite", "news", "id INTEGER PRIMARY KEY, title TEXT, lead TEXT, body TEXT, at INTEGER",
        [
            (1, "Cảng Cửa Biển đón tàu đầu năm", "", PORT, DAY),
            (2, "Lớp bơi miễn phí ở Hoa Sữa", "Có sapo", SCHOOL, DAY),
            (3, "Chợ hoa ven sông", "", MARKET, DAY),
            (4, "Chợ hoa ven sông đêm", "", MARKET.replace("ba giờ sáng", "nửa đêm"), DAY),
        ],
    )  # fmt: skip
    make(
        tmp_path / "print.sqlite", "bai_viet",
        "ma_bai INTEGER PRIMARY KEY, tieu_de TEXT, sapo TEXT, noi_dung TEXT, ngay INTEGER, url_web TEXT",
        [
            (1, "Đón chuyến tàu đầu năm", "Sapo của báo in", PORT.replace("mười hai", "12"), DAY + 86_400, "/cang/tau-1.html"),
            (2, "Lớp bơi miễn phí ở trường Hoa Sữa", "Sapo khác", SCHOOL, DAY + 86_400, None),
            (3, "Chợ hoa", "Sapo", MARKET, DAY, None),
            (4, "Chỉ có trên báo in", "Sapo", "Nước lên chậm, dân vạn chài kéo thuyền vào sâu trong lạch từ chiều.", DAY, None),
        ],
    )  # fmt: skip
    return tmp_path


def command(project: Path, *words: str) -> str:
    result = CliRunner().invoke(migrator, [*words, "--project", str(project), "--lang", "en"])
    assert result.exit_code in {0, 3}, result.output
    return result.output


def buckets(project: Path) -> dict[str, tuple[str, str | None]]:
    with Project(project) as opened:
        return {
            item.key: (f"{item.bucket} {item.reason}".strip(), item.merged_into) for item in opened.ledger.all_items()
        }


def standfirst(project: Path, key: str) -> str | None:
    connection = sqlite3.connect(project / "target.sqlite")
    row = connection.execute("SELECT standfirst FROM article WHERE legacy_key = ?", [key]).fetchone()
    connection.close()
    return None if row is None else row[0]


def test_twins_become_one_article_and_part_again(project: Path) -> None:
    said = command(project, "twins")
    assert "print: 2 article(s) stand there alone." in said
    command(project, "run")
    assert buckets(project)["print:article:1"] == ("merged twin-of-web", "web:article:1")
    assert buckets(project)["print:article:2"] == ("merged twin-of-web", "web:article:2")
    assert buckets(project)["print:article:4"] == ("created", None)
    assert standfirst(project, "web:article:1") == "Sapo của báo in", "the web had none"
    assert standfirst(project, "web:article:2") == "Có sapo"

    command(project, "twins", "--export", str(project / "review.csv"))
    edited = list(csv.DictReader((project / "review.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["decision"] for row in edited if row["right_key"] == "print:article:3"] == ["undecided", "undecided"]
    for row in edited:
        if row["left_key"] == "web:article:3":
            row["decision"], row["note"] = "same", "cùng một bài"
        if row["left_key"] == "web:article:2":
            row["decision"] = "different"
    with (project / "review.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, edited[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(edited)
    assert "2 decision(s) changed." in command(
        project, "twins", "--import", str(project / "review.csv"), "--who", "Lan"
    )

    command(project, "twins")  # a later search leaves what a person decided
    command(project, "run")
    assert buckets(project)["print:article:3"] == ("merged twin-of-web", "web:article:3")
    assert buckets(project)["print:article:2"] == ("created", None)
    assert standfirst(project, "web:article:3") == "Sapo"
    assert standfirst(project, "print:article:2") == "Sapo khác"


def test_mistakes_in_the_list_change_nothing(project: Path) -> None:
    command(project, "twins")
    (project / "bad.csv").write_text(
        "left_key,right_key,decision\nweb:article:1,print:article:1,maybe\nweb:article:9,print:article:1,same\n",
        "utf-8",
    )
    result = CliRunner().invoke(migrator, ["twins", "--import", str(project / "bad.csv"), "--project", str(project)])
    assert result.exit_code == 2
    assert "bad.csv:2: 'maybe' is no decision" in result.output
    assert "bad.csv:3: there is no pair web:article:9 – print:article:1" in result.output


def test_evidence_that_was_not_gathered_is_named(project: Path) -> None:
    result = CliRunner().invoke(migrator, ["run", "--project", str(project), "--lang", "en"])
    assert result.exit_code == 2
    assert "migrator twins" in result.output

"""Two real legacy databases, written by the systems themselves, become newsrooms: MariaDB → SQLite, verified."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from tests.e2e.outcome import migrator

NUKEVIET = """
waivers:
  - {kind: dangling-reference, entity: article, limit: 3, why: "pictures copied in by FTP are not in the inventory", who: test}
"""
EMPTY_SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
WORDPRESS = """
waivers:
  - {kind: missing-headline, entity: article, limit: 1, why: "the theme test data has one post without a title", who: test}
  - {kind: not-content, entity: article, limit: 70, why: "menu entries, revisions and settings", who: test}
"""


def load(dump: Path, url: str) -> None:
    """Load a dump with MariaDB's own client. Skips visibly where that is missing."""
    client = shutil.which("mariadb") or shutil.which("mysql")
    if client is None:
        pytest.skip("the MariaDB client is not installed")
    where = make_url(url)
    command = [
        client,
        f"--host={where.host}",
        f"--port={where.port or 3306}",
        f"--user={where.username}",
        str(where.database),
    ]
    if where.password:
        command.insert(1, f"--password={where.password}")
    subprocess.run(command, input=gzip.decompress(dump.read_bytes()), check=True, timeout=120)


def migrate(folder: Path, preset: str, url: str, more: str, site: Path | None = None) -> dict[str, Any]:
    """Make a project, run, verify and report it; the content of report.json."""
    migrator("init", folder, "--preset", preset)
    settings = (folder / "migration.yaml").read_text(encoding="utf-8").replace("waivers: []", more)
    if site is not None:
        settings = settings.replace("    variables: {}", f"    site: {{serve: {site}}}\n    variables: {{}}")
    (folder / "migration.yaml").write_text(settings.replace("env:LEGACY_URL", url), encoding="utf-8")
    migrator("mapping", "check", "--project", folder)
    migrator("run", "--project", folder)
    verified = migrator("verify", "--project", folder, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    migrator("report", "--project", folder)
    content: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    return content


def buckets(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Entity -> bucket -> rows, without the empty ones; the sums are the witness's."""
    entities = report["entities"]
    for totals in entities.values():
        assert sum(totals["buckets"].values()) == totals["source"]
    return {name: {b: n for b, n in totals["buckets"].items() if n} for name, totals in entities.items()}


@pytest.mark.real
def test_nukeviet_45(shared_dir: Path, mariadb_url: str, tmp_path: Path) -> None:
    load(shared_dir / "data/real/nukeviet45.sql.gz", mariadb_url)
    site = shutil.copytree(shared_dir / "data/real/nukeviet45-site", tmp_path / "site")
    (site / "sitemap-index.xml").rename(site / "sitemap.xml")
    for module in ("about", "siteterms"):  # the index names them; only the news module's file was kept
        (site / f"sitemap-vi.{module}.xml").write_text(EMPTY_SITEMAP, encoding="utf-8")
    report = migrate(tmp_path / "paper", "nukeviet", mariadb_url, NUKEVIET, site)
    assert buckets(report) == {
        "section": {"created": 12},
        "topic": {"created": 4},
        "tag": {"created": 58},
        "person": {"created": 4},
        "asset": {"created": 26},
        "article": {"created": 36},
        "account": {"created": 4},
        "version": {"created": 6},
        "transition": {"created": 29},
        "counter": {"created": 15},
        "redirect": {"created": 112},
    }
    assert report["verdict"] == "accepted_with_waivers"
    assert report["differences"]["total"] == 0
    (seen,) = [check for check in report["checks"] if check["id"] == "C1b"]
    assert (seen["holds"], seen["compared"]) == (True, 24)  # the site's own sitemap lists the 24 that are published
    statuses: dict[object, object] = dict(
        query(tmp_path / "paper", "SELECT status, count(*) FROM article GROUP BY status")
    )
    assert statuses == {
        "published": 24 + 2, "scheduled": 2, "expired": 1, "draft": 2 + 1, "awaiting_approval": 2, "returned": 1, "inactive": 1,
    }  # fmt: skip
    assert query(tmp_path / "paper", "SELECT count(*) FROM article WHERE is_locked")[0] == (3,)
    twins = "SELECT count(*), count(DISTINCT headline) FROM article WHERE slug LIKE 'san-luong-hang-hoa-qua-cang%'"
    assert query(tmp_path / "paper", twins)[0] == (2, 1)
    assert query(tmp_path / "paper", "SELECT count(*) FROM article_tags")[0] == (88,)
    assert query(tmp_path / "paper", "SELECT count(*) FROM article_authors")[0] == (21,)
    assert query(tmp_path / "paper", "SELECT name FROM section WHERE slug = 'kinh-te-bien-cang'")[0] == (
        "Kinh tế biển & Cảng",
    )


@pytest.mark.real
def test_wordpress_61(shared_dir: Path, mariadb_url: str, tmp_path: Path) -> None:
    load(shared_dir / "data/real/wordpress61.sql.gz", mariadb_url)
    report = migrate(tmp_path / "paper", "wordpress", mariadb_url, WORDPRESS)
    assert buckets(report) == {
        "section": {"created": 68},
        "tag": {"created": 114},
        "person": {"created": 3},
        "asset": {"created": 37},
        "article": {"created": 81, "dropped": 70, "rejected": 1},
    }
    assert report["verdict"] == "accepted_with_waivers"
    assert report["differences"]["total"] == 0
    genres = query(tmp_path / "paper", "SELECT genre, status, count(*) FROM article GROUP BY 1, 2 ORDER BY 1, 2")
    assert genres == [
        ("article", "draft", 1), ("article", "published", 56), ("article", "scheduled", 1),
        ("page", "draft", 1), ("page", "published", 22),
    ]  # fmt: skip
    assert query(tmp_path / "paper", "SELECT count(*) FROM article WHERE lead_asset_id IS NOT NULL")[0] == (6,)
    assert query(tmp_path / "paper", "SELECT count(*) FROM section WHERE parent_id IS NOT NULL")[0] == (10,)


def query(project: Path, sql: str) -> list[Any]:
    """Rows of the target."""

    connection = sqlite3.connect(project / "target.sqlite")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()

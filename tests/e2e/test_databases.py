"""The same newsroom on other servers and in the older body layout arrives the same, fingerprint by fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest

import legacy_newsroom
from migrator.ledger import SqlLedger
from tests.e2e.outcome import migrator

ARTICLES = 120
WAIVERS = """waivers:
  - {kind: dangling-section, entity: article, limit: 10%, why: planted, who: test}
  - {kind: missing-body, entity: article, limit: 10%, why: planted, who: test}
  - {kind: missing-headline, entity: article, limit: 10%, why: planted, who: test}
  - {kind: zero-date, entity: article, limit: 10%, why: planted, who: test}
  - {kind: too-long, entity: article, limit: 10%, why: planted, who: test}
  - {kind: duplicate, entity: article, limit: 10%, why: planted, who: test}
  - {kind: copy-drift, entity: article, limit: 10%, why: planted, who: test}
  - {kind: dangling-link, entity: article, limit: 10%, why: planted, who: test}
  - {kind: reader-account, entity: account, limit: 100%, why: planted, who: test}
  - {kind: with-article, entity: "*", limit: 20%, why: planted, who: test}
"""


def carried(folder: Path, preset: str, layout: str, source: str, target: str) -> dict[str, tuple[str, bytes | None]]:
    """Make the newsroom, carry it over and verify it; key -> (bucket, content fingerprint)."""
    legacy_newsroom.make(folder / "legacy", articles=ARTICLES, layout=layout, site=False, database=source or None)
    project = folder / "paper"
    migrator("init", project, "--preset", preset)
    settings = (project / "migration.yaml").read_text(encoding="utf-8")
    settings = settings.replace("env:LEGACY_URL", source or f"sqlite:///{folder}/legacy/legacy.sqlite")
    settings = settings.replace("variables: {}", "variables: {domain: baocuabien.example}")
    settings = settings.replace("sqlite:///target.sqlite", target).replace("waivers: []\n", WAIVERS)
    (project / "migration.yaml").write_text(settings, encoding="utf-8")
    migrator("run", "--project", project)
    verified = migrator("verify", "--project", project, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    migrator("report", "--project", project)
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    try:
        return {item.key: (item.bucket.value, item.content) for item in ledger.all_items()}
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes | None]]:
    """SQLite to SQLite, bodies in one table."""
    return carried(tmp_path_factory.mktemp("plain"), "nukeviet", "detail", "", "sqlite:///target.sqlite")


def test_bodies_in_numbered_tables(plain: dict[str, tuple[str, bytes | None]], tmp_path: Path) -> None:
    assert carried(tmp_path, "nukeviet40", "partitioned", "", "sqlite:///target.sqlite") == plain


def test_mariadb_to_postgresql(
    plain: dict[str, tuple[str, bytes | None]], tmp_path: Path, mariadb_url: str, postgres_url: str
) -> None:
    assert carried(tmp_path, "nukeviet", "detail", mariadb_url, postgres_url) == plain


def test_mariadb_with_numbered_tables(
    plain: dict[str, tuple[str, bytes | None]], tmp_path: Path, mariadb_url: str
) -> None:
    target = f"sqlite:///{tmp_path}/other.sqlite"
    assert carried(tmp_path, "nukeviet40", "partitioned", mariadb_url, target) == plain

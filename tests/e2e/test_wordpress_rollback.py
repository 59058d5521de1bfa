"""Runs are taken back at a real WordPress: what stood there stands there again, what an editor did stays."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from migrator.ledger import SqlLedger
from tests.e2e.outcome import PROGRAM
from tests.wordpress_paper import PASSWORD, left_by, migrator
from tests.wordpress_site import WordPress

pytestmark = [pytest.mark.slow, pytest.mark.real]

TABLES = ("posts", "terms", "users", "postmeta", "termmeta", "usermeta", "term_relationships")


def set_in(project: Path, **settings: object) -> None:
    path = project / "migration.yaml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(known | settings, allow_unicode=True, sort_keys=False), encoding="utf-8")


def legacy(project: Path, *statements: str) -> None:
    with sqlite3.connect(project / "legacy" / "legacy.sqlite") as database:
        for statement in statements:
            database.execute(statement)


def keyed(wordpress: WordPress) -> int:
    """Records with a legacy key."""
    counts = [
        f"(SELECT count(*) FROM wp_{table} WHERE meta_key = 'migrator_key')"
        for table in ("postmeta", "termmeta", "usermeta")
    ]
    return int(wordpress.rows(f"SELECT {' + '.join(counts)}")[0][0])


def as_installed(wordpress: WordPress) -> dict[str, int]:
    """Rows of each table, but for what a signed-in user leaves of himself."""
    counts = {table: int(wordpress.rows(f"SELECT count(*) FROM wp_{table}")[0][0]) for table in TABLES}
    counts["usermeta"] = int(wordpress.rows("SELECT count(*) FROM wp_usermeta WHERE user_id > 1")[0][0])
    return counts


def articles(project: Path, number: int) -> list[int]:
    """Ids of public articles that were carried over and that nothing else points to."""
    items = {
        key: bucket for key, (bucket, _, _, merged) in _items(project).items() if bucket == "created" and not merged
    }
    ids = sorted(int(key.rpartition(":")[2]) for key in items if key.startswith("web:article:"))
    return ids[-number:]


def _items(project: Path) -> dict[str, Any]:
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    found = {i.key: (i.bucket.value, i.reason, i.content, i.merged_into) for i in ledger.all_items()}
    ledger.close()
    return found


def edit(wordpress: WordPress, key: str, **changes: object) -> None:
    """As an editor would."""
    (post,) = wordpress.get("wp/v2/posts", context="edit", status="any", **{"migrator_key[]": key})
    requests.post(
        f"{wordpress.url}/wp-json/wp/v2/posts/{post['id']}", json=changes,
        auth=(wordpress.user, wordpress.password), timeout=30,
    ).raise_for_status()  # fmt: skip


def test_a_whole_run_is_taken_back_and_can_be_done_again(
    paper_carried: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress
) -> None:
    wordpress_site.reset()
    installed = as_installed(wordpress_site)
    wordpress_site.reset("arrived")
    assert keyed(wordpress_site) > 100
    foreseen = migrator(wordpress_site.password, "rollback", "--dry-run", "--json", "--project", paper_carried)
    assert keyed(wordpress_site) > 100
    done = migrator(wordpress_site.password, "rollback", "--yes", "--json", "--project", paper_carried)
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["done"] == json.loads(foreseen.stdout)["done"]
    assert as_installed(wordpress_site) == installed
    uploads = wordpress_site.folder / "wp-content/uploads"
    assert [path for path in uploads.rglob("*") if path.is_file()] == []
    assert {bucket for bucket, _, content, _ in _items(paper_carried).values() if content is not None} == set()
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    assert left_by(paper_carried, wordpress_site)["records"] == paper_arrived[1]["records"]


def test_a_later_run_is_taken_back_but_for_what_an_editor_changed(
    paper_carried: Path, wordpress_site: WordPress
) -> None:
    set_in(paper_carried, deletions={"policy": "withdraw", "limit": "50%"})
    one, other, gone = articles(paper_carried, 3)
    before = left_by(paper_carried, wordpress_site)
    legacy(
        paper_carried,
        f"UPDATE nv4_vi_news_rows SET title = 'Tựa mới' WHERE id IN ({one}, {other})",
        f"DELETE FROM nv4_vi_news_rows WHERE id = {gone}",
    )
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    after = left_by(paper_carried, wordpress_site)
    changed = {key for key, _, _ in set(after["records"]["article"]) ^ set(before["records"]["article"])}
    assert {f"web:article:{number}" for number in (one, other, gone)} <= changed
    edit(wordpress_site, f"web:article:{other}", title="Tựa của người sửa")
    done = migrator(wordpress_site.password, "rollback", "--yes", "--json", "--project", paper_carried)
    assert done.returncode == 3
    left = {each["key"]: each["why"] for each in json.loads(done.stdout)["left"]}
    assert left == {f"web:article:{other}": "edited"}
    again = left_by(paper_carried, wordpress_site)
    differing = set(again["records"]["article"]) ^ set(before["records"]["article"])
    assert {key for key, _, _ in differing} == {f"web:article:{other}"}
    (post,) = wordpress_site.get("wp/v2/posts", context="edit", **{"migrator_key[]": f"web:article:{other}"})
    assert post["title"]["raw"] == "Tựa của người sửa"


def test_a_slug_a_new_record_took_is_given_back(paper_carried: Path, wordpress_site: WordPress) -> None:
    """The old record comes back first, as ``slug-2``; once the new one is gone it can have its slug."""
    one, other = articles(paper_carried, 2)
    with sqlite3.connect(paper_carried / "legacy" / "legacy.sqlite") as database:
        (slug,) = database.execute(f"SELECT alias FROM nv4_vi_news_rows WHERE id = {one}").fetchone()
    before = left_by(paper_carried, wordpress_site)
    legacy(paper_carried, f"UPDATE nv4_vi_news_rows SET alias = 'mot-ten-khac' WHERE id = {one}")
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    legacy(paper_carried, f"UPDATE nv4_vi_news_rows SET alias = '{slug}' WHERE id = {other}")
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    assert [p["meta"]["migrator_key"] for p in wordpress_site.get("wp/v2/posts", context="edit", slug=slug)] == [
        f"web:article:{other}"
    ]
    done = migrator(wordpress_site.password, "rollback", "--since", "2", "--yes", "--project", paper_carried)
    assert done.returncode == 0, done.stdout
    assert left_by(paper_carried, wordpress_site)["records"] == before["records"]


def test_killed_at_work_it_goes_on_and_takes_everything_back(paper_carried: Path, wordpress_site: WordPress) -> None:
    environment = {**os.environ, PASSWORD: wordpress_site.password}
    command = [*PROGRAM, "rollback", "--yes", "--project", str(paper_carried)]
    there = keyed(wordpress_site)
    for wanted in (there - 10, there // 2, 20):
        rollback = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 200
        while rollback.poll() is None and time.monotonic() < until and keyed(wordpress_site) > wanted:
            time.sleep(0.01)
        rollback.kill()
        assert rollback.wait() == -signal.SIGKILL
    assert keyed(wordpress_site) > 0
    done = migrator(wordpress_site.password, "rollback", "--yes", "--json", "--project", paper_carried)
    assert done.returncode == 0, done.stdout
    assert keyed(wordpress_site) == 0
    assert [p for p in (wordpress_site.folder / "wp-content/uploads").rglob("*") if p.is_file()] == []
    # what has no key is what the installation made
    assert wordpress_site.rows("SELECT count(*) FROM wp_users")[0][0] == 1


def test_fields_an_editor_left_alone_are_brought_up_to_date(paper_carried: Path, wordpress_site: WordPress) -> None:
    set_in(paper_carried, conflicts="merge-fields")
    (number,) = articles(paper_carried, 1)
    key = f"web:article:{number}"
    edit(wordpress_site, key, title="Tựa của người sửa", excerpt="Sa-pô của người sửa")
    legacy(
        paper_carried,
        f"UPDATE nv4_vi_news_rows SET title = 'Tựa mới', author = 'Bút danh mới' WHERE id = {number}",
    )
    foreseen = json.loads(
        migrator(wordpress_site.password, "run", "--dry-run", "--json", "--project", paper_carried).stdout
    )
    (example,) = (e for e in foreseen["entities"]["article"]["examples"]["updated"] if e["key"] == key)
    assert "headline" not in example["fields"]
    assert example["fields"]["byline"][1] == "Bút danh mới"
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    (post,) = wordpress_site.get("wp/v2/posts", context="edit", **{"migrator_key[]": key})
    assert (post["title"]["raw"], post["excerpt"]["raw"]) == ("Tựa của người sửa", "Sa-pô của người sửa")
    assert post["meta"]["byline"] == "Bút danh mới"
    merged = left_by(paper_carried, wordpress_site)
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    assert left_by(paper_carried, wordpress_site)["records"] == merged["records"]
    done = migrator(wordpress_site.password, "rollback", "--run", "2", "--yes", "--json", "--project", paper_carried)
    left = [each["key"] for each in json.loads(done.stdout)["left"]]
    assert not [
        each for each in left if not each.startswith("web:tag:")
    ]  # one that is refused, and tried, in every run
    (post,) = wordpress_site.get("wp/v2/posts", context="edit", **{"migrator_key[]": key})
    assert post["title"]["raw"] == "Tựa của người sửa"
    assert post["meta"]["byline"] != "Bút danh mới"

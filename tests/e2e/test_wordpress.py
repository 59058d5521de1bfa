"""A small newsroom moves to a real WordPress: everything arrives, once, and is proved; whatever happens on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import faulty_proxy, wordpress_paper
from tests.e2e.outcome import PROGRAM
from tests.faulty_proxy import Fault
from tests.wordpress_paper import ARTICLES, HELD, PASSWORD, left_by, migrator
from tests.wordpress_site import WordPress

pytestmark = [pytest.mark.slow, pytest.mark.real]


def differences(project: Path) -> list[dict[str, Any]]:
    lines = (project / "verification" / "differences.jsonl").read_text(encoding="utf-8").splitlines()
    return [found for line in lines if (found := json.loads(line))["state"] == "open"]


# --- it arrives ---
def test_the_newsroom_arrives_and_is_proved(
    paper_carried: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress
) -> None:
    left = paper_arrived[1]
    loaded = [key for key, (_, _, content, _) in left["items"].items() if content is not None]
    assert sum(key.startswith("web:article:") for key in loaded) > ARTICLES * 0.7
    assert sum(key.startswith("web:asset:") for key in loaded) > 10
    contents = {key: content for key, (_, _, content, _) in left["items"].items() if content is not None}
    stands = {key: content for name in HELD for key, content, _ in left["records"][name] if key}
    assert stands == contents
    assert left["intents"] == 0
    done = migrator(wordpress_site.password, "verify", "--project", paper_carried)
    assert done.returncode == 0, done.stdout
    assert differences(paper_carried) == []
    examination = json.loads((paper_carried / "verification" / "examination.json").read_text(encoding="utf-8"))
    assert {check["id"]: check["holds"] for check in examination["checks"] if check["id"] == "M1"} == {"M1": True}
    done = migrator(wordpress_site.password, "report", "--project", paper_carried)
    assert (paper_carried / "report" / "index.html").is_file()
    text = done.stdout + "".join(
        p.read_text("utf-8", "replace") for p in (paper_carried / "report").rglob("*") if p.is_file()
    )
    assert wordpress_site.password not in text
    assert "bản lưu cũ ở lại hệ thống cũ" in text  # what was left out, and why
    assert "Articles" in migrator(wordpress_site.password, "status", "--project", paper_carried).stdout


def test_links_in_bodies_lead_to_the_articles_they_meant(paper_carried: Path, wordpress_site: WordPress) -> None:
    posts = wordpress_site.get("wp/v2/posts", per_page=100, context="edit", status="publish")
    links = {link for post in posts for link in re.findall(r'href="(/r/web/article/\d+)"', post["content"]["raw"])}
    by_key = {post["meta"]["migrator_key"]: post for post in posts}
    public = [link for link in links if "web:article:" + link.rpartition("/")[2] in by_key]
    assert public
    for link in public:
        page = requests.get(wordpress_site.url + link, timeout=30)
        assert page.status_code == 200
        assert page.url == by_key["web:article:" + link.rpartition("/")[2]]["link"]


def test_a_second_run_changes_nothing(
    paper_carried: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress
) -> None:
    tables = ("posts", "postmeta", "terms", "termmeta", "term_taxonomy", "term_relationships", "users", "usermeta")

    def checksums() -> list[Any]:
        return wordpress_site.rows(f"CHECKSUM TABLE {', '.join(f'wp_{table}' for table in tables)}")

    wordpress_site.change("DELETE FROM wp_usermeta WHERE meta_key = 'session_tokens'")
    before = checksums()
    written: list[bytes] = []

    def listen(method: str, path: str, body: bytes) -> Fault:
        if b"migrator_kept" in body:
            written.extend(re.findall(rb'"migrator_key":"([^"]+)"', body))
        return None

    with faulty_proxy.before(wordpress_site.url) as proxy:
        proxy.fault = listen
        project = wordpress_paper.aim(paper_carried, paper_carried, proxy.url)
        migrator(wordpress_site.password, "run", "--project", project)
        assert proxy.seen
    refused = {key for key, (bucket, _, _, _) in paper_arrived[1]["items"].items() if bucket == "failed"}
    assert {key.decode() for key in written} <= refused  # which is tried again in every run
    assert checksums() == before


def test_a_change_at_the_source_is_the_only_thing_that_changes(paper_carried: Path, wordpress_site: WordPress) -> None:
    with sqlite3.connect(paper_carried / "legacy" / "legacy.sqlite") as legacy:
        (key,) = legacy.execute("SELECT max(id) FROM nv4_vi_news_rows WHERE status = 1").fetchone()
        legacy.execute("UPDATE nv4_vi_news_rows SET title = 'Tựa mới' WHERE id = ?", (key,))
    before = left_by(paper_carried, wordpress_site)
    foreseen = migrator(wordpress_site.password, "run", "--dry-run", "--json", "--project", paper_carried).stdout
    assert f"web:article:{key}" in foreseen
    assert left_by(paper_carried, wordpress_site) == before
    migrator(wordpress_site.password, "run", "--project", paper_carried)
    after = left_by(paper_carried, wordpress_site)
    changed = set(after["records"]["article"]) ^ set(before["records"]["article"])
    assert {name for name, _, _ in changed} == {f"web:article:{key}"}
    (post,) = wordpress_site.get("wp/v2/posts", context="edit", **{"migrator_key[]": f"web:article:{key}"})
    assert post["title"]["raw"] == "Tựa mới"


# --- what is wrong there is told ---
def test_what_was_changed_behind_its_back_is_found(paper_carried: Path, wordpress_site: WordPress) -> None:
    posts = wordpress_site.get("wp/v2/posts", per_page=100, context="edit", migrator_prefix="web:article:")
    one, other, third, fourth = posts[:4]
    wordpress_site.change("UPDATE wp_posts SET post_name = :slug WHERE ID = :id", slug=f"{one['slug']}-2", id=one["id"])
    wordpress_site.change("DELETE FROM wp_posts WHERE ID = :id", id=other["id"])
    wordpress_site.change(
        "UPDATE wp_postmeta SET meta_value = :key WHERE meta_key = 'migrator_key' AND post_id = :id",
        key=third["meta"]["migrator_key"], id=fourth["id"],
    )  # fmt: skip
    done = migrator(wordpress_site.password, "verify", "--project", paper_carried)
    assert done.returncode == 4
    found = {(each["check"], each["key"], each["field"], each["kind"]) for each in differences(paper_carried)}
    keys = [post["meta"]["migrator_key"] for post in (one, other, third, fourth)]
    assert {field for check, key, field, _ in found if key == keys[0] and check == "F2"} == {"slug"}
    assert ("C4", keys[1], "", "missing") in found
    assert ("C5", keys[2], "", "duplicate-of") in found
    assert ("C4", keys[3], "", "missing") in found
    migrator(wordpress_site.password, "run", "--only", keys[0], "--project", paper_carried)
    assert wordpress_site.get(f"wp/v2/posts/{one['id']}")["slug"] == one["slug"]


# --- killed, cut off, refused ---
def test_a_run_killed_at_work_is_resumed_without_a_double(
    paper_prepared: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress, tmp_path: Path
) -> None:
    wordpress_site.reset()
    project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", wordpress_site.url)
    environment = {**os.environ, PASSWORD: wordpress_site.password}
    command = [*PROGRAM, "run", "--project", str(project), "--batch", "40"]
    for wanted in (30, 150, 280):  # records at WordPress before the blow
        run = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 200
        while run.poll() is None and time.monotonic() < until and _records(wordpress_site) < wanted:
            time.sleep(0.02)
        run.kill()
        assert run.wait() == -signal.SIGKILL
    migrator(wordpress_site.password, "run", "--project", project, "--batch", "40")
    assert left_by(project, wordpress_site) == paper_arrived[1]


def _records(wordpress: WordPress) -> int:
    tables = ("postmeta", "termmeta", "usermeta")
    counts = [f"(SELECT count(*) FROM wp_{table} WHERE meta_key = 'migrator_key')" for table in tables]
    return int(wordpress.rows(f"SELECT {' + '.join(counts)}")[0][0])


def test_answers_that_are_lost_after_the_commit_double_nothing(
    paper_prepared: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress, tmp_path: Path
) -> None:
    wordpress_site.reset()
    with faulty_proxy.before(wordpress_site.url) as proxy:
        writes = 0
        faults: dict[int, Fault] = {2: "swallow", 6: "stall", 11: "swallow"}
        faults |= {4: (503, {"Retry-After": "1"}), 9: (429, {"Retry-After": "1"})}

        def fault(method: str, path: str, body: bytes) -> Fault:
            nonlocal writes
            if b"migrator_kept" not in body:
                return None
            writes += 1
            return faults.get(writes)

        proxy.fault = fault
        project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", proxy.url, timeout_s=4)
        migrator(wordpress_site.password, "run", "--project", project)
        assert writes > 11
        assert left_by(project, wordpress_site) == paper_arrived[1]


def test_a_password_withdrawn_in_the_middle_is_told_and_the_run_goes_on_with_another(
    paper_prepared: Path, paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress, tmp_path: Path
) -> None:
    wordpress_site.reset()
    ((kept,),) = wordpress_site.rows("SELECT meta_value FROM wp_usermeta WHERE meta_key = '_application_passwords'")
    put = "UPDATE wp_usermeta SET meta_value = :value WHERE meta_key = '_application_passwords'"
    with faulty_proxy.before(wordpress_site.url) as proxy:
        writes = 0

        def fault(method: str, path: str, body: bytes) -> Fault:
            nonlocal writes
            writes += b"migrator_kept" in body
            if writes == 8:
                wordpress_site.change(put, value="a:0:{}")
            return None

        proxy.fault = fault
        project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", proxy.url)
        with pytest.raises(AssertionError, match="exit code 1") as raised:
            migrator(wordpress_site.password, "run", "--project", project)
        assert "application password withdrawn" in str(raised.value)
        proxy.fault = lambda method, path, body: None
        wordpress_site.change(put, value=kept)
        migrator(wordpress_site.password, "run", "--project", project)
        assert left_by(project, wordpress_site) == paper_arrived[1]


def test_the_newest_go_first(paper_prepared: Path, wordpress_site: WordPress, tmp_path: Path) -> None:
    wordpress_site.reset()
    project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", wordpress_site.url, order="newest")
    migrator(wordpress_site.password, "run", "--project", project, "--limit", "20")
    left = left_by(project, wordpress_site)["items"]
    assert not {key for key, (bucket, _, _, _) in left.items() if bucket == "failed" and key.startswith("web:article:")}
    posts = wordpress_site.get(
        "wp/v2/posts", per_page=100, context="edit", migrator_prefix="web:article:", status="any"
    )
    carried = {
        int(post["meta"]["migrator_key"].rpartition(":")[2]) for post in posts if not post["meta"]["migrator_stub"]
    }
    with sqlite3.connect(project / "legacy" / "legacy.sqlite") as legacy:
        newest = {row[0] for row in legacy.execute("SELECT id FROM nv4_vi_news_rows ORDER BY id DESC LIMIT 20")}
    assert carried
    assert carried <= newest


# --- before the night ---
def test_the_doctor_finds_a_good_site_and_leaves_it_as_it_was(
    paper_prepared: Path, wordpress_site: WordPress, tmp_path: Path
) -> None:
    wordpress_site.reset()
    project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", wordpress_site.url)
    counts = (
        "SELECT (SELECT count(*) FROM wp_posts), (SELECT count(*) FROM wp_postmeta), (SELECT count(*) FROM wp_terms)"
    )
    before = wordpress_site.rows(counts)
    checks = json.loads(migrator(wordpress_site.password, "doctor", "--json", "--project", project).stdout)["checks"]
    mine = {each["code"]: each["level"] for each in checks if each["subject"] == "target"}
    assert mine == dict.fromkeys(("reached", "site_version", "clock_good", "site_keeps", "space_ok"), "ok")
    assert wordpress_site.rows(counts) == before


def test_the_doctor_says_why_nobody_is_let_in(paper_prepared: Path, wordpress_site: WordPress, tmp_path: Path) -> None:
    project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", wordpress_site.url)
    with pytest.raises(AssertionError, match="exit code 2") as raised:
        migrator("falsch", "doctor", "--project", project)
    assert "does not let admin in" in str(raised.value)
    assert "application password of that user" in str(raised.value)


def test_more_workers_are_refused_with_the_reason(
    paper_prepared: Path, wordpress_site: WordPress, tmp_path: Path
) -> None:
    project = wordpress_paper.aim(paper_prepared, tmp_path / "paper", wordpress_site.url)
    with pytest.raises(AssertionError, match="exit code 2") as raised:
        migrator(wordpress_site.password, "run", "--workers", "2", "--project", project)
    assert "keeps all calls under way" in str(raised.value)
    assert "`calls:` under target" in str(raised.value)


# --- what the settings refuse ---
def test_what_cannot_be_held_is_refused_until_somebody_says_why(
    paper_prepared: Path, wordpress_site: WordPress, tmp_path: Path
) -> None:
    project = wordpress_paper.aim(
        paper_prepared, tmp_path / "paper", wordpress_site.url, leave_out={"version": "ở lại"}
    )
    with pytest.raises(AssertionError, match="exit code 2") as raised:
        migrator(wordpress_site.password, "run", "--project", project)
    said = str(raised.value)
    for entity in ("transition", "counter", "redirect"):
        assert f"wordpress cannot hold {entity}: " in said
        assert f"leave_out: {{{entity}:" in said
    assert "cannot hold version" not in said
    assert not (project / "ledger.sqlite").exists()
